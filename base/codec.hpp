// The canonical encoding: the only bytes that are hashed or signed, besides EIP-712.
//
// Integers are fixed-width big-endian; byte strings and lists carry a u32 length; an optional is a 0/1 byte and its
// value; a record is its fields in order with nothing between them. Every value has exactly one encoding, and a Reader
// refuses the rest.
//
// A record takes part by a static member `describe(self, visitor)` that calls visitor("fieldName", self.field) for each
// field in order; the same description drives EIP-712 typed data, JSON and protobuf conversion. A record that keeps some
// fields apart (Seldom) tidies up in `settle()`, called once all of them are read.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.hpp"
#include "base/ref.hpp"
#include "base/small_list.hpp"

namespace moot {

class Writer {
 public:
  template <std::unsigned_integral T>
  void put(T value) {
    std::array<u8, sizeof(T)> bytes;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      bytes[i] = static_cast<u8>(value >> (8 * (sizeof(T) - 1 - i)));
    raw(bytes);
  }
  void put(u128 value) {
    put(static_cast<u64>(value >> 64));
    put(static_cast<u64>(value));
  }
  void put(bool value) { out_.push_back(value ? 1 : 0); }
  template <class Tag, class Raw>
  void put(Quantity<Tag, Raw> value) {
    put(value.raw());
  }
  template <class Tag>
  void put(Id<Tag> value) {
    put(value.value);
  }
  template <class Tag>
  void put(const Digest<Tag>& value) {
    raw(value.view());
  }
  void put(const Address& value) { raw(value.view()); }
  void put(std::string_view text) { put_sized(as_bytes(text)); }
  void put(const std::string& text) { put_sized(as_bytes(text)); }
  void put(const char* text) { put(std::string_view{text}); }
  template <std::size_t N>
  void put(const std::array<u8, N>& fixed) {
    raw(fixed);
  }
  // Words, as one piece: ballots are stored and hashed in chunks of them.
  template <std::size_t N>
  void put(const std::array<u64, N>& words) {
    std::array<u8, 8 * N> bytes;
    for (std::size_t i = 0; i < N; ++i)
      for (std::size_t b = 0; b < 8; ++b) bytes[8 * i + b] = static_cast<u8>(words[i] >> (56 - 8 * b));
    raw(bytes);
  }
  template <class E>
    requires std::is_enum_v<E>
  void put(E value) {
    put(static_cast<std::underlying_type_t<E>>(value));
  }

  // Bytes without a length: for fixed-size values and for whole encodings that end a message.
  void raw(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void put_sized(ByteView bytes) {
    put(static_cast<u32>(bytes.size()));
    raw(bytes);
  }

  [[nodiscard]] ByteView view() const { return out_; }
  [[nodiscard]] Bytes take() { return std::move(out_); }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  void clear() { out_.clear(); }

 private:
  Bytes out_;
};

// Reads what a Writer wrote. The first wrong byte makes the reader bad; from then on every read gives a zero value, so
// callers check ok() once at the end. finish() also demands that nothing is left over.
class Reader {
 public:
  explicit Reader(ByteView in) : in_(in) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool finish() const { return ok_ && in_.empty(); }
  [[nodiscard]] std::size_t left() const { return in_.size(); }
  void fail() {
    ok_ = false;
    in_ = {};
  }

  template <std::unsigned_integral T>
  T get_uint() {
    if (in_.size() < sizeof(T)) {
      fail();
      return 0;
    }
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(static_cast<u64>(value) << 8 | in_[i]);
    in_ = in_.subspan(sizeof(T));
    return value;
  }

  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  void get(T& value) {
    value = get_uint<T>();
  }
  void get(u128& value) {
    const u64 high = get_uint<u64>();
    const u64 low = get_uint<u64>();
    value = static_cast<u128>(high) << 64 | low;
  }
  void get(bool& value) {
    const u8 byte = get_uint<u8>();
    if (byte > 1) fail();
    value = byte == 1;
  }
  template <class Tag, class Raw>
  void get(Quantity<Tag, Raw>& value) {
    Raw raw{};
    get(raw);
    value = Quantity<Tag, Raw>{raw};
  }
  template <class Tag>
  void get(Id<Tag>& value) {
    get(value.value);
  }
  template <class Tag>
  void get(Digest<Tag>& value) {
    get(value.bytes);
  }
  void get(Address& value) { get(value.bytes); }
  template <std::size_t N>
  void get(std::array<u8, N>& fixed) {
    const ByteView part = take(N);
    if (part.size() == N) std::copy(part.begin(), part.end(), fixed.begin());
  }
  void get(std::string& text) { text = as_string(get_sized()); }
  // Enums are checked by `is_known(E)`, found by argument-dependent look-up beside the enum.
  template <class E>
    requires std::is_enum_v<E>
  void get(E& value) {
    value = static_cast<E>(get_uint<std::underlying_type_t<E>>());
    if (ok_ && !is_known(value)) fail();
  }

  // The next n bytes, or an empty view and a bad reader.
  ByteView take(std::size_t n) {
    if (in_.size() < n) {
      fail();
      return {};
    }
    const ByteView part = in_.first(n);
    in_ = in_.subspan(n);
    return part;
  }
  ByteView get_sized() { return take(get_uint<u32>()); }

  // A list's length. Each element takes at least `min_bytes`, so a length that could not fit is refused before anything
  // is allocated.
  u32 get_count(std::size_t min_bytes) {
    const u32 count = get_uint<u32>();
    if (count > in_.size() / (min_bytes == 0 ? 1 : min_bytes)) {
      fail();
      return 0;
    }
    return count;
  }

 private:
  ByteView in_;
  bool ok_ = true;
};

template <class T>
concept Described = requires(T& value) { T::describe(value, [](const char*, auto&) {}); };

template <class T>
void encode(Writer& out, const T& value);
template <class T>
void decode(Reader& in, T& value);

namespace codec_detail {

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T, u32 N>
struct is_vector<SmallList<T, N>> : std::true_type {};
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_optional<Rare<T>> : std::true_type {};

}  // namespace codec_detail

template <class T>
void encode(Writer& out, const T& value) {
  if constexpr (std::is_same_v<T, Bytes>) {
    out.put_sized(value);
  } else if constexpr (codec_detail::is_vector<T>::value) {
    out.put(static_cast<u32>(value.size()));
    for (const auto& item : value) encode(out, item);
  } else if constexpr (codec_detail::is_optional<T>::value) {
    out.put(value.has_value());
    if (value) encode(out, *value);
  } else if constexpr (Described<T>) {
    T::describe(value, [&out](const char*, const auto& field) { encode(out, field); });
  } else if constexpr (requires { encode_value(out, value); }) {
    encode_value(out, value);
  } else {
    out.put(value);
  }
}

template <class T>
void decode(Reader& in, T& value) {
  if constexpr (std::is_same_v<T, Bytes>) {
    const ByteView part = in.get_sized();
    value.assign(part.begin(), part.end());
  } else if constexpr (codec_detail::is_vector<T>::value) {
    const u32 count = in.get_count(1);
    value.clear();
    for (u32 i = 0; i < count && in.ok(); ++i) decode(in, value.emplace_back());
  } else if constexpr (codec_detail::is_optional<T>::value) {
    bool present = false;
    in.get(present);
    value.reset();
    if (present) decode(in, value.emplace());
  } else if constexpr (Described<T>) {
    T::describe(value, [&in](const char*, auto& field) { decode(in, field); });
    if constexpr (requires { value.settle(); }) value.settle();
  } else if constexpr (requires { decode_value(in, value); }) {
    decode_value(in, value);
  } else {
    in.get(value);
  }
}

// A value's whole canonical encoding.
template <class T>
Bytes encoded(const T& value) {
  Writer out;
  encode(out, value);
  return out.take();
}

// A value from its whole canonical encoding; nothing when a byte is wrong, missing or left over.
template <class T>
std::optional<T> decoded(ByteView bytes) {
  Reader in(bytes);
  T value{};
  decode(in, value);
  if (!in.finish()) return std::nullopt;
  return value;
}

}  // namespace moot
