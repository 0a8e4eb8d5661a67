#include "wallet/cli.hpp"

#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <cstdlib>
#include <iostream>

#include "wallet/commands/commands.hpp"
#include "wallet/files.hpp"
#include "wallet/help.hpp"
#include "wallet/usage.hpp"

namespace moot::wallet {
namespace {

constexpr std::string_view kAbout =
    "moot: the wallet, the treasurer's desk and the auditor's replay of a co-operative's ledger.\n"
    "A command answers with a table for people, or with JSON under --json.";

// A secret given as an argument has been seen by every process of the machine. The option exists so that the refusal says
// so, instead of an error that repeats the secret.
void forbid_secret_option(CLI::App& app, const std::string& name, const std::string& instead) {
  app.add_option_function<std::string>(
         name,
         [name, instead](const std::string&) {
           throw CLI::ValidationError(
               name + " is not taken from the command line, where other users can read it. Use " + instead +
                   ". Treat what you typed as known to others",
               static_cast<int>(ExitCode::usage));
         },
         "")
      ->group("")
      ->trigger_on_parse();
}

void build_app(CLI::App& app, Globals& globals) {
  app.name("moot");
  app.fallthrough();
  app.require_subcommand(1);
  app.set_version_flag("--version", "moot " MOOT_VERSION, "Print the version and stop");
  app.set_help_flag("-h,--help", "Explain the command and stop");
  app.formatter(help_formatter());
  app.footer("`moot --help` lists the options of every command, `moot help exit-codes` how commands end.");
  add_global_options(app, globals);
  add_commands(app, globals);
  add_help_commands(app);
}

void print_failure(const Globals& globals, const Failure& failure) {
  if (!globals.json) {
    std::cerr << sentence(failure) << std::endl;
    return;
  }
  const boost::json::object body{{"code", to_string(failure.code)},
                                 {"exitCode", static_cast<int>(failure.code)},
                                 {"message", failure.what},
                                 {"advice", failure.advice}};
  std::cerr << boost::json::serialize(boost::json::object{{"error", body}}) << std::endl;
}

}  // namespace

PasswordSource Globals::password_source() const {
  PasswordSource source{.fd = password_fd};
  if (!password_file.empty()) source.file = password_file;
  return source;
}

Result<Keystore> Globals::open_keystore() const {
  if (!keystore.empty()) return Keystore(keystore);
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0')
    return fail("there is no home folder to keep keys in", "Name a folder with --keystore", ExitCode::usage);
  return Keystore(std::filesystem::path(home) / ".moot" / "keystore");
}

void Globals::finish(const Result<void>& result) {
  if (result) return;
  print_failure(*this, result.error());
  exit_code = result.error().code;
}

void add_global_options(CLI::App& app, Globals& globals) {
  const std::string group = "Options of every command";
  app.add_option("--node", globals.node, "The node's gRPC address")
      ->envname("MOOT_NODE")
      ->type_name("HOST:PORT")
      ->capture_default_str()
      ->group(group);
  app.add_option("--tls-ca", globals.tls_ca, "Speak TLS, and trust the node's certificate by this PEM file")
      ->envname("MOOT_TLS_CA")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--from", globals.from, "The key to act with: an address or a name")
      ->envname("MOOT_FROM")
      ->type_name("KEY")
      ->group(group);
  app.add_option("--keystore", globals.keystore, "The folder of keys (default ~/.moot/keystore)")
      ->envname("MOOT_KEYSTORE")
      ->type_name("FOLDER")
      ->group(group);
  auto* file = app.add_option("--password-file", globals.password_file,
                              "Read the password from a file's first line; else MOOT_PASSWORD_FILE")
                   ->type_name("FILE")
                   ->group(group);
  app.add_option("--password-fd", globals.password_fd, "Read the password from an open descriptor")
      ->type_name("NUMBER")
      ->excludes(file)
      ->check(CLI::Range(0, 1 << 20).description(""))
      ->group(group);
  app.add_flag("--json", globals.json, "Answer in JSON")->group(group);
  app.add_flag("-y,--yes", globals.yes, "Answer yes to every question")->group(group);
  forbid_secret_option(app, "--password", "the prompt, --password-file or --password-fd");
  forbid_secret_option(app, "--private-key", "the prompt of `moot keys import`, or --private-key-file");
  forbid_secret_option(app, "--mnemonic", "the prompt of `moot keys import`, or --mnemonic-file");
}

Result<void> confirm(const Globals& globals, std::string_view question) {
  if (globals.yes) return {};
  const auto answer = ask_line(std::string(question) + " [y/N] ");
  if (!answer) return std::unexpected(answer.error());
  if (*answer == "y" || *answer == "Y" || *answer == "yes") return {};
  return fail("cancelled; nothing was changed", {}, ExitCode::cancelled);
}

Result<KeyEntry> chosen_key(const Globals& globals) {
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  if (!globals.from.empty()) return keystore->find(globals.from);
  auto entries = keystore->list();
  if (!entries) return std::unexpected(entries.error());
  if (entries->empty())
    return fail("there is no key in " + shown(keystore->folder()), "Make one with `moot keys new`");
  if (entries->size() > 1)
    return fail("there are several keys and none was chosen", "Say which with --from or MOOT_FROM",
                ExitCode::usage);
  return std::move(entries->front());
}

Result<crypto::SecretKey> unlock(const Globals& globals, const KeyEntry& entry) {
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto password =
      existing_password(globals.password_source(), "Password of " + display_name(entry) + ": ");
  if (!password) return std::unexpected(password.error());
  return keystore->open(entry, password->view());
}

Result<void> check_command_line(int argc, const char* const* argv) {
  Globals globals;
  CLI::App app{std::string(kAbout)};
  try {
    build_app(app, globals);
    app.parse_complete_callback([] { throw CLI::Success(); });  // before any command's own
    app.parse(argc, argv);
  } catch (const CLI::Success&) { return {}; } catch (const CLI::ParseError& error) {
    return std::unexpected(usage_failure(app, error));
  }
  return {};
}

int run_cli(int argc, const char* const* argv) {
  Globals globals;
  CLI::App app{std::string(kAbout)};
  try {
    build_app(app, globals);
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help and --version
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    globals.finish(std::unexpected(usage_failure(app, error)));
  } catch (const std::exception& error) { globals.finish(fail(std::string("unexpected: ") + error.what())); }
  std::cout.flush();
  if (!std::cout) globals.exit_code = ExitCode::failed;
  return static_cast<int>(globals.exit_code);
}

}  // namespace moot::wallet
