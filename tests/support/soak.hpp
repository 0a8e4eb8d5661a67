// What the environment asks of random tests (tests/README.md): MOOT_SOAK=1 for long ones, MOOT_SEED for a seed.
#pragma once

#include <cstdlib>
#include <optional>

#include "base/units.hpp"

namespace moot::test {

inline bool soaking() {
  const char* text = std::getenv("MOOT_SOAK");
  return text != nullptr && std::strtoull(text, nullptr, 10) != 0;
}

inline std::optional<u64> asked_seed() {
  const char* text = std::getenv("MOOT_SEED");
  return text == nullptr ? std::nullopt : std::optional<u64>(std::strtoull(text, nullptr, 10));
}

}  // namespace moot::test
