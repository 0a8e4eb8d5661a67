// What a validator's key has signed, kept beside the key and outside every database: deleting or restoring a database
// must not let the key vote twice (rules.md §8, "a validator key whose safety log knows a ledger id refuses to start it
// again from height 0").
//
// With one validator the block's own record is the vote's record, so this file is written only around the first block of
// a ledger and at a clean stop; blocks in between cost it nothing (consensus.md §0.11). The order for the first block:
//
//   admit(start)  →  begin(), synced  →  the first block's synced write  →  confirm(), synced  →  tell the world
//
// A crash between begin and confirm leaves the ledger begun by this very database, and nothing spoken: the same database
// (its InstanceId) may start again from height 0, and no other may.
//
// The file is replaced whole, by a rename, and carries a hash of itself: a torn or edited file is refused, never guessed.
#pragma once

#include "consensus/types.hpp"
#include "crypto/keys.hpp"
#include "node/storage/file_lock.hpp"
#include "node/storage/schema.hpp"

namespace moot::node {

// Where a database of a ledger stands: height 0 and position (0, 0) when it holds only genesis.
struct SafetyStart {
  LedgerId ledger;
  InstanceId instance;
  Height height;
  consensus::Position position;
};

class SafetyLog {
 public:
  // `path` is made when missing, together with `path`.lock, which one process at a time may hold. A log of another key
  // is refused.
  static std::expected<SafetyLog, StorageError> open(const std::string& path, const crypto::XOnlyKey& key);

  // Whether this key may go on from here: refused with `already_run` when it has voted further than the database
  // reaches, from height 0 or from an old copy.
  [[nodiscard]] std::expected<void, StorageError> admit(const SafetyStart& start) const;

  // Before the first block's write. Has no effect when this database has begun already.
  void begin(const SafetyStart& start);
  // After the write of the block at `start`, and at a clean stop: the highest vote is at least this. An older position
  // than the recorded one changes nothing.
  void confirm(const SafetyStart& start);

  [[nodiscard]] bool knows(const LedgerId& ledger) const;

 private:
  struct Entry {
    LedgerId ledger;
    std::array<u8, 16> instance{};  // of the database that began it
    bool confirmed = false;         // a block was written, so its votes may be at large
    Height height;
    consensus::Position position;

    template <class Self, class Visitor>
    static void describe(Self& self, Visitor&& visit) {
      visit("ledger", self.ledger);
      visit("instance", self.instance);
      visit("confirmed", self.confirmed);
      visit("height", self.height);
      visit("position", self.position);
    }
  };

  struct File {
    crypto::XOnlyKey key;
    std::vector<Entry> entries;

    template <class Self, class Visitor>
    static void describe(Self& self, Visitor&& visit) {
      visit("key", self.key);
      visit("entries", self.entries);
    }
  };

  SafetyLog(std::string path, FileLock lock, File file);
  // The index in file_.entries; nothing for a ledger that this key has not begun.
  [[nodiscard]] std::optional<std::size_t> find(const LedgerId& ledger) const;
  void save() const;

  std::string path_;
  FileLock lock_;
  File file_;
};

}  // namespace moot::node
