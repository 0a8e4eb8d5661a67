// What storage says when it cannot go on. Two kinds of trouble are told apart:
//
// - a StorageError is met while opening: the operator chose a wrong directory, key or program version. Nothing has been
//   changed; the text is one sentence saying what is wrong and what to do.
// - fatal_storage ends the process: a write, flush or read failed under a running node. What is on disk is then unknown,
//   and a second attempt may lie (a failed fsync drops the dirty pages), so it is never retried. Start-up finds out what
//   the disk really holds. Bytes that were read and are not those that were written are damage, whatever the disk says of
//   itself: starting again cannot help, a copy can.
#pragma once

#include <string>
#include <string_view>

namespace moot::node {

enum class StorageErrorKind {
  in_use,        // another process holds the directory or the key
  wrong_ledger,  // the database, or the key's safety log, belongs to something else
  newer_schema,  // written by a later version of this program
  damaged,       // bytes that no version writes
  breaks_a_law,  // a final block that must not be
  already_run,   // this key has already voted in this ledger, further than the database reaches
  io,            // the operating system refused
  unsupported,   // the store cannot do this
  clock_behind,  // the wall clock is before the newest block
};

struct StorageError {
  StorageErrorKind kind;
  std::string text;
};

// The process's exit status after fatal_storage: EX_IOERR of sysexits.h, or that of a start over damaged data.
inline constexpr int kStorageFailureExit = 74;
inline constexpr int kDamagedDataExit = 4;

enum class StorageFault { no_space, damaged, other };

struct StorageFailure {
  std::string_view operation;  // "writing block 17"
  std::string_view path;       // the database's directory
  StorageFault fault = StorageFault::other;
  std::string_view detail;  // what the system said
};

// The sentence that fatal_storage prints, after the program's name.
std::string failure_sentence(const StorageFailure& failure);
// What to say of a damaged database, met while opening or later.
std::string damaged_sentence(std::string_view directory, std::string_view detail);

// Prints the sentence to standard error and ends the process at once, without destructors: nothing may be written after
// a failed write.
[[noreturn]] void fatal_storage(const StorageFailure& failure);

}  // namespace moot::node
