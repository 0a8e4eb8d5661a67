#include "crypto/typed_value.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "crypto/keccak.hpp"

namespace moot::crypto {
namespace {

using Error = TypedDataError;
using WordOr = std::expected<Word, Error>;

// "T[3]" split at its last bracket: the element type and the length written there, if any.
struct ArrayType {
  std::string_view element;
  std::optional<std::size_t> length;
};

std::optional<std::size_t> parse_size(std::string_view digits) {
  std::size_t out = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  const bool leading_zero = digits.size() > 1 && digits.front() == '0';
  if (error != std::errc{} || end != digits.data() + digits.size() || leading_zero) return std::nullopt;
  return out;
}

bool is_array(std::string_view type) { return type.ends_with(']'); }

std::expected<ArrayType, Error> split_array(std::string_view type) {
  const std::size_t open = type.rfind('[');
  if (open == std::string_view::npos || open == 0) return std::unexpected(Error::unknown_type);
  const std::string_view length = type.substr(open + 1, type.size() - open - 2);
  if (length.empty()) return ArrayType{type.substr(0, open), std::nullopt};
  const auto parsed = parse_size(length);
  if (!parsed) return std::unexpected(Error::unknown_type);
  return ArrayType{type.substr(0, open), parsed};
}

std::string_view base_name(std::string_view type) { return type.substr(0, type.find('[')); }

// A 256-bit magnitude from decimal digits; nothing when a character is no digit or the value does not fit.
std::optional<Word> magnitude(std::string_view digits) {
  if (digits.empty() || digits.size() > 78) return std::nullopt;
  Word out{};
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    unsigned carry = static_cast<unsigned>(c - '0');
    for (std::size_t i = out.size(); i-- > 0;) {
      const unsigned part = out[i] * 10U + carry;
      out[i] = static_cast<u8>(part);
      carry = part >> 8;
    }
    if (carry != 0) return std::nullopt;
  }
  return out;
}

void negate(Word& word) {
  unsigned carry = 1;
  for (std::size_t i = word.size(); i-- > 0;) {
    const unsigned part = static_cast<u8>(~word[i]) + carry;
    word[i] = static_cast<u8>(part);
    carry = part >> 8;
  }
}

struct IntegerType {
  std::size_t bits = 0;
  bool is_signed = false;
};

// The value is in range when every bit above its width repeats the sign, and the sign agrees with the text.
WordOr encode_integer(const IntegerType& type, const TypedValue& value) {
  const auto* digits = std::get_if<std::string>(&value.value);
  if (digits == nullptr) return std::unexpected(Error::wrong_value);
  const bool minus = digits->starts_with('-');
  auto word = magnitude(std::string_view(*digits).substr(minus ? 1 : 0));
  if (!word || (minus && !type.is_signed)) return std::unexpected(Error::wrong_value);
  const bool zero = *word == Word{};
  if (minus) negate(*word);
  const u8 fill = minus && !zero ? 0xff : 0;
  const std::size_t width = type.bits / 8;
  const auto high = word->begin() + static_cast<std::ptrdiff_t>(32 - width);
  const bool fits = std::all_of(word->begin(), high, [fill](u8 b) { return b == fill; });
  const bool sign_kept = !type.is_signed || (*high & 0x80) == (fill & 0x80);
  if (!fits || !sign_kept) return std::unexpected(Error::wrong_value);
  return *word;
}

std::optional<Bytes> raw_bytes(const TypedValue& value) {
  if (const auto* bytes = std::get_if<Bytes>(&value.value)) return *bytes;
  const auto* hex = std::get_if<std::string>(&value.value);
  if (hex == nullptr || !hex->starts_with("0x")) return std::nullopt;
  return from_hex(*hex);
}

enum class Side { left, right };

WordOr encode_fixed_bytes(const TypedValue& value, std::size_t size, Side padding) {
  const auto raw = raw_bytes(value);
  if (!raw || raw->size() != size) return std::unexpected(Error::wrong_value);
  Word out{};
  const std::size_t start = padding == Side::left ? out.size() - size : 0;
  std::copy(raw->begin(), raw->end(), out.begin() + static_cast<std::ptrdiff_t>(start));
  return out;
}

std::optional<IntegerType> integer_type(std::string_view type) {
  const bool is_unsigned = type.starts_with("uint");
  if (!is_unsigned && !type.starts_with("int")) return std::nullopt;
  const auto bits = parse_size(type.substr(is_unsigned ? 4 : 3));
  if (!bits || *bits == 0 || *bits > 256 || *bits % 8 != 0) return std::nullopt;
  return IntegerType{.bits = *bits, .is_signed = !is_unsigned};
}

WordOr encode_atomic(std::string_view type, const TypedValue& value) {
  if (type == "bool") {
    const auto* flag = std::get_if<bool>(&value.value);
    if (flag == nullptr) return std::unexpected(Error::wrong_value);
    return word_of(*flag);
  }
  if (type == "string") {
    const auto* utf8 = std::get_if<std::string>(&value.value);
    if (utf8 == nullptr) return std::unexpected(Error::wrong_value);
    return word_of_text(*utf8);
  }
  if (type == "bytes") {
    const auto raw = raw_bytes(value);
    if (!raw) return std::unexpected(Error::wrong_value);
    return word_of_blob(*raw);
  }
  if (type == "address") return encode_fixed_bytes(value, 20, Side::left);
  if (const auto integer = integer_type(type)) return encode_integer(*integer, value);
  if (type.starts_with("bytes")) {
    const auto size = parse_size(type.substr(5));
    if (size && *size >= 1 && *size <= 32) return encode_fixed_bytes(value, *size, Side::right);
  }
  return std::unexpected(Error::unknown_type);
}

class Encoder {
 public:
  explicit Encoder(const TypedTypes& types) : types_(types) {}

  std::expected<Hash, Error> structure(std::string_view name, const TypedValue& value,
                                       std::size_t depth) const {
    if (depth > kMaxTypedDepth) return std::unexpected(Error::too_deep);
    const auto encoded = encode_type(types_, name);
    if (!encoded) return std::unexpected(encoded.error());
    const auto* members = std::get_if<TypedValue::Struct>(&value.value);
    if (members == nullptr) return std::unexpected(Error::wrong_value);
    const auto& fields = types_.find(name)->second;
    if (members->size() != fields.size()) return std::unexpected(Error::field_mismatch);
    Bytes words;
    const Hash type = type_hash(*encoded);
    words.insert(words.end(), type.bytes.begin(), type.bytes.end());
    for (const auto& field : fields) {
      const auto member = members->find(field.name);
      if (member == members->end()) return std::unexpected(Error::field_mismatch);
      const WordOr word = any(field.type, member->second, depth + 1);
      if (!word) return std::unexpected(word.error());
      words.insert(words.end(), word->begin(), word->end());
    }
    return keccak256(words);
  }

 private:
  WordOr any(std::string_view type, const TypedValue& value, std::size_t depth) const {
    if (depth > kMaxTypedDepth) return std::unexpected(Error::too_deep);
    if (is_array(type)) return array(type, value, depth);
    if (!types_.contains(type)) return encode_atomic(type, value);
    const auto hash = structure(type, value, depth);
    if (!hash) return std::unexpected(hash.error());
    return hash->bytes;
  }

  WordOr array(std::string_view type, const TypedValue& value, std::size_t depth) const {
    const auto split = split_array(type);
    if (!split) return std::unexpected(split.error());
    const auto* items = std::get_if<TypedValue::Array>(&value.value);
    if (items == nullptr) return std::unexpected(Error::wrong_value);
    if (split->length && *split->length != items->size()) return std::unexpected(Error::array_length);
    ArrayHasher hasher;
    for (const auto& item : *items) {
      const WordOr word = any(split->element, item, depth + 1);
      if (!word) return std::unexpected(word.error());
      hasher.add_word(*word);
    }
    return hasher.finish().bytes;
  }

  const TypedTypes& types_;
};

std::string one_type(std::string_view name, const std::vector<TypedField>& fields) {
  std::string out(name);
  out += '(';
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i != 0) out += ',';
    out += fields[i].type + ' ' + fields[i].name;
  }
  return out + ')';
}

}  // namespace

std::string_view text(TypedDataError error) {
  switch (error) {
    case TypedDataError::unknown_type:
      return "a field's type is neither a struct of the payload nor an EIP-712 type";
    case TypedDataError::field_mismatch: return "a struct lacks a field of its type or has one too many";
    case TypedDataError::wrong_value: return "a value does not fit the type of its field";
    case TypedDataError::array_length: return "an array of fixed length has another number of elements";
    case TypedDataError::too_deep: return "the payload is nested too deeply";
  }
  return "unknown typed-data error";
}

std::expected<std::string, TypedDataError> encode_type(const TypedTypes& types, std::string_view primary) {
  if (!types.contains(primary)) return std::unexpected(Error::unknown_type);
  std::set<std::string_view> found;
  std::vector<std::string_view> open = {primary};
  while (!open.empty()) {
    const auto type = types.find(open.back());
    open.pop_back();
    if (!found.insert(type->first).second) continue;
    for (const auto& field : type->second) {
      const std::string_view name = base_name(field.type);
      if (types.contains(name)) open.push_back(name);
    }
  }
  found.erase(primary);
  std::string out = one_type(primary, types.find(primary)->second);
  for (const std::string_view name : found) out += one_type(name, types.find(name)->second);
  return out;
}

std::expected<Hash, TypedDataError> hash_struct(const TypedTypes& types, std::string_view primary,
                                                const TypedValue& value) {
  return Encoder(types).structure(primary, value, 0);
}

std::expected<Hash, TypedDataError> typed_data_digest(const TypedPayload& payload) {
  const auto separator = hash_struct(payload.types, "EIP712Domain", payload.domain);
  if (!separator) return separator;
  const auto message = hash_struct(payload.types, payload.primary_type, payload.message);
  if (!message) return message;
  return typed_data_digest(TypedDataParts{.separator = *separator, .struct_hash = *message});
}

}  // namespace moot::crypto
