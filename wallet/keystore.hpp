// A folder of keystore files, laid out and named as geth does (UTC--<time>--<address>, mode 0600 in a folder of mode 0700),
// with a name of one's own for each key in `.aliases.json`, which geth skips. Every change is atomic and on disk before it
// returns; two wallets may work on one folder. Nothing is cached: each call reads the folder.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "wallet/keystore_v3.hpp"

namespace moot::wallet {

inline constexpr std::size_t kMaxAlias = 32;
inline constexpr std::size_t kMaxKeystoreFiles = 100'000;

// Lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit, not like an address; 1 to kMaxAlias.
[[nodiscard]] bool is_alias(std::string_view text);

struct KeyEntry {
  std::filesystem::path file;
  std::optional<Address> address;  // from the file, else from its name; some wallets write neither
  std::string alias;               // empty when it has none
};

// How a key is called in tables and questions: its alias and address, or what is known.
std::string display_name(const KeyEntry& entry);

class Keystore {
 public:
  explicit Keystore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  // Oldest first, which is the order of the names. Files that are no keystores are passed over. A folder that does not
  // exist has no keys.
  [[nodiscard]] Result<std::vector<KeyEntry>> list() const;

  // By address, alias or file name. Fails when none or several fit.
  [[nodiscard]] Result<KeyEntry> find(std::string_view name) const;

  struct NewKey {
    std::string alias;  // empty for none
    KeyCost cost = KeyCost::standard;
  };
  // Refuses an alias that is taken or malformed, and a key that is there already. The file's time is `clock`'s.
  Result<KeyEntry> add(const crypto::SecretKey& key, std::string_view password, const NewKey& options,
                       const Clock& clock);
  // The checks of `add` alone, for before a password is asked for.
  [[nodiscard]] Result<void> check_addable(const NewKey& options,
                                           const std::optional<Address>& address) const;

  [[nodiscard]] Result<crypto::SecretKey> open(const KeyEntry& entry, std::string_view password) const;
  [[nodiscard]] Result<std::string> text_of(const KeyEntry& entry) const;
  Result<void> remove(const KeyEntry& entry);

 private:
  using Aliases = std::map<std::string, std::string>;  // alias → file name

  [[nodiscard]] std::filesystem::path alias_file() const { return folder_ / ".aliases.json"; }
  [[nodiscard]] Result<Aliases> read_aliases() const;
  Result<void> write_aliases(const Aliases& aliases);

  std::filesystem::path folder_;
};

}  // namespace moot::wallet
