#include "base/random.hpp"

#include <sys/random.h>

#include <cerrno>

#include "base/check.hpp"

namespace moot {

void random_bytes(std::span<u8> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    MOOT_CHECK(got > 0, "the kernel gives no random bytes");
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

u64 SeededRandom::next() {
  state_ += 0x9e3779b97f4a7c15;
  u64 z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

u64 SeededRandom::below(u64 bound) {
  MOOT_CHECK(bound > 0, "no number is below zero");
  // 2^64 mod bound values at the bottom would make the small remainders likelier; draw again instead.
  const u64 skip = (0 - bound) % bound;
  u64 drawn = next();
  while (drawn < skip) drawn = next();
  return drawn % bound;
}

void SeededRandom::fill(std::span<u8> out) {
  for (std::size_t i = 0; i < out.size();) {
    u64 word = next();
    for (int k = 0; k < 8 && i < out.size(); ++k, word >>= 8) out[i++] = static_cast<u8>(word);
  }
}

}  // namespace moot
