#include "node/storage/storage_error.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace moot::node {

std::string failure_sentence(const StorageFailure& failure) {
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
  std::fprintf(stderr, "moot: %s\n", sentence.c_str());
  std::fflush(stderr);
  ::_exit(kStorageFailureExit);
}

}  // namespace moot::node
