// Recovery words: BIP-39 with the English list. Twelve to twenty-four words carry 128 to 256 bits and a checksum; with an
// optional passphrase they give the 64-byte seed of BIP-32 (wallet/hd.hpp).
//
// The standard normalises text to NFKD. The English words are ASCII, for which that changes nothing; a passphrase outside
// ASCII is refused rather than derived differently from other wallets.
#pragma once

#include <optional>
#include <string_view>

#include "wallet/secrets.hpp"

namespace moot::wallet {

inline constexpr std::size_t kMnemonicWordList = 2048;

// index < kMnemonicWordList.
std::string_view mnemonic_word(std::size_t index);
std::optional<std::size_t> mnemonic_index(std::string_view word);

// Whether a phrase may have this many words: 12, 15, 18, 21 or 24.
[[nodiscard]] bool is_mnemonic_length(std::size_t words);

// The words for 16, 20, 24, 28 or 32 bytes of entropy, one space apart. Other sizes are our own bug.
SecretText mnemonic_from_entropy(ByteView entropy);
// Fresh words; is_mnemonic_length(words) holds.
SecretText new_mnemonic(std::size_t words);

// Checks a phrase as people type it (any white space, any case) and gives it in canonical form. Says which word is
// unknown by its position, never by repeating it.
Result<SecretText> parse_mnemonic(std::string_view typed);
// The entropy of a phrase in canonical form.
Result<crypto::SecretBytes> mnemonic_entropy(const SecretText& phrase);

// The seed of a phrase in canonical form: PBKDF2-HMAC-SHA512, 2,048 rounds, 64 bytes.
Result<crypto::SecretBytes> mnemonic_seed(const SecretText& phrase, std::string_view passphrase);

}  // namespace moot::wallet
