// A lock file that names its holder: flock()ed while this object lives, with the process id inside for the message that
// a second process prints. The kernel releases it however the process ends, so a stale file never locks anybody out.
#pragma once

#include <expected>
#include <string>

#include "node/storage/storage_error.hpp"

namespace moot::node {

// In a data directory.
inline constexpr const char* kDirectoryLock = "mootd.lock";

class FileLock {
 public:
  // `what` completes the sentence "… is in use by process 1234", for example "data directory /var/lib/mootd".
  static std::expected<FileLock, StorageError> acquire(const std::string& path, const std::string& what);
  // Locks a node's data directory by the file kDirectoryLock in it; makes the directory when it is missing.
  static std::expected<FileLock, StorageError> acquire_directory(const std::string& directory);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace moot::node
