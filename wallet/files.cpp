#include "wallet/files.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/bytes.hpp"
#include "base/random.hpp"

namespace moot::wallet {
namespace fs = std::filesystem;
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  [[nodiscard]] int get() const { return fd_; }
  bool close() { return fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

std::unexpected<Failure> failed_to(std::string_view verb, const fs::path& path, int error) {
  std::string advice;
  if (error == EACCES || error == EPERM) advice = "Check the permissions of the file and its folder";
  if (error == ENOSPC || error == EDQUOT) advice = "Free some space on that disk, then try again";
  if (error == ENOENT) advice = "Check the path";
  return fail("cannot " + std::string(verb) + " " + shown(path) + ": " + std::strerror(error), advice);
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// A rename or a removal is safe from a crash only when the folder itself has reached the disk.
Result<void> sync_folder(const fs::path& folder) {
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) return failed_to("sync", folder, errno);
  return {};
}

Result<void> write_and_sync(const fs::path& file, std::string_view text) {
  Descriptor fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return failed_to("create", file, errno);
  if (!write_all(fd.get(), text) || ::fsync(fd.get()) != 0 || !fd.close())
    return failed_to("write", file, errno);
  return {};
}

// What a file will need, one byte more than it has; of a pipe nobody can say, so the whole bound.
std::size_t room_for(int fd, std::size_t max_bytes) {
  struct stat info{};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return max_bytes + 1;
  return static_cast<std::size_t>(std::min<u64>(static_cast<u64>(info.st_size), max_bytes)) + 1;
}

}  // namespace

Result<std::string> read_text_file(const fs::path& file, std::size_t max_bytes) {
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return failed_to("open", file, errno);
  // One allocation: a text that grew in memory would leave copies of a secret behind.
  std::string text(room_for(fd.get(), max_bytes), '\0');
  std::size_t size = 0;
  while (size <= max_bytes) {
    if (size == text.size()) text.resize(max_bytes + 1);  // the file has grown meanwhile
    const ssize_t got = ::read(fd.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed_to("read", file, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > max_bytes)
    return fail(shown(file) + " is longer than " + std::to_string(max_bytes) + " bytes",
                "Check that it is the right file");
  text.resize(size);
  return text;
}

Result<void> write_private_file(const fs::path& file, std::string_view text, Existing existing) {
  const fs::path temporary = folder_of(file) / (".tmp-" + to_hex(random_array<8>()));
  auto written = write_and_sync(temporary, text);
  if (written) {
    const unsigned flags = existing == Existing::refuse ? RENAME_NOREPLACE : 0;
    if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, file.c_str(), flags) != 0) {
      written = errno == EEXIST
                    ? fail(shown(file) + " exists already", "Choose another file, or move that one away")
                    : failed_to("write", file, errno);
    }
  }
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_folder(folder_of(file));
}

Result<void> make_private_folder(const fs::path& folder) {
  if (folder.empty()) return {};
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) return {};
  if (auto made = make_private_folder(folder.parent_path()); !made) return made;
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return failed_to("make the folder", folder, errno);
  if (!fs::is_directory(folder, ignored))
    return fail(shown(folder) + " is not a folder", "Choose another path");
  return sync_folder(folder_of(folder));
}

Result<void> remove_file(const fs::path& file) {
  if (::unlink(file.c_str()) != 0) return failed_to("remove", file, errno);
  return sync_folder(folder_of(file));
}

Result<FolderLock> FolderLock::take(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failed_to("open the folder", folder, errno);
  FolderLock lock(fd);
  while (::flock(fd, LOCK_EX) != 0)
    if (errno != EINTR) return failed_to("lock the folder", folder, errno);
  return lock;
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}
FolderLock::FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

std::string shown(const fs::path& path) {
  const std::string text = path.string();
  const char* home = std::getenv("HOME");
  const std::string_view prefix = home == nullptr ? "" : home;
  if (prefix.size() > 1 && text.starts_with(prefix) && text.size() > prefix.size() &&
      text[prefix.size()] == '/')
    return "~" + text.substr(prefix.size());
  return text;
}

}  // namespace moot::wallet
