// Chance, as something lent to whoever may ask for it. Ledger and consensus may not (scripts/check_determinism).
#pragma once

#include <array>
#include <span>

#include "base/units.hpp"

namespace moot {

// Fills with bytes fit for keys and salts, from the kernel. Ends the process if the kernel refuses: there is no second
// best source. Thread-safe.
void random_bytes(std::span<u8> out);

template <std::size_t N>
std::array<u8, N> random_array() {
  std::array<u8, N> out{};
  random_bytes(out);
  return out;
}

// A reproducible stream for examples, simulations and tests: the same seed gives the same numbers on every machine.
// Never for anything secret. SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
class SeededRandom {
 public:
  explicit SeededRandom(u64 seed) : state_(seed) {}

  u64 next();
  // Uniform in [0, bound), without the bias of a plain remainder. bound > 0.
  u64 below(u64 bound);
  void fill(std::span<u8> out);

 private:
  u64 state_;
};

}  // namespace moot
