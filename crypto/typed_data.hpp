// EIP-712 typed data, twice: a static path that hashes the ledger's own structs without allocation, and a
// general encoder for any types and values, for wallets that sign a JSON payload and for tests that hold the
// two equal.
#pragma once

#include <array>
#include <string_view>

#include "base/bytes.hpp"

namespace moot::crypto {

using Word = std::array<u8, 32>;  // one encoded value: 32 bytes, big-endian

Word word_of(bool value);
Word word_of(u8 value);
Word word_of(u16 value);
Word word_of(u32 value);
Word word_of(u64 value);
Word word_of(u128 value);
Word word_of(const Address& value);
template <class Tag>
Word word_of(const Digest<Tag>& value) {
  return value.bytes;
}
template <class Tag, class Raw>
Word word_of(Quantity<Tag, Raw> value) {
  return word_of(value.raw());
}
template <class Tag>
Word word_of(Id<Tag> value) {
  return word_of(value.value);
}
Word word_of_text(std::string_view utf8);  // keccak256 of the bytes, for `string`
Word word_of_blob(ByteView bytes);         // the same, for `bytes`

// keccak256 of an encodeType string, such as "Vote(string organisation,uint64 proposal)".
Hash type_hash(std::string_view encoded_type);

// hashStruct of one struct: the type hash, then its fields in order. kMaxFields is a bound on our own types,
// not on input.
class StructHasher {
 public:
  static constexpr std::size_t kMaxFields = 31;

  explicit StructHasher(const Hash& type);

  template <class T>
  StructHasher& add(const T& value) {
    return add_word(word_of(value));
  }
  StructHasher& text(std::string_view utf8) { return add_word(word_of_text(utf8)); }
  StructHasher& blob(ByteView bytes) { return add_word(word_of_blob(bytes)); }
  StructHasher& add_word(const Word& word);

  // What finish() hashes: for whoever hashes several at once.
  [[nodiscard]] ByteView message() const { return ByteView(buffer_).first(size_); }
  [[nodiscard]] Hash finish() const;

 private:
  std::array<u8, 32 * (kMaxFields + 1)> buffer_;
  std::size_t size_ = 0;
};

// An array of any length: keccak256 of its elements' words. Elements that are structs are added as their
// hashes.
class ArrayHasher {
 public:
  template <class T>
  ArrayHasher& add(const T& value) {
    return add_word(word_of(value));
  }
  ArrayHasher& text(std::string_view utf8) { return add_word(word_of_text(utf8)); }
  ArrayHasher& add_word(const Word& word);
  [[nodiscard]] Hash finish() const;

 private:
  Bytes words_;
};

// EIP712Domain(string name,string version,bytes32 salt). No chainId and no verifyingContract: wallets refuse
// a chain that is not their own.
struct Domain {
  std::string_view name;
  std::string_view version;
  Hash salt;  // the ledger id
};

Hash domain_separator(const Domain& domain);

// keccak256(19 01 ‖ separator ‖ struct hash): what a wallet signs.
struct TypedDataParts {
  Hash separator;
  Hash struct_hash;
};
std::array<u8, 66> typed_data_message(const TypedDataParts& parts);  // those bytes
Hash typed_data_digest(const TypedDataParts& parts);
inline Hash typed_data_digest(const Hash& separator, const Hash& struct_hash) {
  return typed_data_digest(TypedDataParts{.separator = separator, .struct_hash = struct_hash});
}

}  // namespace moot::crypto
