// A LedgerWorld for members and roles: what others sign inside a payload, proposals that pass, and sums taken the
// slow way.
#pragma once

#include <gtest/gtest.h>

#include "crypto/ecdsa.hpp"
#include "ledger/apply.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {

using namespace ledger;

inline const ClassId kDataSet{0};
inline const ClassId kHouse{1};

class MembersWorld : public LedgerWorld {
 public:
  using LedgerWorld::LedgerWorld;

  [[nodiscard]] TimeMs in(u64 ms) const { return TimeMs{now().raw() + ms}; }
  [[nodiscard]] const Member& of(std::string_view label) const {
    return state().members[member(label).value];
  }
  [[nodiscard]] u64 units(std::string_view label, ClassId share_class = kDataSet) const {
    return of(label).units_now(share_class).raw();
  }
  [[nodiscard]] u64 total(ClassId share_class) const {
    return state().classes[share_class.value].total.last();
  }
  [[nodiscard]] const RoleTable& role(Role role) const { return (*state().roles)[role]; }
  [[nodiscard]] std::size_t open_actions() const { return state().actions->list.size(); }

  // Time passes in one block without transactions.
  void wait(u64 ms) { block(ms); }
  // To the first millisecond of the next day.
  void wait_for_tomorrow() { wait(kDay - now().raw() % kDay); }

  [[nodiscard]] static AdmitMembers admission(std::initializer_list<Admission> members,
                                              ClassId share_class = kHouse) {
    return {.share_class = share_class, .members = members, .expires = {}};
  }
  [[nodiscard]] static Admission entry(std::string_view label, u64 units = 0) {
    return {.address = test_address(label), .units = Units{units}, .consent_hash = {}};
  }
  [[nodiscard]] GrantUnits grant(std::string_view label, u64 units, ClassId share_class = kHouse) const {
    return {.share_class = share_class, .grants = {{member(label), Units{units}}}, .expires = {}};
  }
  [[nodiscard]] RevokeUnits revocation(std::string_view label, u64 units,
                                       ClassId share_class = kDataSet) const {
    return {.share_class = share_class,
            .member = member(label),
            .units = Units{units},
            .reason = "an error",
            .expires = {}};
  }
  [[nodiscard]] RecoverKey recovery(std::string_view label, std::string_view new_label) const {
    return {
        .member = member(label), .new_address = test_address(new_label), .evidence_hash = {}, .expires = {}};
  }
  [[nodiscard]] ApproveAction approval(u64 action, TimeMs expires = {}) const {
    for (const OpenAction& one : state().actions->list)
      if (one.id == action) return {.action = action, .key = one.key, .expires = expires};
    return {.action = action, .key = {}, .expires = expires};
  }

  // ---- payloads that carry somebody else's signature ----
  [[nodiscard]] Contribution contribution(std::string_view label, u64 units, std::string_view content,
                                          ClassId share_class = kDataSet, std::string_view attestor = "a0",
                                          TimeMs valid_until = {}) const {
    Contribution out{.member = member(label),
                     .units = Units{units},
                     .content_hash = text_hash(content),
                     .attestor = test_address(attestor),
                     .valid_until = valid_until,
                     .signature = {}};
    out.signature = carried(attestor, statement_digest(signing(), statement_of(share_class, out)));
    return out;
  }
  [[nodiscard]] Join invited(std::string_view code, std::string_view registrar = "r0",
                             TimeMs valid_until = {}) const {
    const Invite invite{
        .code = text_hash(code), .registrar = test_address(registrar), .valid_until = valid_until};
    return {.profile_hash = text_hash("profile"),
            .consent_hash = text_hash("consent"),
            .invite_code = invite.code,
            .registrar = invite.registrar,
            .invite_valid_until = valid_until,
            .invite_signature = carried(registrar, statement_digest(signing(), invite))};
  }
  [[nodiscard]] RotateKey rotation(std::string_view from, std::string_view to, u64 nonce) const {
    const AcceptKey accept{.previous = test_address(from), .next = test_address(to), .nonce = nonce};
    return {.new_address = accept.next, .new_signature = carried(to, statement_digest(signing(), accept))};
  }
  [[nodiscard]] RotateKey rotation(std::string_view from, std::string_view to) const {
    return rotation(from, to, state().accounts[account(from).value].next_nonce);
  }
  // What the node at the door says of its signatures.
  [[nodiscard]] std::optional<TxError> at_the_door(const VerifiedTransaction& tx) const {
    const auto verdict = verify_transaction(signing(), state().rules->parameters, encode_transaction(tx.tx));
    if (verdict) return std::nullopt;
    note_refusal(verdict.error().code);
    return verdict.error().code;
  }

  // ---- proposals ----
  // Everybody who may votes For. Gives the code with which the execution failed; nothing when it ran.
  std::optional<TxError> decide(ProposalKind kind, std::vector<Action> actions,
                                std::string_view proposer = "m0") {
    const ProposalId id = propose(kind, std::move(actions), proposer);
    std::vector<VerifiedTransaction> ballots;
    for (const char* voter : {"m0", "m1", "m2", "m3", "m4"})
      if (!code(ballot(voter, id, Choice::in_favour)))
        ballots.push_back(ballot(voter, id, Choice::in_favour));
    block(ballots);
    if (state().proposals[id.value].state == ProposalState::active) block(kHour);
    if (state().proposals[id.value].state == ProposalState::succeeded) block();
    const Proposal& proposal = state().proposals[id.value];
    if (proposal.state == ProposalState::executed) return std::nullopt;
    EXPECT_NE(proposal.failure, 0) << "the proposal did not come to its execution";
    return static_cast<TxError>(proposal.failure);
  }
  void pass(ProposalKind kind, std::vector<Action> actions, std::string_view proposer = "m0") {
    const auto failure = decide(kind, std::move(actions), proposer);
    ASSERT_FALSE(failure) << reason(*failure);
  }
  void suspend(std::string_view label, u64 ms) {
    pass(ProposalKind::membership,
         {MemberAction{.member = member(label), .expel = false, .suspension = DurationMs{ms}}});
  }
  void expel(std::string_view label) {
    pass(ProposalKind::membership, {MemberAction{.member = member(label), .expel = true, .suspension = {}}});
  }

  // A block of these, of which some may fail: the codes, 0 for what was done.
  std::vector<u16> codes_of(std::span<const VerifiedTransaction> txs) {
    std::vector<u16> out;
    for (const Receipt& receipt : block(txs).receipts) out.push_back(receipt.code);
    return out;
  }

 private:
  static CarriedSignature carried(std::string_view label, const Hash& digest) {
    return {crypto::sign(test_key(label), digest).bytes};
  }
};

// Every sum taken again over everything, and everything derived built again from the records.
inline void expect_sound(const LedgerWorld& world) {
  for (const LawBreach& breach : check_full_sums(world.state()))
    ADD_FAILURE() << breach.law << ": " << breach.what;
  State rebuilt = world.state();
  rebuild_derived(rebuilt);
  const auto schedule = [](const State& state) {
    std::vector<DueItem> out;
    state.schedule.for_each([&](const DueItem& item, u8) { out.push_back(item); });
    return out;
  };
  const auto addresses = [](const State& state) {
    std::vector<std::pair<Address, u64>> out;
    state.by_address.for_each([&](const Address& address, u64 leaf) { out.emplace_back(address, leaf); });
    return out;
  };
  EXPECT_EQ(schedule(world.state()), schedule(rebuilt));
  EXPECT_EQ(addresses(world.state()), addresses(rebuilt));
}

// A genesis that a test changes before anything happens.
template <class Change>
Genesis genesis_with(Change&& change) {
  Genesis genesis = test_genesis();
  change(genesis);
  return genesis;
}

}  // namespace moot::test
