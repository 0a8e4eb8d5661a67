// Values drawn from a seed, for any struct that describes itself: payloads, policies, a genesis. The same seed gives the
// same value on every machine.
#pragma once

#include "ledger/transaction.hpp"

namespace moot::test {

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Random {
 public:
  explicit Random(u64 seed) : state_(seed) {}
  u64 next() {
    u64 z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }
  // In [0, bound); the slight bias does not matter here.
  u64 below(u64 bound) { return next() % bound; }

 private:
  u64 state_;
};

template <class T>
void fill(Random& random, T& value);

inline void fill_text(Random& random, std::string& text) {
  static constexpr std::string_view kPieces[] = {"a", "Z", "7",  " ",  "\"", "\\",
                                                 "é", "ż", "声", "🎧", "/",  "{"};
  text.clear();
  for (u64 n = random.below(12); n > 0; --n) text += kPieces[random.below(std::size(kPieces))];
}

template <std::size_t N>
void fill_bytes(Random& random, std::array<u8, N>& bytes) {
  for (u8& byte : bytes) byte = static_cast<u8>(random.next());
}

template <class Variant>
void fill_variant(Random& random, Variant& out, std::size_t index) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (void)((I == index && (fill(random, out.template emplace<I>()), true)) || ...);
  }(std::make_index_sequence<std::variant_size_v<Variant>>{});
}

template <class E>
void fill_enum(Random& random, E& value) {
  do value = static_cast<E>(random.below(64));
  while (!is_known(value));
}

template <class T>
void fill(Random& random, T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    fill_text(random, value);
  } else if constexpr (codec_detail::is_vector<T>::value) {
    value.resize(random.below(4));
    for (auto& item : value) fill(random, item);
  } else if constexpr (codec_detail::is_optional<T>::value) {
    value.reset();
    if (random.below(2) == 1) fill(random, value.emplace());
  } else if constexpr (Described<T>) {
    T::describe(value, [&random](const char*, auto& field) { fill(random, field); });
  } else if constexpr (std::is_same_v<T, ledger::HashedText>) {
    fill_text(random, value.text);
  } else if constexpr (std::is_same_v<T, ledger::Action>) {
    fill_variant(random, value, random.below(std::variant_size_v<ledger::Action>));
  } else if constexpr (std::is_enum_v<T>) {
    fill_enum(random, value);
  } else if constexpr (std::is_same_v<T, bool>) {
    value = random.below(2) == 1;
  } else if constexpr (std::is_same_v<T, u128>) {
    value = static_cast<u128>(random.next()) << 64 | random.next();
  } else if constexpr (std::unsigned_integral<T>) {
    value = static_cast<T>(random.next());
  } else if constexpr (requires { value.raw(); }) {
    typename T::raw_type raw{};
    fill(random, raw);
    value = T{raw};
  } else if constexpr (requires { value.bytes; }) {
    fill_bytes(random, value.bytes);
  } else {
    fill(random, value.value);
  }
}

inline ledger::Payload random_payload(Random& random, ledger::TxKind kind) {
  ledger::Payload out;
  fill_variant(random, out, static_cast<std::size_t>(kind) - 1);
  return out;
}

inline ledger::Transaction random_transaction(Random& random, ledger::TxKind kind) {
  ledger::Transaction tx{.payload = random_payload(random, kind),
                         .signer = {},
                         .nonce = random.next(),
                         .valid_until = TimeMs{random.next()},
                         .signature = {}};
  fill(random, tx.signer);
  fill_bytes(random, tx.signature);
  return tx;
}

inline std::vector<ledger::TxKind> every_kind() {
  std::vector<ledger::TxKind> out;
  for (u8 i = 1; is_known(static_cast<ledger::TxKind>(i)); ++i) out.push_back(static_cast<ledger::TxKind>(i));
  return out;
}

}  // namespace moot::test
