// Hierarchical keys: BIP-32 derivation and the path of BIP-44 that Ethereum wallets share, m/44'/60'/0'/0/i.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/keys.hpp"
#include "crypto/secret.hpp"
#include "wallet/failure.hpp"

namespace moot::wallet {

inline constexpr u32 kHardened = u32{1} << 31;
inline constexpr std::size_t kMaxPathDepth = 255;  // a child's depth is one byte

// Child numbers from the master on; hardened ones have kHardened set.
using DerivationPath = std::vector<u32>;

// "m/44'/60'/0'/0/0"; hardened steps end in ', h or H.
Result<DerivationPath> parse_path(std::string_view text);
std::string to_text(const DerivationPath& path);
// m/44'/60'/0'/0/index, index < kHardened.
DerivationPath ethereum_path(u32 index);

// What both halves of an extended key carry besides the key.
struct ExtendedMeta {
  u8 depth = 0;
  std::array<u8, 4> parent{};  // fingerprint; zeros for the master
  u32 number = 0;
  std::array<u8, 32> chain{};
};

struct ExtendedPublicKey {
  ExtendedMeta meta;
  crypto::PublicKey key;

  // CKDpub. Nothing for a hardened number, past the last depth, or where BIP-32 says to go to the next number.
  [[nodiscard]] std::optional<ExtendedPublicKey> child(u32 number) const;
  [[nodiscard]] std::string to_xpub() const;
  static Result<ExtendedPublicKey> from_xpub(std::string_view text);
};

// Move-only, as its key is.
struct ExtendedKey {
  ExtendedMeta meta;
  crypto::SecretKey key;

  // The master of a seed of 16 to 64 bytes; nothing for another size or, once in 2¹²⁷, for a seed without a key.
  static std::optional<ExtendedKey> master(ByteView seed);
  // CKDpriv. Nothing past the last depth or where BIP-32 says to go to the next number.
  [[nodiscard]] std::optional<ExtendedKey> child(u32 number) const;
  [[nodiscard]] Result<ExtendedKey> derive(const DerivationPath& path) const;

  [[nodiscard]] ExtendedPublicKey neutered() const;
  [[nodiscard]] std::string to_xprv() const;
  static Result<ExtendedKey> from_xprv(std::string_view text);
};

}  // namespace moot::wallet
