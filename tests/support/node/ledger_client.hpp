// A client of a real node over gRPC: signs with test keys, sends, waits, and replays what the node has.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ledger/apply.hpp"
#include "ledger/genesis.hpp"

namespace moot::test {

struct SignedTx {
  TxId id;
  Bytes envelope;
};

// What became of a transaction that was sent.
struct Sent {
  bool done = false;      // final, and its receipt is good
  bool answered = false;  // the node answered; otherwise it was gone
  u64 height = 0;
  std::string problem;  // why not done
};

class LedgerClient {
 public:
  LedgerClient(const std::string& address, const ledger::Genesis& genesis);
  ~LedgerClient();

  [[nodiscard]] SignedTx sign(std::string_view label, ledger::Payload payload, u64 nonce) const;
  // Submits one and waits until it is final, at most a minute.
  Sent send(const SignedTx& tx);
  // Waits for one that was submitted.
  Sent wait(const TxId& id);

  struct Batch {
    bool answered = false;
    u64 received = 0, accepted = 0, known = 0, refused = 0, done = 0, failed = 0, dropped = 0;
    std::string problem;
  };
  // By one bulk stream; with `until_final` it answers when all that was accepted is final or dropped.
  Batch send_batch(std::span<const SignedTx> txs, bool until_final);

  // Where a transaction is: its height when final, with its block's receipt; nothing otherwise.
  struct Found {
    u64 height = 0;
    bool done = false;
  };
  std::optional<Found> find(const TxId& id);
  u64 height();

  // Fetches every block from the first and executes it from genesis, every signature checked, apart from any node's code.
  // The error is the first thing that does not fit: a missing block, a refused transaction, a root unlike its header's.
  struct Replay {
    u64 height = 0;
    StateRoot root;
    std::vector<std::pair<TxId, u64>> transactions;  // with their heights, in order
  };
  std::expected<Replay, std::string> replay();
  // The state root that the node gives for its newest block.
  StateRoot state_root();

  // Reads the stream of events until the node ends it.
  void watch_until_it_ends();

 private:
  struct Stubs;
  ledger::Genesis genesis_;
  ledger::SigningContext signing_;
  std::unique_ptr<Stubs> stubs_;
};

}  // namespace moot::test
