// The general EIP-712 encoder: types by name, values as a tree. Slow and obvious; crypto/typed_data.hpp is
// the fast path.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/typed_data.hpp"

namespace moot::crypto {

struct TypedField {
  std::string name;
  std::string type;  // "uint64", "Person", "bytes32[]", "Person[2][]" …
};
using TypedTypes =
    std::map<std::string, std::vector<TypedField>, std::less<>>;  // struct name → its fields in order

// A value: a boolean; bytes, also for `address` and bytesN; text; the elements of an array; the members of a
// struct. Its type says how text is read: as itself for `string`, as decimal digits for integers ("-17"), as
// 0x hexadecimal for `address`, `bytes` and bytesN. So a JSON payload becomes a TypedValue without knowing
// the types.
struct TypedValue {
  using Array = std::vector<TypedValue>;
  using Struct = std::map<std::string, TypedValue, std::less<>>;

  std::variant<bool, Bytes, std::string, Array, Struct> value;

  static TypedValue boolean(bool v) { return {v}; }
  static TypedValue number(u64 v) { return {std::to_string(v)}; }
  static TypedValue bytes(ByteView v) { return {Bytes(v.begin(), v.end())}; }
  static TypedValue text(std::string v) { return {std::move(v)}; }
  static TypedValue array(Array v) { return {std::move(v)}; }
  static TypedValue structure(Struct v) { return {std::move(v)}; }
};

// unknown_type: no such struct and no atomic type of that name. field_mismatch: a member missing or too many.
// wrong_value: the value does not fit its type. array_length: T[n] with another number of elements. too_deep:
// more than kMaxTypedDepth values inside one another.
enum class TypedDataError : u8 { unknown_type = 1, field_mismatch, wrong_value, array_length, too_deep };
std::string_view text(TypedDataError error);

inline constexpr std::size_t kMaxTypedDepth = 32;

// The primary type, then every struct it refers to sorted by name.
std::expected<std::string, TypedDataError> encode_type(const TypedTypes& types, std::string_view primary);
std::expected<Hash, TypedDataError> hash_struct(const TypedTypes& types, std::string_view primary,
                                                const TypedValue& value);

// The digest of a whole payload, whose types include "EIP712Domain".
struct TypedPayload {
  TypedTypes types;
  std::string primary_type;
  TypedValue domain;
  TypedValue message;
};
std::expected<Hash, TypedDataError> typed_data_digest(const TypedPayload& payload);

}  // namespace moot::crypto
