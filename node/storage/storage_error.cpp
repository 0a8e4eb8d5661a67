#include "node/storage/storage_error.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace moot::node {

std::string damaged_sentence(std::string_view directory, std::string_view detail) {
  return fmt::format(
      "the database in {} is damaged ({}): check the disk, then restore the data directory from a copy, or "
      "from another node of this ledger; docs/operations.md, \"Damaged data\", says how",
      directory, detail);
}

std::string failure_sentence(const StorageFailure& failure) {
  if (failure.fault == StorageFault::damaged)
    return damaged_sentence(failure.path, fmt::format("{}: {}", failure.operation, failure.detail));
  if (failure.fault == StorageFault::no_space)
    return fmt::format("disk full: free space on {}, then start again (while {}: {})", failure.path,
                       failure.operation, failure.detail);
  return fmt::format(
      "storage failed in {} while {}: {}; check the disk, then start again: nothing acknowledged as final is "
      "lost",
      failure.path, failure.operation, failure.detail);
}

void fatal_storage(const StorageFailure& failure) {
  const std::string sentence = failure_sentence(failure);
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, sentence.c_str());
  std::fflush(stderr);
  ::_exit(failure.fault == StorageFault::damaged ? kDamagedDataExit : kStorageFailureExit);
}

}  // namespace moot::node
