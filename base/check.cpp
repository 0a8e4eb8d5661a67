#include "base/check.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace moot {

void check_failed(const char* condition, const char* file, int line, const char* why) {
  std::fprintf(stderr, "%s: broken invariant at %s:%d: %s (%s)\n", program_invocation_short_name, file, line,
               why, condition);
  std::fflush(stderr);
  std::abort();
}

}  // namespace moot
