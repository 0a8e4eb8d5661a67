// A real mootd under load: its own process on its own database, spoken to by gRPC over loopback.
//
// What it wrote and used is what the operating system charged the process with, which it tells once the process has ended:
// log, tables, compactions and everything else, counted where they reach the disk's queue.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "bench/goals/goals.hpp"

namespace moot::bench {

// A node's home with this genesis; it listens on a free port.
void make_daemon_home(const std::filesystem::path& home, const ledger::Genesis& genesis);

class Daemon {
 public:
  // Starts it and waits until it serves.
  explicit Daemon(const std::filesystem::path& home);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // From the start of the process to its ready line.
  [[nodiscard]] Seconds start_time() const { return start_time_; }
  [[nodiscard]] u64 resident_bytes() const;
  [[nodiscard]] Seconds cpu_time() const;
  void kill();  // -9

  struct Charged {
    u64 disk_bytes = 0;
  };
  // By SIGTERM: it finishes its block and flushes.
  Charged stop();

  struct Status {
    u64 height = 0, transactions = 0, ballots = 0, proposals = 0;
    StateRoot root;
  };
  [[nodiscard]] Status status() const;
  struct Counted {
    u64 cast = 0, against = 0;
    Hash hash;  // of the proposal
    bool open = false;
  };
  [[nodiscard]] Counted proposal(ProposalId id) const;
  // Whether the transaction is final and done.
  [[nodiscard]] bool is_final(const TxId& id) const;
  // The envelopes of every final block.
  void for_each_envelope(const std::function<void(ByteView envelope)>& visit) const;

  // Sends envelopes in one bulk stream, `batch` a message, and waits until all that was taken is final. True when all are
  // final and done; false when the node was gone.
  bool send(std::span<const Bytes> envelopes, std::size_t batch = 500) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  Seconds start_time_ = 0;
};

}  // namespace moot::bench
