// What every command of `moot` shares: the options that stand on any of them, how a command ends, and questions to the user.
//
// A command registers itself with a function `void add_<verb>_commands(CLI::App& app, Globals& globals)` declared in
// commands/commands.hpp. Its callback hands a Result<void> to `globals.finish`, which prints a failure and keeps the exit
// code; nothing else in a command writes to standard error except Progress, and what a person is about to sign.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "wallet/failure.hpp"
#include "wallet/keystore.hpp"
#include "wallet/secrets.hpp"

namespace CLI {
class App;
}

namespace moot::wallet {

struct Globals {
  std::string node = "127.0.0.1:9090";  // --node, MOOT_NODE
  std::string tls_ca;                   // --tls-ca, MOOT_TLS_CA: a PEM file; empty for plaintext
  std::string from;                     // --from, MOOT_FROM: address or alias; empty when not given
  std::string keystore;                 // --keystore, MOOT_KEYSTORE; empty for ~/.moot/keystore
  std::string password_file;
  std::optional<int> password_fd;
  bool json = false;  // answers as JSON on standard output, failures as JSON on standard error
  bool yes = false;   // every question is answered yes

  ExitCode exit_code = ExitCode::ok;

  [[nodiscard]] PasswordSource password_source() const;
  [[nodiscard]] Result<Keystore> open_keystore() const;
  void finish(const Result<void>& result);
};

// The options of Globals, on `app` and, by fallthrough, on every command below it.
void add_global_options(CLI::App& app, Globals& globals);

// Asks "question [y/N]" on the terminal. Success is yes, or --yes; no is ExitCode::cancelled.
Result<void> confirm(const Globals& globals, std::string_view question);

// The key that --from names; without --from the only key of the keystore.
Result<KeyEntry> chosen_key(const Globals& globals);
// Opens a key, asking for its password where no source is given.
Result<crypto::SecretKey> unlock(const Globals& globals, const KeyEntry& entry);

// Whether the program takes a command line, without running it: that what documents tell people to type exists.
Result<void> check_command_line(int argc, const char* const* argv);

// The whole program: parses, runs, returns the exit code as a number. Never throws.
int run_cli(int argc, const char* const* argv);

}  // namespace moot::wallet
