#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace moot {

void check_failed(const char* condition, const char* file, int line, const char* why) {
  std::fprintf(stderr, "moot: broken invariant at %s:%d: %s (%s)\n", file, line, why, condition);
  std::fflush(stderr);
  std::abort();
}

}  // namespace moot
