#include "wallet/mnemonic.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.hpp"
#include "base/random.hpp"
#include "crypto/kdf.hpp"
#include "crypto/sha256.hpp"

namespace moot::wallet {
namespace {

constexpr std::array<std::string_view, kMnemonicWordList> kWords{
#include <bip39_words.inc>
};
static_assert(std::is_sorted(kWords.begin(), kWords.end()), "look-up is a binary search");

constexpr std::size_t kBitsPerWord = 11;
constexpr std::size_t kMaxWords = 24;
constexpr u32 kSeedRounds = 2048;
constexpr std::size_t kSeedBytes = 64;

// A phrase of w words has 11·w bits: one bit in 33 is checksum.
constexpr std::size_t checksum_bits(std::size_t words) { return words * kBitsPerWord / 33; }
constexpr std::size_t entropy_bytes(std::size_t words) {
  return (words * kBitsPerWord - checksum_bits(words)) / 8;
}

bool bit_at(ByteView bytes, std::size_t position) {
  return (bytes[position / 8] >> (7 - position % 8) & 1) != 0;
}

// Entropy, then the first byte of its SHA-256, of which as many bits count as the phrase has room for.
crypto::SecretBytes with_checksum(ByteView entropy) {
  crypto::SecretBytes out(entropy.size() + 1);
  std::copy(entropy.begin(), entropy.end(), out.span().begin());
  out.span()[entropy.size()] = crypto::sha256(entropy).bytes[0];
  return out;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while (at < text.size() && words.size() <= kMaxWords) {
    while (at < text.size() && is_space(text[at])) ++at;
    const std::size_t begin = at;
    while (at < text.size() && !is_space(text[at])) ++at;
    if (at > begin) words.push_back(text.substr(begin, at - begin));
  }
  return words;
}

SecretText joined(std::span<const std::size_t> indices) {
  // The longest English word has eight letters; a reserved string grows in place and leaves no copy behind.
  std::string text;
  text.reserve(kMaxWords * 9);
  for (const std::size_t index : indices) {
    if (!text.empty()) text += ' ';
    text += kWords[index];
  }
  SecretText out(text);
  crypto::wipe(text);
  return out;
}

Result<std::vector<std::size_t>> indices_of(std::string_view phrase) {
  const auto words = split_words(phrase);
  if (!is_mnemonic_length(words.size()))
    return fail(
        "recovery words come as 12, 15, 18, 21 or 24, and " +
            (words.size() > kMaxWords ? "there are more" : "here are " + std::to_string(words.size())),
        "Check that none is missing or twice");
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto index = mnemonic_index(words[i]);
    if (!index)
      return fail("recovery word number " + std::to_string(i + 1) + " is not in the English BIP-39 list",
                  "Check its spelling");
    indices.push_back(*index);
  }
  return indices;
}

}  // namespace

std::string_view mnemonic_word(std::size_t index) { return kWords.at(index); }

std::optional<std::size_t> mnemonic_index(std::string_view word) {
  const auto found = std::lower_bound(kWords.begin(), kWords.end(), word);
  if (found == kWords.end() || *found != word) return std::nullopt;
  return static_cast<std::size_t>(found - kWords.begin());
}

bool is_mnemonic_length(std::size_t words) { return words >= 12 && words <= kMaxWords && words % 3 == 0; }

SecretText mnemonic_from_entropy(ByteView entropy) {
  MOOT_CHECK(entropy.size() >= 16 && entropy.size() <= 32 && entropy.size() % 4 == 0, "BIP-39 entropy sizes");
  const auto bits = with_checksum(entropy);
  std::array<std::size_t, kMaxWords> indices{};
  const std::size_t words = entropy.size() * 3 / 4;
  for (std::size_t i = 0; i < words * kBitsPerWord; ++i)
    indices[i / kBitsPerWord] = indices[i / kBitsPerWord] << 1 | (bit_at(bits.view(), i) ? 1 : 0);
  return joined(std::span(indices).first(words));
}

SecretText new_mnemonic(std::size_t words) {
  MOOT_CHECK(is_mnemonic_length(words), "the caller has checked the length");
  crypto::SecretBytes entropy(entropy_bytes(words));
  random_bytes(entropy.span());
  return mnemonic_from_entropy(entropy.view());
}

Result<SecretText> parse_mnemonic(std::string_view typed) {
  std::string lower(typed);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const auto indices = indices_of(lower);
  crypto::wipe(lower);
  if (!indices) return std::unexpected(indices.error());
  auto phrase = joined(*indices);
  if (const auto entropy = mnemonic_entropy(phrase); !entropy) return std::unexpected(entropy.error());
  return phrase;
}

Result<crypto::SecretBytes> mnemonic_entropy(const SecretText& phrase) {
  const auto indices = indices_of(phrase.view());
  if (!indices) return std::unexpected(indices.error());
  crypto::SecretBytes bits(kMaxWords * kBitsPerWord / 8);
  for (std::size_t i = 0; i < indices->size() * kBitsPerWord; ++i) {
    const std::size_t bit = (*indices)[i / kBitsPerWord] >> (kBitsPerWord - 1 - i % kBitsPerWord) & 1;
    bits.span()[i / 8] = static_cast<u8>(bits.span()[i / 8] | bit << (7 - i % 8));
  }
  const std::size_t size = entropy_bytes(indices->size());
  crypto::SecretBytes entropy(size);
  std::copy_n(bits.view().begin(), size, entropy.span().begin());
  const auto expected = with_checksum(entropy.view());
  for (std::size_t i = size * 8; i < indices->size() * kBitsPerWord; ++i)
    if (bit_at(bits.view(), i) != bit_at(expected.view(), i))
      return fail("the recovery words do not fit together: their checksum is wrong",
                  "Check for a word in the wrong place or a wrong word");
  return entropy;
}

Result<crypto::SecretBytes> mnemonic_seed(const SecretText& phrase, std::string_view passphrase) {
  if (!std::all_of(passphrase.begin(), passphrase.end(), [](char c) { return c >= 0x20 && c < 0x7f; }))
    return fail("the passphrase has characters outside printable ASCII",
                "Such passphrases need Unicode normalisation, which this wallet does not do: derive the key "
                "elsewhere "
                "and import it raw");
  std::string salt;
  salt.reserve(8 + passphrase.size());
  salt += "mnemonic";
  salt += passphrase;
  auto seed = crypto::pbkdf2_sha512(as_bytes(phrase.view()), as_bytes(salt),
                                    {.iterations = kSeedRounds, .length = kSeedBytes});
  crypto::wipe(salt);
  MOOT_CHECK(seed.has_value(), "the parameters are constants within bounds");
  return std::move(*seed);
}

}  // namespace moot::wallet
