// What the targets share: good inputs made by the code that writes them, so that they stay true when a format grows. The
// corpus driver feeds them as it feeds the files of the corpus, and writes them to a folder for libFuzzer to begin with.
#pragma once

#include <algorithm>
#include <vector>

#include "base/check.hpp"
#include "base/codec.hpp"

namespace moot::fuzz {

using Samples = std::vector<Bytes>;

// Defined by a target that has them.
Samples good_samples();

// The letter that chooses a decoder, and what is fed to it.
inline Bytes choose(char decoder, ByteView input) {
  Bytes out{static_cast<u8>(decoder)};
  out.insert(out.end(), input.begin(), input.end());
  return out;
}
inline Bytes choose(char decoder, std::string_view text) { return choose(decoder, as_bytes(text)); }

// Reads a value of the canonical codec: whether it is one. One that is accepted is written as the very same bytes.
template <class T>
bool is_canonical(ByteView input) {
  const auto value = decoded<T>(input);
  if (value) MOOT_CHECK(std::ranges::equal(encoded(*value), input), "one value has one encoding");
  return value.has_value();
}

}  // namespace moot::fuzz
