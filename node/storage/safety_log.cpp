#include "node/storage/safety_log.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "crypto/sha256.hpp"
#include "node/storage/durable_file.hpp"

namespace moot::node {
namespace {

constexpr std::string_view kMagic = "moot safety log 1\n";
constexpr std::string_view kCheckTag = "moot/safety-log";

StorageError damaged(const std::string& path) {
  return {StorageErrorKind::damaged,
          fmt::format(
              "the safety log {} is damaged, so nobody can say what this key has signed: restore it from a "
              "copy, or replace the validator's key",
              path)};
}

}  // namespace

SafetyLog::SafetyLog(std::string path, FileLock lock, File file)
    : path_(std::move(path)), lock_(std::move(lock)), file_(std::move(file)) {}

std::expected<SafetyLog, StorageError> SafetyLog::open(const std::string& path, const crypto::XOnlyKey& key) {
  auto lock = FileLock::acquire(path + ".lock", "the validator key of " + path);
  if (!lock) return std::unexpected(lock.error());
  const auto bytes = read_file(path);
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) {
    SafetyLog log(path, *std::move(lock), File{.key = key, .entries = {}});
    log.save();
    return log;
  }
  // magic ‖ check 32 ‖ canonical File
  Reader in(**bytes);
  const ByteView magic = in.take(kMagic.size());
  Hash check;
  in.get(check);
  const ByteView content = in.take(in.left());
  if (as_string(magic) != kMagic || crypto::tagged_hash(kCheckTag, content) != check)
    return std::unexpected(damaged(path));
  auto file = decoded<File>(content);
  if (!file) return std::unexpected(damaged(path));
  if (file->key != key)
    return std::unexpected(StorageError{
        StorageErrorKind::wrong_ledger,
        fmt::format("the safety log {} is of validator key {}, not {}: name the log that belongs to the key",
                    path, to_hex(file->key.view()), to_hex(key.view()))});
  return SafetyLog(path, *std::move(lock), *std::move(file));
}

void SafetyLog::save() const {
  const Bytes content = encoded(file_);
  Writer out;
  out.raw(as_bytes(kMagic));
  out.put(crypto::tagged_hash(kCheckTag, content));
  out.raw(content);
  replace_file(path_, out.view());
}

std::optional<std::size_t> SafetyLog::find(const LedgerId& ledger) const {
  for (std::size_t i = 0; i < file_.entries.size(); ++i)
    if (file_.entries[i].ledger == ledger) return i;
  return std::nullopt;
}

bool SafetyLog::knows(const LedgerId& ledger) const { return find(ledger).has_value(); }

std::expected<void, StorageError> SafetyLog::admit(const SafetyStart& start) const {
  const auto found = find(start.ledger);
  if (!found) return {};
  const Entry& entry = file_.entries[*found];
  if (start.height.is_zero()) {
    const bool same_and_silent = !entry.confirmed && entry.instance == start.instance.bytes;
    if (same_and_silent) return {};
    return std::unexpected(StorageError{
        StorageErrorKind::already_run,
        fmt::format(
            "this key has already started ledger {}, and starting it again from height 0 would sign a second "
            "history: give the data directory that holds it, or make a new genesis (the key's log is {})",
            to_hex(start.ledger.view()), path_)});
  }
  if (start.position >= entry.position) return {};
  return std::unexpected(
      StorageError{StorageErrorKind::already_run,
                   fmt::format("this key has signed block {} of ledger {}, and the database ends at block "
                               "{}: it is an old copy; give "
                               "the newest one (the key's log is {})",
                               entry.height.raw(), to_hex(start.ledger.view()), start.height.raw(), path_)});
}

void SafetyLog::begin(const SafetyStart& start) {
  MOOT_CHECK(admit(start).has_value(), "a ledger is begun only where the safety log admits it");
  if (knows(start.ledger)) return;
  file_.entries.push_back({.ledger = start.ledger,
                           .instance = start.instance.bytes,
                           .confirmed = false,
                           .height = start.height,
                           .position = start.position});
  save();
}

void SafetyLog::confirm(const SafetyStart& start) {
  const auto found = find(start.ledger);
  MOOT_CHECK(found.has_value(), "a ledger is begun before it is confirmed");
  Entry& entry = file_.entries[*found];
  if (start.height.is_zero() || (entry.confirmed && start.position <= entry.position)) return;
  entry.confirmed = true;
  entry.height = start.height;
  entry.position = start.position;
  save();
}

}  // namespace moot::node
