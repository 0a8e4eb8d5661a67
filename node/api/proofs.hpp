// Proofs against a state root, for GetProof and GetReceipt.
#pragma once

#include "node/api/views.hpp"

namespace moot::node::api {

// What GetProof names, with its proof; or the error to answer with. Reads the disk for ballots of closed proposals.
std::expected<pb::Proof, grpc::Status> prove(const LedgerNode& node, const Snapshot& snapshot,
                                             const pb::GetProofRequest& request);

// Place of the history tree's root among the state's 16 fields.
inline constexpr u32 kHistoryField = 10;
// From a field of the container up to the state root: 4 siblings.
std::array<Hash, 4> field_path(const ledger::State& state, u32 field);

// Of one receipt among a block's.
void prove_receipt(std::span<const ledger::Receipt> receipts, u32 index, pb::Inclusion& out);
// Of a block in the history tree under the snapshot's root; `height` is below the snapshot's.
void prove_block(const LedgerNode& node, const Snapshot& snapshot, Height height, pb::Inclusion& out);

}  // namespace moot::node::api
