// Small files that must be whole after a crash.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "node/storage/storage_error.hpp"

namespace moot::node {

// A file's bytes; nothing inside when there is no such file. For files of at most 16 MiB.
std::expected<std::optional<Bytes>, StorageError> read_file(const std::string& path);

// Puts new content in the place of a file, all or nothing: writes `path`.new, syncs it, renames it over `path`, syncs the
// directory. The file is readable by its owner only. A failure is fatal (storage_error.hpp).
void replace_file(const std::string& path, ByteView content);

}  // namespace moot::node
