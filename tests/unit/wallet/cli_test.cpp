// The program as its user meets it: arguments in, text and exit code out.
#include "wallet/cli.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/json.hpp>

#include "tests/unit/wallet/support.hpp"

namespace moot::wallet {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Answer {
  ExitCode code;
  std::string out;
  std::string error;
};

class Cli : public ::testing::Test {
 protected:
  Cli() {
    for (const char* name : {"MOOT_NODE", "MOOT_FROM", "MOOT_PASSWORD_FILE"}) ::unsetenv(name);
    ::setenv("MOOT_KEYSTORE", (folder / "keystore").c_str(), 1);
    ::setenv("HOME", folder.path().c_str(), 1);
  }
  ~Cli() override { ::unsetenv("MOOT_KEYSTORE"); }

  Answer run(std::vector<std::string> words) {
    words.insert(words.begin(), "moot");
    std::vector<const char*> argv;
    for (const auto& word : words) argv.push_back(word.c_str());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = run_cli(static_cast<int>(argv.size()), argv.data());
    Answer answer{static_cast<ExitCode>(code), ::testing::internal::GetCapturedStdout(), {}};
    answer.error = ::testing::internal::GetCapturedStderr();
    return answer;
  }

  // A light key of the test phrase under a name.
  void import_key(const std::string& alias, const std::string& index) {
    const auto answer = run({"keys", "import", alias, "--mnemonic-file", phrase, "--index", index, "--light",
                             "--password-file", password});
    ASSERT_EQ(answer.code, ExitCode::ok) << answer.error;
  }

  test::TempFolder folder;
  std::string phrase = folder.file("words", std::string(test::kPhrase) + "\n");
  std::string password = folder.file("password", std::string(test::kPassword) + "\n");
  std::string wrong = folder.file("wrong", "incorrect horse\n");
};

TEST_F(Cli, HelpAndVersionSucceed) {
  EXPECT_THAT(run({"--help"}).out,
              AllOf(HasSubstr("keys"), HasSubstr("MOOT_NODE"), HasSubstr("--password-file")));
  EXPECT_EQ(run({"--help"}).code, ExitCode::ok);
  EXPECT_THAT(run({"--version"}).out, ::testing::MatchesRegex("moot [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_THAT(run({"help", "exit-codes"}).out, AllOf(HasSubstr("unreachable"), HasSubstr("cancelled")));
}

TEST_F(Cli, HelpDoesNotOfferSecretsAsArguments) {
  for (const auto& words : {std::vector<std::string>{"--help"}, {"keys", "import", "--help"}})
    EXPECT_THAT(run(words).out, AllOf(Not(HasSubstr("--private-key ")), Not(HasSubstr("--password ")),
                                      Not(HasSubstr("--mnemonic "))));
}

TEST_F(Cli, AMissingOrUnknownCommandIsAUsageError) {
  for (const auto& words : {std::vector<std::string>{},
                            {"frobnicate"},
                            {"keys"},
                            {"keys", "frobnicate"},
                            {"keys", "list", "--frob"},
                            {"keys", "new", "--words", "13"},
                            {"keys", "remove"}}) {
    const auto answer = run(words);
    EXPECT_EQ(answer.code, ExitCode::usage);
    EXPECT_THAT(answer.error, ::testing::StartsWith("moot: "));
    EXPECT_EQ(answer.out, "");
  }
}

TEST_F(Cli, WhatIsWrongWithALineIsNamedAndNoValueRepeated) {
  const struct {
    std::vector<std::string> words;
    const char* sentence;
  } cases[] = {
      {{"vote", "0", "For", "--form", "deadbeef"}, "moot: `moot vote` does not know the option --form."},
      {{"vote", "0", "For", "--form=deadbeef"}, "moot: `moot vote` does not know the option --form."},
      {{"vote", "--form", "0"}, "moot: `moot vote` does not know the option --form."},
      {{"vote", "0", "For", "-zdeadbeef"}, "moot: `moot vote` does not know the option -z."},
      {{"vote", "0", "For", "deadbeef"}, "moot: `moot vote` takes PROPOSAL CHOICE and no further word."},
      {{"roles", "deadbeef"}, "moot: `moot roles` takes no such word."},
      {{"vote", "deadbeef", "For"}, "moot: PROPOSAL must be a whole number that fits."},
      {{"proposals", "--limit", "deadbeef"}, "moot: --limit must be a whole number that fits."},
      {{"vote", "3"}, "moot: CHOICE is missing."},
      {{"vote", "3", "For", "--from"}, "moot: --from lacks its value, KEY."},
      {{"vote", "3", "For", "--out", "deadbeef"}, "moot: --out goes only with --generate-only."},
      {{"propose", "deadbeef"}, "moot: `moot propose` has no such command."},
      {{"keys"}, "moot: the command is missing after `moot keys`."},
      {{}, "moot: the command is missing after `moot`."},
  };
  for (const auto& [words, sentence] : cases) {
    const auto answer = run(words);
    EXPECT_EQ(answer.code, ExitCode::usage);
    EXPECT_THAT(answer.error, AllOf(::testing::StartsWith(sentence), Not(HasSubstr("deadbeef")),
                                    HasSubstr("--help` explains what it takes.")));
  }
}

TEST_F(Cli, ASecretOnTheCommandLineIsRefusedAndNotRepeated) {
  const std::string secret = "deadbeefdeadbeef";
  for (const char* option : {"--private-key", "--mnemonic", "--password"}) {
    const auto answer = run({"keys", "import", "alice", option, secret});
    EXPECT_EQ(answer.code, ExitCode::usage);
    EXPECT_THAT(answer.error, AllOf(HasSubstr(option), Not(HasSubstr(secret))));
  }
  EXPECT_THAT(run({"keys", "import", "alice", secret}).error, Not(HasSubstr(secret)));
}

TEST_F(Cli, RecoveryWordsGiveTheKnownAddress) {
  import_key("alice", "0");
  const auto answer = run({"keys", "list"});
  EXPECT_THAT(answer.out, AllOf(HasSubstr("alice"), HasSubstr(test::kFirstAddress)));
  EXPECT_THAT(run({"keys", "show", "alice"}).out,
              AllOf(HasSubstr(test::kFirstAddress), HasSubstr("scrypt N=4096")));
}

TEST_F(Cli, JsonAnswersAreJson) {
  import_key("alice", "0");
  import_key("bob", "1");
  const auto list = json::parse(run({"keys", "list", "--json"}).out);
  ASSERT_EQ(list.at("keys").as_array().size(), 2U);
  EXPECT_EQ(list.at("keys").at(1).at("alias"), "bob");
  EXPECT_EQ(list.at("keys").at(1).at("address"), test::kSecondAddress);
  const auto error = json::parse(run({"--json", "keys", "show", "carol"}).error);
  EXPECT_EQ(error.at("error").at("exitCode"), 1);
}

TEST_F(Cli, ADerivationPathChoosesTheKey) {
  const auto answer = run({"keys", "import", "--mnemonic-file", phrase, "--derivation-path",
                           "m/44'/60'/0'/0/1", "--light", "--password-file", password});
  EXPECT_THAT(answer.out, HasSubstr(test::kSecondAddress)) << answer.error;
  EXPECT_EQ(run({"keys", "import", "--mnemonic-file", phrase, "--derivation-path", "44/60", "--password-file",
                 password})
                .code,
            ExitCode::usage);
}

TEST_F(Cli, ARawKeyAndAMasterKeyAreImported) {
  const auto raw = folder.file("raw", "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n");
  EXPECT_THAT(
      run({"keys", "import", "raw", "--private-key-file", raw, "--light", "--password-file", password}).out,
      HasSubstr(test::kFirstAddress));
  const auto xprv = folder.file(
      "xprv",
      "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3T"
      "GtRBeJgk33yuGBxrMPHi\n");
  EXPECT_EQ(run({"keys", "import", "hd", "--xprv-file", xprv, "--light", "--password-file", password}).code,
            ExitCode::ok);
  EXPECT_EQ(run({"keys", "import", "x", "--xprv-file", raw, "--light", "--password-file", password}).code,
            ExitCode::failed);
}

TEST_F(Cli, TwoSourcesAreOneTooMany) {
  EXPECT_EQ(run({"keys", "import", "--mnemonic-file", phrase, "--private-key-file", phrase}).code,
            ExitCode::usage);
}

TEST_F(Cli, NewWithWordsInAFileCanBeImportedElsewhere) {
  const auto words = folder / "new-words";
  const auto made = run({"keys", "new", "alice", "--words", "24", "--words-file", words, "--light",
                         "--password-file", password, "--json"});
  ASSERT_EQ(made.code, ExitCode::ok) << made.error;
  EXPECT_EQ(test::mode_of(words), "600");
  const auto again = run({"keys", "import", "--mnemonic-file", words, "--keystore", folder / "other",
                          "--light", "--password-file", password, "--json"});
  EXPECT_EQ(json::parse(made.out).at("address"), json::parse(again.out).at("address"));
}

TEST_F(Cli, NewWithoutWordsMakesAKeyEachTime) {
  for (const char* name : {"one", "two"})
    EXPECT_EQ(run({"keys", "new", name, "--no-words", "--light", "--password-file", password}).code,
              ExitCode::ok);
  const auto list = json::parse(run({"keys", "list", "--json"}).out).at("keys");
  EXPECT_NE(list.at(0).at("address"), list.at(1).at("address"));
}

TEST_F(Cli, VerifyPasswordTellsByItsExitCode) {
  import_key("alice", "0");
  EXPECT_EQ(run({"keys", "verify-password", "alice", "--password-file", password}).code, ExitCode::ok);
  EXPECT_EQ(run({"keys", "verify-password", "alice", "--password-file", wrong}).code,
            ExitCode::verification_failed);
  ::setenv("MOOT_PASSWORD_FILE", password.c_str(), 1);
  EXPECT_EQ(run({"keys", "verify-password"}).code, ExitCode::ok);
}

TEST_F(Cli, FromChoosesAmongSeveralKeys) {
  import_key("alice", "0");
  import_key("bob", "1");
  EXPECT_EQ(run({"keys", "show"}).code, ExitCode::usage);
  EXPECT_THAT(run({"keys", "show", "--from", "bob"}).out, HasSubstr(test::kSecondAddress));
  ::setenv("MOOT_FROM", test::kFirstAddress, 1);
  EXPECT_THAT(run({"keys", "show"}).out, HasSubstr("alice"));
  EXPECT_THAT(run({"--from", "bob", "keys", "show"}).out, HasSubstr("bob"));
}

TEST_F(Cli, ExportGivesTheProtectedFileAndTheRawKeyOnRequest) {
  import_key("alice", "0");
  const auto file = json::parse(run({"keys", "export", "alice"}).out);
  EXPECT_EQ(file.at("version"), 3);
  const auto raw = folder / "raw";
  ASSERT_EQ(
      run({"keys", "export", "alice", "--unencrypted", "--yes", "-o", raw, "--password-file", password}).code,
      ExitCode::ok);
  EXPECT_EQ(test::read_all(raw), "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n");
  EXPECT_EQ(test::mode_of(raw), "600");
  EXPECT_EQ(run({"keys", "export", "alice", "-o", raw}).code, ExitCode::failed);  // it exists already
}

TEST_F(Cli, AnExportedFileIsImportedUnderANewPassword) {
  import_key("alice", "0");
  const auto file = (folder / "copy.json").string();
  ASSERT_EQ(run({"keys", "export", "alice", "-o", file}).code, ExitCode::ok);
  const auto fresh = folder.file("fresh", "another password\n");
  const auto import = [&](const std::string& source_password) {
    return run({"keys", "import", "--keystore", folder / "other", "--keystore-file", file,
                "--keystore-password-file", source_password, "--password-file", fresh, "--light"});
  };
  EXPECT_EQ(import(wrong).code, ExitCode::verification_failed);
  EXPECT_THAT(import(password).out, HasSubstr(test::kFirstAddress));
  EXPECT_EQ(run({"keys", "verify-password", "--keystore", folder / "other", "--password-file", fresh}).code,
            ExitCode::ok);
}

TEST_F(Cli, RemoveTakesTheKeyAway) {
  import_key("alice", "0");
  EXPECT_EQ(run({"keys", "remove", "alice", "--yes"}).code, ExitCode::ok);
  EXPECT_THAT(run({"keys", "list"}).out, HasSubstr("No keys"));
  EXPECT_EQ(run({"keys", "remove", "alice", "--yes"}).code, ExitCode::failed);
}

TEST_F(Cli, TheDefaultKeystoreIsInTheHomeFolder) {
  ::unsetenv("MOOT_KEYSTORE");
  import_key("alice", "0");
  EXPECT_TRUE(std::filesystem::is_directory(folder / ".moot" / "keystore"));
  EXPECT_THAT(run({"keys", "show"}).out, HasSubstr("~/.moot/keystore/UTC--"));
}

TEST_F(Cli, CompletionKnowsTheCommandsAndOptions) {
  const auto script = folder.file("completion.bash", run({"completion", "bash"}).out);
  const auto complete = [&](const std::string& words) {
    const std::string command =
        "bash -c 'source " + script + "; COMP_WORDS=(moot " + words +
        "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _moot; echo \"${COMPREPLY[*]}\"' 2>&1";
    std::string out;
    FILE* pipe = ::popen(command.c_str(), "r");
    char buffer[256];
    while (::fgets(buffer, sizeof buffer, pipe) != nullptr) out += buffer;
    ::pclose(pipe);
    return out;
  };
  EXPECT_EQ(complete("ke"), "keys\n");
  EXPECT_EQ(complete("keys im"), "import\n");
  EXPECT_EQ(complete("--from alice keys verify"), "verify-password\n");
  EXPECT_EQ(complete("keys import --xp"), "--xprv-file\n");
  EXPECT_EQ(complete("keys import --private-key"), "--private-key-file\n");
}

}  // namespace
}  // namespace moot::wallet
