// Secrets on their way in: files, descriptors, and a prompt on a real pseudo-terminal.
#include "wallet/secrets.hpp"

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <functional>

#include "tests/unit/wallet/support.hpp"

namespace moot::wallet {
namespace {

TEST(SecretFile, IsItsFirstLineWithoutTheLineEnd) {
  const test::TempFolder folder;
  EXPECT_EQ(read_secret_file(folder.file("a", "pass word \n"))->view(), "pass word ");
  EXPECT_EQ(read_secret_file(folder.file("b", "dos\r\nsecond"))->view(), "dos");
  EXPECT_EQ(read_secret_file(folder.file("c", "bare"))->view(), "bare");
  EXPECT_EQ(read_secret_file(folder.file("d", ""))->view(), "");
  EXPECT_EQ(read_secret_text(folder.file("e", "two\nlines\n"))->view(), "two\nlines\n");
}

TEST(SecretFile, HasABoundAndMustExist) {
  const test::TempFolder folder;
  EXPECT_TRUE(read_secret_file(folder.file("most", std::string(kMaxSecret, 'x'))).has_value());
  EXPECT_FALSE(read_secret_file(folder.file("more", std::string(kMaxSecret + 1, 'x'))).has_value());
  EXPECT_FALSE(read_secret_file(folder / "none").has_value());
  EXPECT_FALSE(read_secret_file(folder.path()).has_value());
}

TEST(SecretDescriptor, IsReadToTheLineEnd) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "from a pipe\n", 12), 12);
  EXPECT_EQ(read_secret_fd(ends[0])->view(), "from a pipe");
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_FALSE(read_secret_fd(ends[0]).has_value());
}

TEST(NewPassword, MustNotBeShort) {
  const test::TempFolder folder;
  EXPECT_FALSE(new_password({.file = folder.file("short", "1234567")}, "?").has_value());
  EXPECT_EQ(new_password({.file = folder.file("enough", "12345678")}, "?")->view(), "12345678");
  EXPECT_EQ(existing_password({.file = folder / "short"}, "?")->view(), "1234567");
}

TEST(RawKey, IsSixtyFourDigitsWithOrWithoutPrefix) {
  const std::string digits(63, '0');
  EXPECT_EQ(to_hex(parse_raw_key(digits + "1")->view()), digits + "1");
  EXPECT_TRUE(parse_raw_key("0x" + digits + "1").has_value());
  EXPECT_TRUE(parse_raw_key("  " + digits + "1 \r").has_value());
}

TEST(RawKey, ARefusalDoesNotRepeatTheText) {
  const std::string order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
  for (const std::string& text :
       {std::string(64, '0'), order, std::string("secret12"), std::string(), std::string(66, 'a')}) {
    const auto parsed = parse_raw_key(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    if (!text.empty()) { EXPECT_EQ(sentence(parsed.error()).find(text), std::string::npos); }
  }
}

// What a person at a terminal sees and what the process under it answers (its exit code).
struct Session {
  std::string seen;
  int code = -1;
  bool echo_after = false;
};

// Runs `body` in a child with a terminal of its own, waits for each question, then types the answer.
struct Typed {
  std::string question;
  std::string answer;
};
Session at_terminal(const std::function<int()>& body, const std::vector<Typed>& typed) {
  Session session;
  int terminal = -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    const int code = body();
    termios state{};
    ::tcgetattr(STDIN_FILENO, &state);
    ::_exit(code | ((state.c_lflag & ECHO) != 0 ? 64 : 0));
  }
  std::size_t next = 0;
  std::size_t from = 0;
  char buffer[512];
  for (ssize_t got = 0; (got = ::read(terminal, buffer, sizeof buffer)) > 0;) {
    session.seen.append(buffer, static_cast<std::size_t>(got));
    if (next == typed.size()) continue;
    const auto at = session.seen.find(typed[next].question, from);
    if (at == std::string::npos) continue;
    from = at + typed[next].question.size();
    const auto& answer = typed[next++].answer;
    EXPECT_EQ(::write(terminal, answer.data(), answer.size()), static_cast<ssize_t>(answer.size()));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(terminal);
  if (WIFEXITED(status)) {
    session.code = WEXITSTATUS(status) & 63;
    session.echo_after = (WEXITSTATUS(status) & 64) != 0;
  }
  return session;
}

TEST(Prompt, TakesALineWithoutShowingIt) {
  const auto session = at_terminal([] { return prompt_secret("Password: ")->view() == "hush hush" ? 0 : 1; },
                                   {{"Password: ", "hush hush\n"}});
  EXPECT_EQ(session.code, 0);
  EXPECT_TRUE(session.echo_after);
  EXPECT_EQ(session.seen.find("hush"), std::string::npos) << session.seen;
}

TEST(Prompt, CtrlCCancelsAndRestoresTheTerminal) {
  const auto session = at_terminal(
      [] {
        const auto secret = prompt_secret("Password: ");
        return secret ? 0 : static_cast<int>(secret.error().code);
      },
      {{"Password: ", "half\x03"}});
  EXPECT_EQ(session.code, static_cast<int>(ExitCode::cancelled));
  EXPECT_TRUE(session.echo_after);
}

TEST(Prompt, ANewPasswordIsAskedTwice) {
  const auto ask = [] {
    const auto password = new_password({}, "New: ");
    return password && password->view() == "long enough" ? 0 : 1;
  };
  EXPECT_EQ(at_terminal(ask, {{"New: ", "long enough\n"}, {"Again: ", "long enough\n"}}).code, 0);
  EXPECT_EQ(at_terminal(ask, {{"New: ", "long enough\n"}, {"Again: ", "long enuogh\n"}}).code, 1);
}

TEST(Prompt, WithoutATerminalItSaysWhatToUse) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();  // a session of its own has no terminal
    const auto secret = prompt_secret("Password: ");
    const bool right = !secret && secret.error().advice.find("--password-file") != std::string::npos;
    ::_exit(right && !has_terminal() && !show_on_terminal("x") ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace moot::wallet
