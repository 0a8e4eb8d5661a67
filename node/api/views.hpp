// Records as clients see them: read from an immutable state, nothing remembered. Ids are in range; callers have checked.
#pragma once

#include "node/api/unary.hpp"

namespace moot::node::api {

// ---- people (views_people.cpp) ----
// Where the ids of a request lead: the record, or the error to answer with.
std::expected<AccountId, grpc::Status> find_account(const ledger::State& state, const std::string& address);
std::expected<AccountId, grpc::Status> find_account(const ledger::State& state, u64 id);
std::expected<MemberId, grpc::Status> find_member(const ledger::State& state, const pb::MemberName& name);
std::expected<MemberId, grpc::Status> find_member(const ledger::State& state, u64 id);

void view_account(const ledger::State& state, AccountId id, pb::Account& out);
// Values that have a history as after block `at`.
void view_member(const ledger::State& state, MemberId id, Height at, pb::Member& out);
void view_class(const ledger::State& state, ClassId id, Height at, pb::ShareClass& out);
void view_role(const ledger::State& state, ledger::Role role, pb::RoleTable& out);
void view_action(const ledger::State& state, const ledger::OpenAction& action, pb::OpenAction& out);
// The address whose key speaks for an account now.
std::string address_of(const ledger::State& state, AccountId id);

// ---- proposals (views_proposals.cpp) ----
void view_tally(const ledger::Proposal& proposal, pb::Tally& out);
enum class Detail : u8 { listing, whole };  // a listing leaves the body out
void view_proposal(const ledger::State& state, ProposalId id, Detail detail, pb::Proposal& out);
pb::Ballot view_ballot(const ledger::State& state, ProposalId id, MemberId member, ledger::Slot slot);
// `box` may be null: nobody has voted.
void view_ballot_status(const ledger::State& state, ProposalId id, MemberId member,
                        const ledger::BallotBox* box, pb::BallotStatus& out);

// ---- money (views_money.cpp) ----
void view_money(const ledger::State& state, AssetId asset, Amount amount, pb::Money& out);
void view_asset(const ledger::State& state, AssetId id, pb::Asset& out);
void view_sale(const ledger::State& state, SaleId id, pb::Sale& out);
void view_redemption(const ledger::State& state, RedemptionId id, pb::Redemption& out);
// What a payout is made of; `reserve` and `proceeds` belong to the record.
struct PayoutParts {
  Amount proceeds;
  Amount reserve;
  const ledger::PayoutRecord& record;
};
void view_payout(const ledger::State& state, SaleId id, const PayoutParts& parts, pb::Payout& out);

// ---- blocks (views_blocks.cpp) ----
void view_block(const BlockSummary& block, pb::Block& out);
struct TxPlace {
  Height height;
  u32 index = 0;
};
void view_receipt(const ledger::Receipt& receipt, TxPlace place, pb::Receipt& out);
struct EventPlace {
  Height height;
  TimeMs time;
  u32 index = 0;
};
void view_event(const ledger::Event& event, const EventPlace& place, pb::Event& out);
// What the node knows of a transaction; reads the disk when it is final.
void view_status(const LedgerNode& node, const TxId& id, const TxStatus& status, pb::TxStatus& out);

}  // namespace moot::node::api
