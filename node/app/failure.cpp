#include "node/app/failure.hpp"

#include <array>

namespace moot::node::app {
namespace {

constexpr std::array<ExitCodeMeaning, 7> kTable = {{
    {ExitCode::ok, "done; for `start`: stopped cleanly after SIGTERM or SIGINT"},
    {ExitCode::failed, "failed for a reason without a number of its own; the message says which"},
    {ExitCode::usage, "a command line, configuration, genesis or key file that cannot be used"},
    {ExitCode::in_use, "another process holds the data directory or the validator's key"},
    {ExitCode::wrong_data,
     "the data is damaged, of another ledger, of a later program, or older than the key's own record; or a "
     "final block breaks a law"},
    {ExitCode::clock, "the machine's clock is behind the newest block"},
    {ExitCode::disk, "a disk could not be written or read: full, or failing"},
}};

ExitCode code_of(StorageErrorKind kind) {
  switch (kind) {
    case StorageErrorKind::in_use: return ExitCode::in_use;
    case StorageErrorKind::wrong_ledger:
    case StorageErrorKind::newer_schema:
    case StorageErrorKind::damaged:
    case StorageErrorKind::breaks_a_law:
    case StorageErrorKind::already_run: return ExitCode::wrong_data;
    case StorageErrorKind::io: return ExitCode::disk;
    case StorageErrorKind::clock_behind: return ExitCode::clock;
    case StorageErrorKind::unsupported: return ExitCode::failed;
  }
  return ExitCode::failed;
}

}  // namespace

std::span<const ExitCodeMeaning> exit_code_table() { return kTable; }

Failure from_storage(const StorageError& error) { return {.code = code_of(error.kind), .text = error.text}; }

}  // namespace moot::node::app
