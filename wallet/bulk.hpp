// A long list on its way to the ledger as several transactions of one account, in order: admissions, grants, contributions,
// settlements.
//
// Each part is tried on the node, signed, sent, and waited for before the next, so that a part that fails is the last one
// sent, everything before it stands, and running the same command again goes on from there. The key is opened once.
//
// Private to the wallet's source files, as node_client.hpp is.
#pragma once

#include "wallet/tx_flow.hpp"

namespace boost::json {
class object;
}

namespace moot::wallet {

struct BulkPart {
  ledger::Payload payload;
  u64 entries = 0;  // of its list, for progress
};

struct BulkRequest {
  std::vector<BulkPart> parts;
  std::string label;     // of the progress line
  std::string question;  // asked once, before anything is signed
  bool dry_run = false;  // each part is tried on the ledger as it stands, and nothing is signed
  // Where entry `index` of part `part` stands in what the person brought: "members.csv line 17".
  std::function<std::string(std::size_t part, u32 index)> place;
};

// What became of one part.
struct BulkSent {
  pb::TxStatus status;
  std::optional<u64> waits_as;  // the open action it approved, while others must still agree
};

// Answers with what was sent; empty after a dry run and after --generate-only, which writes one file a part: out.json,
// out-2.json, …
Result<std::vector<BulkSent>> send_parts(const Globals& globals, const TxOptions& options,
                                         const NodeClient& client, const BulkRequest& request);

// How it went: entries done and waiting, and the transactions, as facts and as members of a JSON object.
std::vector<Fact> sent_facts(const BulkRequest& request, const std::vector<BulkSent>& sent);
void add_sent(boost::json::object& out, const BulkRequest& request, const std::vector<BulkSent>& sent);

// What a trial run of an unsigned transaction gives.
Result<pb::SimulateResponse> simulate(const NodeClient& client, const ledger::Transaction& tx);

}  // namespace moot::wallet
