// Counts of what a program does, by standing where the work enters a library: operator new, the two entry points that verify
// ECDSA in libsecp256k1, and the kernels of SHA-256 and of recovery. The code that is counted is the code that ships; nothing in it knows.
//
// A program that links this counts from its start, on all threads; compare two looks.
#pragma once

#include "base/units.hpp"

namespace moot::test {

struct Work {
  u64 allocations = 0;    // operator new, in every library of the program
  u64 verifications = 0;  // ECDSA recoveries and verifications; the kernel's from count_kernels() on
  u64 compressions = 0;   // of SHA-256, by moot::crypto, from count_kernels() on

  friend Work operator-(const Work& after, const Work& before) {
    return {after.allocations - before.allocations, after.verifications - before.verifications,
            after.compressions - before.compressions};
  }
};

Work work_so_far();
// Puts counters before the kernels of SHA-256 and of recovery, for the rest of the program.
void count_kernels();

}  // namespace moot::test
