#include "node/storage/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace moot::node {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;

// Closes on every way out.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

StorageError read_error(const std::string& path, std::string_view why) {
  return {StorageErrorKind::io, fmt::format("cannot read {}: {}", path, why)};
}

[[noreturn]] void fail(const std::string& path, int error) {
  fatal_storage({.operation = "writing " + path,
                 .path = std::filesystem::absolute(path).parent_path().string(),
                 .fault = error == ENOSPC || error == EDQUOT ? StorageFault::no_space : StorageFault::other,
                 .detail = std::strerror(error)});
}

void write_all(int fd, const std::string& path, ByteView content) {
  while (!content.empty()) {
    const ssize_t size = ::write(fd, content.data(), content.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) fail(path, errno);
    content = content.subspan(static_cast<std::size_t>(size));
  }
}

}  // namespace

std::expected<std::optional<Bytes>, StorageError> read_file(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) {
    if (errno == ENOENT) return std::nullopt;
    return std::unexpected(read_error(path, std::strerror(errno)));
  }
  struct stat status{};
  if (::fstat(file.fd, &status) != 0) return std::unexpected(read_error(path, std::strerror(errno)));
  if (static_cast<u64>(status.st_size) > kMaxFileBytes)
    return std::unexpected(read_error(path, "it is too large"));
  Bytes out(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t size = ::read(file.fd, out.data() + done, out.size() - done);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return std::unexpected(read_error(path, std::strerror(errno)));
    if (size == 0) return std::unexpected(read_error(path, "it shrank while being read"));
    done += static_cast<std::size_t>(size);
  }
  return out;
}

void replace_file(const std::string& path, ByteView content) {
  const std::string fresh = path + ".new";
  {
    const Descriptor file{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (file.fd < 0) fail(path, errno);
    write_all(file.fd, path, content);
    if (::fdatasync(file.fd) != 0) fail(path, errno);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) fail(path, errno);
  const std::string directory = std::filesystem::absolute(path).parent_path().string();
  const Descriptor parent{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (parent.fd < 0 || ::fsync(parent.fd) != 0) fail(path, errno);
}

}  // namespace moot::node
