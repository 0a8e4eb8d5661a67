// A file that no disk sees, for code that reads by path. Its content is replaced for each input; its mode is 0600.
#pragma once

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "base/bytes.hpp"
#include "base/check.hpp"

namespace moot::fuzz {

class MemoryFile {
 public:
  MemoryFile() : fd_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    MOOT_CHECK(fd_ >= 0 && ::fchmod(fd_, 0600) == 0, "a file in memory");
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  void write(ByteView bytes) const {
    MOOT_CHECK(::ftruncate(fd_, 0) == 0, "a file in memory is emptied");
    const auto written = ::pwrite(fd_, bytes.data(), bytes.size(), 0);
    MOOT_CHECK(written == static_cast<ssize_t>(bytes.size()), "a file in memory is written");
  }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

}  // namespace moot::fuzz
