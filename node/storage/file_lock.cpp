#include "node/storage/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace moot::node {
namespace {

StorageError io_error(const std::string& what, int error) {
  return {StorageErrorKind::io, fmt::format("cannot lock {}: {}", what, std::strerror(error))};
}

// The process id that the holder wrote, or "another process" while it has not done so yet.
std::string holder(int fd) {
  char text[32] = {};
  const ssize_t size = ::pread(fd, text, sizeof text - 1, 0);
  std::string pid(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

std::expected<FileLock, StorageError> FileLock::acquire(const std::string& path, const std::string& what) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return std::unexpected(io_error(what, errno));
  FileLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return std::unexpected(io_error(what, errno));
    return std::unexpected(StorageError{
        StorageErrorKind::in_use,
        fmt::format("{} is in use by {}: stop that one first, or choose another", what, holder(fd))});
  }
  // The lock is the flock; the id inside is only for people, so it is not synced. A full disk shows here first.
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    return std::unexpected(io_error(what, errno));
  return lock;
}

std::expected<FileLock, StorageError> FileLock::acquire_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return std::unexpected(StorageError{
        StorageErrorKind::io, fmt::format("cannot make data directory {}: {}", directory, error.message())});
  return acquire(directory + "/" + kDirectoryLock, "data directory " + directory);
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace moot::node
