// MOOT_CHECK: for our own bugs only, always on. A node that has broken its own rules stops before it signs anything.
// Outside input is refused with std::expected, never with this.
#pragma once

namespace moot {

// Prints the broken condition and ends the process with abort().
[[noreturn]] void check_failed(const char* condition, const char* file, int line, const char* why);

}  // namespace moot

#define MOOT_CHECK(condition, why)                               \
  do {                                                           \
    if (!(condition)) [[unlikely]]                               \
      ::moot::check_failed(#condition, __FILE__, __LINE__, why); \
  } while (false)
