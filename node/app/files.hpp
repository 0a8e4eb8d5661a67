// Text files of a node's home folder: read with a bound, made but never replaced.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "node/app/failure.hpp"

namespace moot::node::app {

// `what` completes "cannot read <what> <file>: …", such as "the genesis".
Result<std::string> read_text(const std::filesystem::path& file, const std::string& what,
                              std::size_t max_bytes);

struct NewFile {
  std::filesystem::path path;
  std::string text;
  bool secret = false;  // mode 0600, otherwise 0644
};

// Makes one file, synced; refused when anything stands there. A failure leaves nothing behind.
Result<void> make_file(const NewFile& file);

// Makes a folder with all its files, or nothing: they are gathered beside it and renamed into place. Paths are relative
// to the folder, which must not exist or be empty.
Result<void> make_folder(const std::filesystem::path& folder, const std::vector<NewFile>& files);

}  // namespace moot::node::app
