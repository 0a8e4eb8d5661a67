// Whole files, read with a bound and written so that a crash leaves the old one or the new one, never a torn one.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "wallet/failure.hpp"

namespace moot::wallet {

// The file's text; refused when it is longer than `max_bytes`, which bounds what a wrong path can cost.
Result<std::string> read_text_file(const std::filesystem::path& file, std::size_t max_bytes);

// What an existing file at the target means.
enum class Existing { refuse, replace };

// Writes a temporary file beside the target with mode 0600, syncs it, renames it and syncs the folder.
Result<void> write_private_file(const std::filesystem::path& file, std::string_view text, Existing existing);

// Makes the folder and its missing parents with mode 0700. A folder that exists keeps its mode.
Result<void> make_private_folder(const std::filesystem::path& folder);

// Removes a file and syncs its folder.
Result<void> remove_file(const std::filesystem::path& file);

// Holds a folder against other processes of the wallet until it ends; waits for its turn.
class FolderLock {
 public:
  static Result<FolderLock> take(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

// A path for messages, with the home folder written as ~.
std::string shown(const std::filesystem::path& path);

}  // namespace moot::wallet
