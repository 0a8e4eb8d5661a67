#include "wallet/keystore.hpp"

#include <boost/json.hpp>

#include <algorithm>

#include "wallet/files.hpp"

namespace moot::wallet {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxAliasText = 16 * 1024 * 1024;

bool is_alias_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// UTC--2026-01-31T09-05-00.250000000Z--<address>: geth's form, whose colons are dashes for file systems that refuse them.
std::string file_name(const Address& address, TimeMs now) {
  std::string time = to_iso8601(now);
  std::replace(time.begin(), time.end(), ':', '-');
  time.insert(time.size() - 1, "000000");
  return "UTC--" + time + "--" + to_hex(address.view());
}

std::optional<Address> address_in_name(std::string_view name) {
  const auto dashes = name.rfind("--");
  if (dashes == std::string_view::npos) return std::nullopt;
  return fixed_from_hex<Address>(name.substr(dashes + 2));
}

// Nothing when the file is no keystore file: the folder may hold other things.
std::optional<KeyEntry> read_entry(const fs::path& file) {
  const auto text = read_text_file(file, kMaxKeystoreText);
  if (!text) return std::nullopt;
  const auto summary = summarize_keystore(*text);
  const auto named = address_in_name(file.filename().string());
  // A damaged file under a keystore's name is listed, so that its owner learns of the damage when opening it.
  if (!summary && !named) return std::nullopt;
  return KeyEntry{
      .file = file, .address = summary && summary->address ? summary->address : named, .alias = {}};
}

bool fits(const KeyEntry& entry, std::string_view name, const std::optional<Address>& address) {
  if (address) return entry.address == address;
  return (!name.empty() && entry.alias == name) || entry.file.filename().string() == name;
}

}  // namespace

bool is_alias(std::string_view text) {
  if (text.empty() || text.size() > kMaxAlias || text.starts_with("0x")) return false;
  if (text.front() == '-' || text.front() == '_' || text.front() == '.') return false;
  if (fixed_from_hex<Address>(text)) return false;
  return std::all_of(text.begin(), text.end(), is_alias_character);
}

std::string display_name(const KeyEntry& entry) {
  const std::string address =
      entry.address ? crypto::to_eip55(*entry.address) : entry.file.filename().string();
  return entry.alias.empty() ? address : entry.alias + " (" + address + ")";
}

Result<std::vector<KeyEntry>> Keystore::list() const {
  std::vector<KeyEntry> entries;
  std::error_code error;
  if (!fs::exists(folder_, error)) return entries;
  const auto aliases = read_aliases();
  if (!aliases) return std::unexpected(aliases.error());
  std::map<std::string, std::string> by_file;
  for (const auto& [alias, file] : *aliases) by_file.emplace(file, alias);
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.') || !at->is_regular_file(error)) continue;
    if (entries.size() == kMaxKeystoreFiles)
      return fail(shown(folder_) + " holds too many files for a keystore");
    auto entry = read_entry(at->path());
    if (!entry) continue;
    if (const auto named = by_file.find(name); named != by_file.end()) entry->alias = named->second;
    entries.push_back(std::move(*entry));
  }
  if (error) return fail("cannot read the keystore " + shown(folder_) + ": " + error.message());
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
  return entries;
}

Result<KeyEntry> Keystore::find(std::string_view name) const {
  auto entries = list();
  if (!entries) return std::unexpected(entries.error());
  const auto address = crypto::parse_address(name);
  std::erase_if(*entries, [&](const KeyEntry& entry) { return !fits(entry, name, address); });
  if (entries->empty())
    return fail("no key \"" + std::string(name.substr(0, 128)) + "\" in " + shown(folder_),
                "`moot keys list` shows the keys that are there");
  if (entries->size() > 1)
    return fail("several files in " + shown(folder_) + " hold the key " + std::string(name.substr(0, 128)),
                "Name one by its file name");
  return std::move(entries->front());
}

Result<void> Keystore::check_addable(const NewKey& options, const std::optional<Address>& address) const {
  if (!options.alias.empty() && !is_alias(options.alias))
    return fail("\"" + options.alias.substr(0, 128) + "\" cannot name a key",
                "Use up to 32 lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit",
                ExitCode::usage);
  const auto entries = list();
  if (!entries) return std::unexpected(entries.error());
  for (const auto& entry : *entries) {
    if (!options.alias.empty() && entry.alias == options.alias)
      return fail("a key named \"" + options.alias + "\" exists already", "Choose another name");
    if (address && entry.address == address)
      return fail("this key is in the keystore already: " + display_name(entry),
                  "Remove it first if you want to store it anew");
  }
  return {};
}

Result<KeyEntry> Keystore::add(const crypto::SecretKey& key, std::string_view password, const NewKey& options,
                               const Clock& clock) {
  const Address address = crypto::address_of(key);
  const std::string text = encrypt_key(key, password, options.cost);
  if (auto made = make_private_folder(folder_); !made) return std::unexpected(made.error());
  const auto lock = FolderLock::take(folder_);
  if (!lock) return std::unexpected(lock.error());
  if (auto checked = check_addable(options, address); !checked) return std::unexpected(checked.error());
  const std::string name = file_name(address, clock.now_ms());
  // The alias first: an alias without a file is harmless, a key without its alias would seem lost.
  if (!options.alias.empty()) {
    auto aliases = read_aliases();
    if (!aliases) return std::unexpected(aliases.error());
    (*aliases)[options.alias] = name;
    if (auto written = write_aliases(*aliases); !written) return std::unexpected(written.error());
  }
  if (auto written = write_private_file(folder_ / name, text, Existing::refuse); !written)
    return std::unexpected(written.error());
  return KeyEntry{.file = folder_ / name, .address = address, .alias = options.alias};
}

Result<std::string> Keystore::text_of(const KeyEntry& entry) const {
  return read_text_file(entry.file, kMaxKeystoreText);
}

Result<crypto::SecretKey> Keystore::open(const KeyEntry& entry, std::string_view password) const {
  const auto text = text_of(entry);
  if (!text) return std::unexpected(text.error());
  auto key = decrypt_key(*text, password);
  if (!key) {
    Failure failure = key.error();
    failure.what += " (" + shown(entry.file) + ")";
    return std::unexpected(std::move(failure));
  }
  if (entry.address && crypto::address_of(*key) != *entry.address)
    return fail("the keystore file " + shown(entry.file) + " holds another key than its name says",
                "Give the file its right name, or restore it from a copy");
  return key;
}

Result<void> Keystore::remove(const KeyEntry& entry) {
  const auto lock = FolderLock::take(folder_);
  if (!lock) return std::unexpected(lock.error());
  if (auto removed = remove_file(entry.file); !removed) return removed;
  auto aliases = read_aliases();
  if (!aliases) return std::unexpected(aliases.error());
  const std::string name = entry.file.filename().string();
  if (std::erase_if(*aliases, [&](const auto& alias) { return alias.second == name; }) == 0) return {};
  return write_aliases(*aliases);
}

Result<Keystore::Aliases> Keystore::read_aliases() const {
  Aliases aliases;
  std::error_code error;
  if (!fs::exists(alias_file(), error)) return aliases;
  const auto text = read_text_file(alias_file(), kMaxAliasText);
  if (!text) return std::unexpected(text.error());
  const auto damaged = [this] {
    return fail("the file of key names is damaged: " + shown(alias_file()),
                "Delete it: the keys stay, only their names are lost");
  };
  json::error_code wrong;
  const auto value = json::parse(*text, wrong);
  if (wrong || !value.is_object()) return damaged();
  for (const auto& [alias, file] : value.get_object()) {
    if (!file.is_string()) return damaged();
    aliases.emplace(alias, std::string(file.get_string()));
  }
  return aliases;
}

Result<void> Keystore::write_aliases(const Aliases& aliases) {
  json::object out;
  for (const auto& [alias, file] : aliases) out.emplace(alias, file);
  return write_private_file(alias_file(), json::serialize(out) + "\n", Existing::replace);
}

}  // namespace moot::wallet
