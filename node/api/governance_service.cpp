#include "node/api/paging.hpp"
#include "node/api/services.hpp"
#include "node/api/views.hpp"

namespace moot::node::api {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using grpc::Status;
using ledger::State;

// The height to read registers at: what was asked for, or the newest.
std::expected<Height, Status> values_height(const Snapshot& snapshot, u64 asked) {
  const Height newest = snapshot.block.height;
  if (asked > newest.raw())
    return std::unexpected(wrong_height("There is no state at that height yet", newest));
  return asked == 0 ? newest : Height{asked};
}

// The ballots of a proposal, wherever they are: in the state while it is open, else with the node.
struct Box {
  const ledger::BallotBox* box = nullptr;
  std::shared_ptr<const ledger::BallotBox> sealed;
};
Box ballots_of(const LedgerNode& node, const State& state, ProposalId id) {
  Box out;
  out.box = state.box(id);
  if (out.box) return out;
  out.sealed = node.sealed_box(id);
  out.box = out.sealed.get();
  return out;
}

Status get_proposal(Context& context, const pb::GetProposalRequest& request, pb::GetProposalResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  if (!snapshot->state.proposals.contains(request.proposal()))
    return not_found("proposal", std::to_string(request.proposal()));
  view_proposal(snapshot->state, ProposalId{request.proposal()}, Detail::whole, *out.mutable_proposal());
  return Status::OK;
}

Status list_proposals(Context& context, const pb::ListProposalsRequest& request,
                      pb::ListProposalsResponse& out) {
  const auto page = open_page(context, "ListProposals", request);
  if (!page) return page.error();
  const State& state = page->snapshot->state;
  fill_context(*page->snapshot, *out.mutable_context());
  const u64 count = state.proposals.size();
  out.set_next_page_token(walk(context, *page, count, [&](u64 position) {
    const u64 id = count - 1 - position;
    const ledger::Proposal& proposal = state.proposals[id];
    const auto stands = enum_to_proto<pb::ProposalState>(proposal.state);
    const bool wanted = request.states().empty() || std::ranges::count(request.states(), stands) > 0;
    if (!wanted || (request.kind() != pb::PROPOSAL_KIND_UNSPECIFIED &&
                    request.kind() != enum_to_proto<pb::ProposalKind>(proposal.kind)))
      return false;
    view_proposal(state, ProposalId{id}, Detail::listing, *out.add_proposals());
    return true;
  }));
  return Status::OK;
}

Status get_tally(Context& context, const pb::GetTallyRequest& request, pb::GetTallyResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  const ledger::Proposal* proposal = snapshot->state.proposals.find(request.proposal());
  if (!proposal) return not_found("proposal", std::to_string(request.proposal()));
  view_tally(*proposal, *out.mutable_tally());
  out.set_state(enum_to_proto<pb::ProposalState>(proposal->state));
  out.set_deadline_ms(proposal->deadline.raw());
  return Status::OK;
}

Status list_ballots(Context& context, const pb::ListBallotsRequest& request, pb::ListBallotsResponse& out) {
  const auto page = open_page(context, "ListBallots", request);
  if (!page) return page.error();
  const State& state = page->snapshot->state;
  fill_context(*page->snapshot, *out.mutable_context());
  if (!state.proposals.contains(request.proposal()))
    return not_found("proposal", std::to_string(request.proposal()));
  const ProposalId id{request.proposal()};
  const Box ballots = ballots_of(context.node, state, id);
  if (!ballots.box) return Status::OK;
  out.set_next_page_token(walk(context, *page, state.members.size(), [&](u64 member) {
    const ledger::Slot slot = ballots.box->slot(MemberId{member});
    if (slot.choice == ledger::Choice::none) return false;
    if (request.choice() != pb::CHOICE_UNSPECIFIED &&
        request.choice() != enum_to_proto<pb::Choice>(slot.choice))
      return false;
    *out.add_ballots() = view_ballot(state, id, MemberId{member}, slot);
    return true;
  }));
  return Status::OK;
}

Status get_ballot(Context& context, const pb::GetBallotRequest& request, pb::GetBallotResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  const State& state = snapshot->state;
  fill_context(*snapshot, *out.mutable_context());
  if (!state.proposals.contains(request.proposal()))
    return not_found("proposal", std::to_string(request.proposal()));
  const auto member = find_member(state, request.member());
  if (!member) return member.error();
  const ProposalId id{request.proposal()};
  const Box ballots = ballots_of(context.node, state, id);
  view_ballot_status(state, id, *member, ballots.box, *out.mutable_ballot());
  return Status::OK;
}

Status get_member(Context& context, const pb::GetMemberRequest& request, pb::GetMemberResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  const auto at = values_height(*snapshot, request.at_height());
  if (!at) return at.error();
  const auto member = find_member(snapshot->state, request.member());
  if (!member) return member.error();
  if (snapshot->state.members[member->value].joined > *at)
    return not_found("member " + std::to_string(member->value), "at height " + std::to_string(at->raw()));
  view_member(snapshot->state, *member, *at, *out.mutable_member());
  out.set_values_height(at->raw());
  return Status::OK;
}

Status list_members(Context& context, const pb::ListMembersRequest& request, pb::ListMembersResponse& out) {
  const auto page = open_page(context, "ListMembers", request);
  if (!page) return page.error();
  const State& state = page->snapshot->state;
  fill_context(*page->snapshot, *out.mutable_context());
  const auto at = values_height(*page->snapshot, request.at_height());
  if (!at) return at.error();
  out.set_values_height(at->raw());
  out.set_total_members(state.members.size());
  out.set_active_members(state.counters->active_members.at(*at));
  out.set_next_page_token(walk(context, *page, state.members.size(), [&](u64 id) {
    const ledger::Member& member = state.members[id];
    if (member.joined > *at) return false;
    if (request.status() != pb::MEMBER_STATUS_UNSPECIFIED &&
        request.status() != enum_to_proto<pb::MemberStatus>(member.status_at(*at)))
      return false;
    if (request.has_share_class() && member.units_at(ClassId{request.share_class()}, *at).is_zero())
      return false;
    view_member(state, MemberId{id}, *at, *out.add_members());
    return true;
  }));
  return Status::OK;
}

Status get_account(Context& context, const pb::GetAccountRequest& request, pb::GetAccountResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  const State& state = snapshot->state;
  fill_context(*snapshot, *out.mutable_context());
  if (request.by_case() == pb::GetAccountRequest::BY_NOT_SET)
    return bad_field("address", "or account must be given");
  const auto id =
      request.has_address() ? find_account(state, request.address()) : find_account(state, request.account());
  if (!id) return id.error();
  view_account(state, *id, *out.mutable_account());
  for (u8 role = 1; role <= ledger::kRoleCount; ++role)
    if ((*state.roles)[static_cast<ledger::Role>(role)].holder(*id, state.time()))
      out.add_roles(static_cast<pb::Role>(role));
  return Status::OK;
}

Status list_classes(Context& context, const pb::ListShareClassesRequest& request,
                    pb::ListShareClassesResponse& out) {
  const auto page = open_page(context, "ListShareClasses", request);
  if (!page) return page.error();
  const State& state = page->snapshot->state;
  fill_context(*page->snapshot, *out.mutable_context());
  const auto at = values_height(*page->snapshot, request.at_height());
  if (!at) return at.error();
  out.set_values_height(at->raw());
  out.set_next_page_token(walk(context, *page, state.classes.size(), [&](u64 id) {
    view_class(state, ClassId{id}, *at, *out.add_share_classes());
    return true;
  }));
  return Status::OK;
}

Status list_roles(Context& context, const pb::ListRolesRequest&, pb::ListRolesResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  for (u8 role = 1; role <= ledger::kRoleCount; ++role)
    view_role(snapshot->state, static_cast<ledger::Role>(role), *out.add_roles());
  return Status::OK;
}

Status list_actions(Context& context, const pb::ListActionsRequest& request, pb::ListActionsResponse& out) {
  const auto page = open_page(context, "ListActions", request);
  if (!page) return page.error();
  const State& state = page->snapshot->state;
  fill_context(*page->snapshot, *out.mutable_context());
  const auto& list = state.actions->list;
  out.set_next_page_token(walk(context, *page, list.size(), [&](u64 position) {
    view_action(state, list[position], *out.add_actions());
    return true;
  }));
  return Status::OK;
}

Status list_joins(Context& context, const pb::ListPendingJoinsRequest& request,
                  pb::ListPendingJoinsResponse& out) {
  const auto page = open_page(context, "ListPendingJoins", request);
  if (!page) return page.error();
  fill_context(*page->snapshot, *out.mutable_context());
  const auto& list = page->snapshot->state.joins->list;
  out.set_next_page_token(walk(context, *page, list.size(), [&](u64 position) {
    const ledger::PendingJoin& join = list[position];
    pb::PendingJoin& one = *out.add_joins();
    one.set_address(to_bytes(join.address.bytes));
    one.set_profile_hash(to_bytes(join.profile_hash.bytes));
    one.set_consent_hash(to_bytes(join.consent_hash.bytes));
    one.set_asked_height(join.asked.raw());
    return true;
  }));
  return Status::OK;
}

Status get_policies(Context& context, const pb::GetPoliciesRequest&, pb::GetPoliciesResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  for (std::size_t kind = 0; kind < ledger::kProposalKinds; ++kind) {
    pb::KindPolicy& one = *out.add_policies();
    one.set_kind(enum_to_proto<pb::ProposalKind>(static_cast<ledger::ProposalKind>(kind)));
    to_proto(snapshot->state.rules->policies[kind], *one.mutable_policy());
  }
  return Status::OK;
}

Status list_parameters(Context& context, const pb::ListParametersRequest&, pb::ListParametersResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  for (const ledger::ParamInfo& info : ledger::param_table()) {
    pb::Parameter& one = *out.add_parameters();
    one.set_name(std::string(info.name));
    one.set_value(snapshot->state.param(info.id));
    one.set_default_value(info.default_value);
    one.set_minimum(info.minimum);
    one.set_maximum(info.maximum);
    one.set_changed_by(enum_to_proto<pb::ProposalKind>(info.changed_by));
    one.set_meaning(std::string(info.meaning));
  }
  return Status::OK;
}

class GovernanceService final : public pb::GovernanceService::CallbackService {
 public:
  explicit GovernanceService(Context& context) : context_(context) {}

  // One method of the generated base class, answered by one function above.
#define MOOT_ANSWER(Method, function)                                                             \
  ServerUnaryReactor* Method(CallbackServerContext* call, const pb::Method##Request* request,     \
                             pb::Method##Response* response) override {                           \
    return answer_now(context_, call, request, response,                                          \
                      [this](const auto& in, auto& out) { return function(context_, in, out); }); \
  }
  MOOT_ANSWER(GetProposal, get_proposal)
  MOOT_ANSWER(ListProposals, list_proposals)
  MOOT_ANSWER(GetTally, get_tally)
  MOOT_ANSWER(ListBallots, list_ballots)
  MOOT_ANSWER(GetBallot, get_ballot)
  MOOT_ANSWER(GetMember, get_member)
  MOOT_ANSWER(ListMembers, list_members)
  MOOT_ANSWER(GetAccount, get_account)
  MOOT_ANSWER(ListShareClasses, list_classes)
  MOOT_ANSWER(ListRoles, list_roles)
  MOOT_ANSWER(ListActions, list_actions)
  MOOT_ANSWER(ListPendingJoins, list_joins)
  MOOT_ANSWER(GetPolicies, get_policies)
  MOOT_ANSWER(ListParameters, list_parameters)
#undef MOOT_ANSWER

 private:
  Context& context_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_governance_service(Context& context) {
  return std::make_unique<GovernanceService>(context);
}

}  // namespace moot::node::api
