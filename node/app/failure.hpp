// How mootd ends: exit codes, and a failure that says what is wrong and what to do.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "node/storage/storage_error.hpp"

namespace moot::node::app {

// The numbers are for scripts and service managers: append, never renumber. `mootd help exit-codes` prints this table, and
// docs/operations.md holds the same one.
enum class ExitCode : int {
  ok = 0,
  failed = 1,  // anything without a code of its own
  usage = 2,   // unknown command, option or value; a configuration, genesis or key that cannot be used
  in_use = 3,  // another process holds the data directory or the key
  wrong_data = kDamagedDataExit,  // damaged, of another ledger, or of a later program
  clock = 6,                      // the clock is behind what the ledger has seen
  disk = kStorageFailureExit,
};

struct ExitCodeMeaning {
  ExitCode code;
  std::string_view meaning;
};
std::span<const ExitCodeMeaning> exit_code_table();

struct Failure {
  ExitCode code = ExitCode::failed;
  std::string text;  // one sentence: what is wrong, and what to do
};

template <class T>
using Result = std::expected<T, Failure>;

inline std::unexpected<Failure> fail(ExitCode code, std::string text) {
  return std::unexpected(Failure{.code = code, .text = std::move(text)});
}
inline std::unexpected<Failure> bad_input(std::string text) { return fail(ExitCode::usage, std::move(text)); }

Failure from_storage(const StorageError& error);

}  // namespace moot::node::app
