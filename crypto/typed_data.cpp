#include "crypto/typed_data.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "crypto/keccak.hpp"

namespace moot::crypto {

Word word_of(u128 value) {
  Word out{};
  for (std::size_t i = 0; i < 16; ++i) out[31 - i] = static_cast<u8>(value >> (8 * i));
  return out;
}
Word word_of(bool value) { return word_of(u128{value ? 1U : 0U}); }
Word word_of(u8 value) { return word_of(u128{value}); }
Word word_of(u16 value) { return word_of(u128{value}); }
Word word_of(u32 value) { return word_of(u128{value}); }
Word word_of(u64 value) { return word_of(u128{value}); }

Word word_of(const Address& value) {
  Word out{};
  std::copy(value.bytes.begin(), value.bytes.end(), out.begin() + 12);
  return out;
}

Word word_of_text(std::string_view utf8) { return word_of_blob(as_bytes(utf8)); }
Word word_of_blob(ByteView bytes) { return keccak256(bytes).bytes; }

Hash type_hash(std::string_view encoded_type) { return keccak256(as_bytes(encoded_type)); }

StructHasher::StructHasher(const Hash& type) { add_word(type.bytes); }

StructHasher& StructHasher::add_word(const Word& word) {
  MOOT_CHECK(size_ + word.size() <= buffer_.size(), "a struct type of ours outgrew kMaxFields");
  std::copy(word.begin(), word.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += word.size();
  return *this;
}

Hash StructHasher::finish() const { return keccak256(message()); }

ArrayHasher& ArrayHasher::add_word(const Word& word) {
  words_.insert(words_.end(), word.begin(), word.end());
  return *this;
}

Hash ArrayHasher::finish() const { return keccak256(words_); }

Hash domain_separator(const Domain& domain) {
  static const Hash kType = type_hash("EIP712Domain(string name,string version,bytes32 salt)");
  return StructHasher(kType).text(domain.name).text(domain.version).add(domain.salt).finish();
}

std::array<u8, 66> typed_data_message(const TypedDataParts& parts) {
  std::array<u8, 66> message;
  message[0] = 0x19;
  message[1] = 0x01;
  std::copy(parts.separator.bytes.begin(), parts.separator.bytes.end(), message.begin() + 2);
  std::copy(parts.struct_hash.bytes.begin(), parts.struct_hash.bytes.end(), message.begin() + 34);
  return message;
}

Hash typed_data_digest(const TypedDataParts& parts) { return keccak256(typed_data_message(parts)); }

}  // namespace moot::crypto
