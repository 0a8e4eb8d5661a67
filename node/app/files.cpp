#include "node/app/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace moot::node::app {
namespace {

ExitCode code_of(int error) {
  return error == ENOSPC || error == EDQUOT || error == EIO ? ExitCode::disk : ExitCode::usage;
}

std::unexpected<Failure> cannot_make(const std::filesystem::path& path, int error) {
  return fail(code_of(error), fmt::format("cannot make {}: {}", path.string(), std::strerror(error)));
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(fd, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

Result<std::string> read_text(const std::filesystem::path& file, const std::string& what,
                              std::size_t max_bytes) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error))
    return bad_input(fmt::format("cannot read {} {}: it is a folder", what, file.string()));
  std::ifstream in(file, std::ios::binary);
  if (!in) return bad_input(fmt::format("cannot read {} {}: {}", what, file.string(), std::strerror(errno)));
  const auto size = std::filesystem::file_size(file, error);
  if (!error && size > max_bytes)
    return bad_input(
        fmt::format("cannot read {} {}: it is larger than {} bytes", what, file.string(), max_bytes));
  std::string text;
  std::vector<char> part(std::size_t{1} << 20);
  // A pipe has no size to go by, so the end is where reading ends.
  while (in.read(part.data(), static_cast<std::streamsize>(part.size())) || in.gcount() > 0)
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
  if (in.bad())
    return fail(ExitCode::disk,
                fmt::format("cannot read {} {}: {}", what, file.string(), std::strerror(errno)));
  return text;
}

Result<void> make_file(const NewFile& file) {
  const int fd =
      ::open(file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file.secret ? 0600 : 0644);
  if (fd < 0 && errno == EEXIST)
    return bad_input(
        fmt::format("{} exists already and is never overwritten: name another file", file.path.string()));
  if (fd < 0) return cannot_make(file.path, errno);
  const bool whole = write_all(fd, file.text) && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  if (!whole) {
    ::unlink(file.path.c_str());
    return cannot_make(file.path, error);
  }
  sync_folder(file.path.has_parent_path() ? file.path.parent_path() : ".");
  return {};
}

Result<void> make_folder(const std::filesystem::path& folder, const std::vector<NewFile>& files) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path fresh = folder.string() + ".new";
  if (fs::exists(folder, error) && !fs::is_empty(folder, error))
    return bad_input(
        fmt::format("{} exists already and is never overwritten: choose another home folder, or start the "
                    "node that is there",
                    folder.string()));
  if (fs::exists(fresh, error))
    return bad_input(fmt::format(
        "{} is left over from an unfinished `mootd init`: look into it, then remove it", fresh.string()));
  fs::create_directories(fresh, error);
  if (error) return cannot_make(fresh, error.value());
  for (const NewFile& file : files) {
    fs::create_directories((fresh / file.path).parent_path(), error);
    const auto made = make_file({.path = fresh / file.path, .text = file.text, .secret = file.secret});
    if (made) continue;
    fs::remove_all(fresh, error);
    return made;
  }
  fs::rename(fresh, folder, error);
  if (error) {
    const int why = error.value();
    fs::remove_all(fresh, error);
    return cannot_make(folder, why);
  }
  sync_folder(folder.parent_path());
  return {};
}

}  // namespace moot::node::app
