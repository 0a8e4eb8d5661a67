// Reading and writing one field of the JSON form, by its C++ type. Private to genesis/.
//
// A described struct is an object with its fields' names as keys; a list is an array; an enum its word; an address EIP-55 or
// plain hexadecimal; a digest 0x and 64 digits; an integer a number or decimal text; a duration also "7d", "36h", "10m", "5s"
// or "250ms".
#pragma once

#include <boost/json/object.hpp>
#include <limits>
#include <optional>
#include <string>

#include "crypto/keys.hpp"
#include "ledger/genesis.hpp"

namespace moot::genesis {

// The first error met, with its place. Later errors are ignored, so callers check once at the end.
class Problem {
 public:
  void set(const std::string& place, std::string_view what) {
    if (!text_) text_ = place + ": " + std::string{what};
  }
  [[nodiscard]] explicit operator bool() const { return text_.has_value(); }
  [[nodiscard]] const std::string& text() const { return *text_; }

 private:
  std::optional<std::string> text_;
};

// A non-negative integer from a JSON number or decimal text without leading zeros; nothing for anything else.
std::optional<u128> integer_of(const boost::json::value& json);
std::string decimal(u128 value);
std::optional<u64> duration_of(const boost::json::value& json);
std::string duration_text(u64 milliseconds);
// "a.b", or "b" at the top.
std::string join(const std::string& place, std::string_view key);
// Reports a key of `object` for which known(key) is false.
template <class Known>
void refuse_unknown(const boost::json::object& object, const std::string& place, Problem& problem,
                    Known&& known) {
  for (const auto& [key, value] : object)
    if (!known(std::string_view{key.data(), key.size()}))
      problem.set(join(place, {key.data(), key.size()}), "is not a field here; see genesis/README.md");
}

inline std::optional<ledger::TxKind> parse_word(std::string_view text, ledger::TxKind) {
  return ledger::parse_tx_kind(text);
}
inline std::optional<ledger::AssetKind> parse_word(std::string_view text, ledger::AssetKind) {
  return ledger::parse_asset_kind(text);
}
inline std::optional<ledger::BasisKind> parse_word(std::string_view text, ledger::BasisKind) {
  return ledger::parse_basis_kind(text);
}

template <class T>
void read_field(const boost::json::value& json, const std::string& place, T& out, Problem& problem);

template <class T>
void read_integer(const boost::json::value& json, const std::string& place, T& out, Problem& problem) {
  constexpr u128 kLargest = static_cast<T>(~T{0});
  const auto value = integer_of(json);
  if (!value) return problem.set(place, "is not a whole number of 0 or more");
  if (*value > kLargest) return problem.set(place, "is above " + decimal(kLargest));
  out = static_cast<T>(*value);
}

template <class T>
void read_object(const boost::json::value& json, const std::string& place, T& out, Problem& problem) {
  const boost::json::object* object = json.if_object();
  if (!object) return problem.set(place, "is not an object");
  std::size_t found = 0;
  T::describe(out, [&](const char* name, auto& field) {
    const boost::json::value* value = object->if_contains(name);
    if (!value) return;
    ++found;
    read_field(*value, join(place, name), field, problem);
  });
  if (found == object->size()) return;
  refuse_unknown(*object, place, problem, [&out](std::string_view key) {
    bool known = false;
    T::describe(out, [&](const char* name, auto&) { known = known || key == name; });
    return known;
  });
}

template <class T>
void read_list(const boost::json::value& json, const std::string& place, T& out, Problem& problem) {
  const boost::json::array* array = json.if_array();
  if (!array) return problem.set(place, "is not a list");
  out.clear();
  out.reserve(array->size());
  for (std::size_t i = 0; i < array->size() && !problem; ++i)
    read_field((*array)[i], place + "[" + std::to_string(i) + "]", out.emplace_back(), problem);
}

template <class T>
void read_text_form(std::string_view text, const std::string& place, T& out, Problem& problem) {
  if constexpr (std::is_same_v<T, std::string>) {
    out = text;
  } else if constexpr (std::is_same_v<T, Address>) {
    const auto address = crypto::parse_address(text);
    if (!address) return problem.set(place, "is not an address; write 0x and 40 hexadecimal digits");
    out = *address;
  } else if constexpr (std::is_enum_v<T>) {
    const auto value = parse_word(text, T{});
    if (!value) return problem.set(place, "\"" + std::string{text} + "\" is not a word that is known here");
    out = *value;
  } else {
    const auto digest = fixed_from_hex<T>(text);
    if (!digest) return problem.set(place, "is not 32 bytes; write 0x and 64 hexadecimal digits");
    out = *digest;
  }
}

template <class T>
void read_field(const boost::json::value& json, const std::string& place, T& out, Problem& problem) {
  if constexpr (codec_detail::is_vector<T>::value) {
    read_list(json, place, out, problem);
  } else if constexpr (codec_detail::is_optional<T>::value) {
    if (!json.is_null()) read_field(json, place, out.emplace(), problem);
  } else if constexpr (Described<T>) {
    read_object(json, place, out, problem);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_bool()) return problem.set(place, "is neither true nor false");
    out = json.get_bool();
  } else if constexpr (std::is_same_v<T, DurationMs>) {
    const auto value = duration_of(json);
    if (!value)
      return problem.set(place,
                         "is not a duration; write milliseconds, or text such as \"7d\", \"36h\" or \"10m\"");
    out = DurationMs{*value};
  } else if constexpr (requires { out.raw(); }) {
    typename T::raw_type raw{};
    read_integer(json, place, raw, problem);
    out = T{raw};
  } else if constexpr (requires { out.value; }) {
    read_integer(json, place, out.value, problem);
  } else if constexpr (std::is_integral_v<T>) {
    read_integer(json, place, out, problem);
  } else {
    const boost::json::string* text = json.if_string();
    if (!text) return problem.set(place, "is not text");
    read_text_form({text->data(), text->size()}, place, out, problem);
  }
}

// JSON text of a value; see write.cpp for strings.
std::string quoted(std::string_view text);

template <class T>
std::string field_text(const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (codec_detail::is_vector<T>::value) {
    std::string out;
    for (const auto& item : value) out += (out.empty() ? "" : ", ") + field_text(item);
    return "[" + out + "]";
  } else if constexpr (Described<T>) {
    std::string out;
    T::describe(value, [&out](const char* name, const auto& field) {
      out += (out.empty() ? "" : ", ") + quoted(name) + ": " + field_text(field);
    });
    return "{" + out + "}";
  } else if constexpr (std::is_same_v<T, std::string>) {
    return quoted(value);
  } else if constexpr (std::is_same_v<T, Address>) {
    return quoted(crypto::to_eip55(value));
  } else if constexpr (std::is_enum_v<T>) {
    return quoted(word(value));
  } else if constexpr (std::is_same_v<T, DurationMs>) {
    return quoted(duration_text(value.raw()));
  } else if constexpr (std::is_same_v<T, Amount>) {
    return quoted(decimal(value.raw()));
  } else if constexpr (requires { value.raw(); }) {
    return field_text(value.raw());
  } else if constexpr (requires { value.value; }) {
    return field_text(value.value);
  } else if constexpr (requires { value.bytes; }) {
    return quoted("0x" + to_hex(value.view()));
  } else {
    // Readers in JavaScript lose what lies above 2^53.
    const bool wide = u128{value} > (u64{1} << 53);
    return wide ? quoted(decimal(value)) : decimal(value);
  }
}

}  // namespace moot::genesis
