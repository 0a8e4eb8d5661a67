// What a replay found: for people as a table, for programs as JSON, and as 32 bytes that an auditor signs.
//
// Findings are what the ledger and the options determine: two auditors who replay the same blocks in the same way get the
// same bytes. Their hash, TH("moot/audit-report", canonical findings), is what AttestAudit carries. Time taken stands beside.
#pragma once

#include <string>

#include "ledger/genesis.hpp"

namespace moot::audit {

// What a check is of. The numbers and words are stable.
enum class Check : u8 {
  source = 1,       // the blocks could not be had
  damage = 2,       // a damaged archive, or a node's answer that is no chain
  genesis = 3,      // not a genesis, or not one that a ledger may begin with
  ledger = 4,       // another ledger than the expected one
  encoding = 5,     // a header, certificate or fault that is not canonical
  link = 6,         // the header's place in the chain, its justification and certificates
  transaction = 7,  // an envelope that is not canonical
  signature = 8,    // of an envelope, or carried inside one
  includable = 9,   // a transaction that no block may hold here
  tx_root = 10,
  receipts_root = 11,
  faults_root = 12,
  state_root = 13,
  law = 14,
  tally = 15,   // the recount of a proposal
  payout = 16,  // the recomputation of a payout
  sums = 17,    // the full sums over the state
  footer = 18,  // what the archive says it ends with
};
constexpr bool is_known(Check v) { return v >= Check::source && v <= Check::footer; }
std::string_view word(Check check);

// The first thing that is wrong.
struct Problem {
  Height height;                   // the first bad block
  std::optional<u64> transaction;  // its place in the block, from 0, where one is to blame
  Check check = Check::source;
  std::string what;  // one sentence
  MOOT_DESCRIBE {
    v("height", self.height);
    v("transaction", self.transaction);
    v("check", self.check);
    v("what", self.what);
  }
  friend bool operator==(const Problem&, const Problem&) = default;
};

struct ProposalFinding {
  ProposalId id;
  std::string title;
  ledger::ProposalKind kind = ledger::ProposalKind::text;
  ledger::ProposalState state = ledger::ProposalState::pending;
  Height record_height;
  Power electorate;
  std::array<Power, ledger::kChoiceSlots> power{};  // by choice, recounted
  u64 ballots = 0;
  Height counted_at;  // block of the recount: the one that closed the vote, or the last
  MOOT_DESCRIBE {
    v("id", self.id);
    v("title", self.title);
    v("kind", self.kind);
    v("state", self.state);
    v("recordHeight", self.record_height);
    v("electorate", self.electorate);
    v("against", self.power[1]);
    v("for", self.power[2]);
    v("abstain", self.power[3]);
    v("veto", self.power[4]);
    v("ballots", self.ballots);
    v("countedAt", self.counted_at);
  }
  friend bool operator==(const ProposalFinding&, const ProposalFinding&) = default;
};

struct PayoutFinding {
  SaleId sale;
  AssetId asset;
  Height height;  // block in which it executed
  Height record_height;
  Amount proceeds;
  Amount reserve;
  Amount amount;  // what members share
  Units units;
  u64 members = 0;  // with units
  u64 extras = 0;
  Amount smallest, median, largest;  // shares of members with units
  Amount sum;                        // of every share; equal to amount
  MOOT_DESCRIBE {
    v("sale", self.sale);
    v("asset", self.asset);
    v("height", self.height);
    v("recordHeight", self.record_height);
    v("proceeds", self.proceeds);
    v("reserve", self.reserve);
    v("amount", self.amount);
    v("units", self.units);
    v("members", self.members);
    v("extras", self.extras);
    v("smallest", self.smallest);
    v("median", self.median);
    v("largest", self.largest);
    v("sum", self.sum);
  }
  friend bool operator==(const PayoutFinding&, const PayoutFinding&) = default;
};

// Sums over the leaves, where the ledger keeps counters: supply = stored + owed + treasury + escrow + locked.
struct AssetFinding {
  AssetId asset;
  std::string symbol;
  u8 decimals = 0;
  Amount supply, stored, owed, treasury, escrow, locked;
  MOOT_DESCRIBE {
    v("asset", self.asset);
    v("symbol", self.symbol);
    v("decimals", self.decimals);
    v("supply", self.supply);
    v("stored", self.stored);
    v("owed", self.owed);
    v("treasury", self.treasury);
    v("escrow", self.escrow);
    v("locked", self.locked);
  }
  friend bool operator==(const AssetFinding&, const AssetFinding&) = default;
};

struct Findings {
  LedgerId ledger;
  std::string organisation;
  Height from;           // 0: from genesis
  Height to;             // the last block found good
  TimeMs time;           // of that block
  StateRoot state_root;  // after it, recomputed
  u64 transactions = 0;
  u64 failed = 0;  // of these: on the ledger without effect
  u64 ballots = 0;
  u64 members = 0;
  bool signatures_checked = true;
  u64 signatures = 0;  // of envelopes and carried inside them; 0 when they were not checked
  std::vector<ProposalFinding> proposals;
  std::vector<PayoutFinding> payouts;
  std::vector<AssetFinding> assets;
  std::optional<Problem> problem;
  MOOT_DESCRIBE {
    v("ledger", self.ledger);
    v("organisation", self.organisation);
    v("from", self.from);
    v("to", self.to);
    v("time", self.time);
    v("stateRoot", self.state_root);
    v("transactions", self.transactions);
    v("failed", self.failed);
    v("ballots", self.ballots);
    v("members", self.members);
    v("signaturesChecked", self.signatures_checked);
    v("signatures", self.signatures);
    v("proposals", self.proposals);
    v("payouts", self.payouts);
    v("assets", self.assets);
    v("problem", self.problem);
  }
  friend bool operator==(const Findings&, const Findings&) = default;
};

struct Report {
  Findings findings;
  std::string source;  // "archive ledger.moot"
  u64 duration_ns = 0;
  unsigned threads = 0;

  [[nodiscard]] bool good() const { return !findings.problem.has_value(); }
};

// "verified", "verified without signatures", "not verified".
std::string_view verdict(const Findings& findings);
Hash report_hash(const Findings& findings);
// "block 17, transaction 3: signature: …".
std::string sentence(const Problem& problem);

// A table, ending in the verdict.
std::string to_text(const Report& report);
// One JSON object with stable names; 64-bit and larger numbers are texts.
std::string to_json(const Report& report);

}  // namespace moot::audit
