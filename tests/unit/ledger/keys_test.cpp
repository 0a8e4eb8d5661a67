// Keys of accounts: rotation, recovery, withdrawn nonces (rules.md §1.5, §3.1, §3.9).
#include <map>

#include "base/random.hpp"
#include "ledger/handlers/handlers.hpp"
#include "tests/unit/ledger/members_world.hpp"

namespace moot::test {
namespace {

constexpr u64 kRecoveryDelay = 14 * kDay;
constexpr u64 kFreeze = 7 * kDay;

// Registrars r0 and r1 agree on a recovery of `label`'s key.
void open_recovery(MembersWorld& world, std::string_view label, std::string_view new_label) {
  const u64 action = world.run("r0", world.recovery(label, new_label)).detail;
  world.run("r1", world.approval(action));
  ASSERT_TRUE(world.of(label).extra->recovery.has_value());
}

Transfer tokens(std::string_view to, u64 amount) {
  return {.asset = AssetId{1},
          .to = test_address(to),
          .amount = Amount{amount},
          .amount_text = std::to_string(amount) + " TOK"};
}

// ---- the sorted, linked leaves ----

void expect_linked(const State& state, const std::map<Address, u64>& owners, u64 seed) {
  ASSERT_EQ(state.accounts.size(), owners.size()) << "seed " << seed;
  for (auto it = owners.begin(); it != owners.end(); ++it) {
    const auto leaf = state.leaf_of(it->first);
    ASSERT_TRUE(leaf.has_value()) << "seed " << seed;
    const Account& account = state.accounts[leaf->value];
    ASSERT_EQ(account.address, it->first) << "seed " << seed;
    ASSERT_EQ(account.retired() ? account.extra->retired_of : leaf->value, it->second) << "seed " << seed;
    const Address next = std::next(it) == owners.end() ? Address{} : std::next(it)->first;
    ASSERT_EQ(account.next_address, next) << "seed " << seed;
  }
}

TEST(Addresses, StayLinkedInOrderThroughAnyRotations_3_1) {
  for (u64 seed = 1; seed <= 20; ++seed) {
    SeededRandom random(seed);
    State state;
    std::map<Address, u64> owners;  // every address that ever was → its account
    std::vector<std::pair<u64, Address>> current;
    const auto fresh = [&] {
      Address address;
      do
        address.bytes[0] = static_cast<u8>(random.below(256)),
        address.bytes[19] = static_cast<u8>(random.below(4));
      while (address.is_zero() || owners.contains(address));
      return address;
    };
    for (int i = 0; i < 120; ++i) {
      const Address address = fresh();
      if (current.empty() || random.below(2) == 0) {
        const AccountId id = add_account(state, address);
        owners[address] = id.value;
        current.emplace_back(id.value, address);
      } else {
        auto& [id, now] = current[random.below(current.size())];
        rotate_address(state, AccountId{id}, address);
        owners[address] = id;
        now = address;
      }
    }
    ASSERT_NO_FATAL_FAILURE(expect_linked(state, owners, seed));
    for (const auto& [id, address] : current)
      ASSERT_EQ(state.account_of(address), AccountId{id}) << "seed " << seed;
  }
}

// ---- RotateKey ----

TEST(Rotation, TheAccountKeepsEverythingAndTheOldKeyNothing_3_9) {
  MembersWorld world;
  const AccountId account = world.account("m1");
  const MemberId member = world.member("m1");
  const VerifiedTransaction tx = world.sign("m1", world.rotation("m1", "n1"));
  EXPECT_EQ(world.at_the_door(tx), std::nullopt);
  world.block(std::span(&tx, 1));
  EXPECT_EQ(world.account("n1"), account);
  EXPECT_EQ(world.member("n1"), member);
  EXPECT_EQ(world.units("n1"), 20u);
  EXPECT_EQ(world.state().accounts[account.value].next_nonce, 2u);
  EXPECT_FALSE(world.state().account_of(test_address("m1")));
  const auto retired = world.state().leaf_of(test_address("m1"));
  ASSERT_TRUE(retired.has_value());
  EXPECT_EQ(world.state().accounts[retired->value].extra->retired_of, account.value);
  EXPECT_EQ(world.code("m1", Leave{}), TxError::account_retired);
  EXPECT_EQ(world.code("n1", Leave{}), std::nullopt);
  expect_sound(world);
}

TEST(Rotation, MovesMoneyAndRolesWithTheAccount_3_9) {
  MembersWorld world;
  world.run("buyer", world.rotation("buyer", "buyer2"));
  world.run("buyer2", tokens("m0", 400));
  EXPECT_EQ(world.code("m0", tokens("buyer", 1)), TxError::account_retired);
  world.run("r0", world.rotation("r0", "r0b"));
  world.run("r0b", world.grant("m0", 5));
  EXPECT_EQ(world.code("r0", world.grant("m0", 5)), TxError::account_retired);
  expect_sound(world);
}

TEST(Rotation, TakesAnAddressThatNobodyEverHad_3_1) {
  MembersWorld world;
  world.run("m1", world.rotation("m1", "n1"));
  EXPECT_EQ(world.code("m0", world.rotation("m0", "m0")), TxError::address_taken);
  EXPECT_EQ(world.code("m0", world.rotation("m0", "t0")), TxError::address_taken);
  EXPECT_EQ(world.code("m0", world.rotation("m0", "m1")), TxError::address_taken)
      << "retired, but for ever m1's";
  EXPECT_EQ(world.code("n1", world.rotation("n1", "m1")), TxError::address_taken) << "no way back either";
  EXPECT_EQ(world.code("m0", RotateKey{}), TxError::bad_value);
}

TEST(Rotation, NeedsTheNewKeysConsentToThisOneTransaction_3_9) {
  MembersWorld world;
  RotateKey stolen = world.rotation("m0", "n0");
  stolen.new_address = test_address("m1");
  EXPECT_EQ(world.at_the_door(world.sign("m0", stolen)), TxError::carried_signature_mismatch);
  EXPECT_EQ(world.at_the_door(world.sign("m0", world.rotation("m0", "n0", 2))),
            TxError::carried_signature_mismatch)
      << "consent was given to another nonce";
  EXPECT_EQ(world.at_the_door(world.sign("m2", world.rotation("m0", "n0"))),
            TxError::carried_signature_mismatch)
      << "and to another account";
}

TEST(Rotation, NamesAnEnd_1_5) {
  MembersWorld world;
  const RotateKey tx = world.rotation("m0", "n0");
  const auto code = [&](u64 until) {
    return world.code(world.sign("m0", tx, {.nonce = 1, .valid_until = TimeMs{until}}));
  };
  const u64 next_block = world.now().raw() + kSecond;
  EXPECT_EQ(code(0), TxError::valid_until_needed);
  EXPECT_EQ(code(next_block), TxError::expired);
  EXPECT_EQ(code(next_block + 1), std::nullopt);
  EXPECT_EQ(code(next_block + 30 * kDay), std::nullopt);
  EXPECT_EQ(code(next_block + 30 * kDay + 1), TxError::valid_until_needed);
}

TEST(Rotation, BallotsByTheOldKeyAreRefusedAndTheSlotStays_3_9) {
  MembersWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  const VerifiedTransaction kept_back = world.ballot("m1", id, Choice::in_favour);
  world.vote("m2", id, Choice::in_favour);
  world.run("m1", world.rotation("m1", "n1"));
  world.run("m2", world.rotation("m2", "n2"));
  EXPECT_EQ(world.code(kept_back), TxError::account_retired);
  EXPECT_EQ(world.code(world.ballot("n1", id, Choice::against)), std::nullopt);
  EXPECT_EQ(world.code(world.ballot("n2", id, Choice::against)), TxError::already_voted);
}

TEST(Rotation, TwiceInOneBlockAndTheNewKeyActsAtOnce_3_9) {
  MembersWorld world;
  const TimeMs until = world.in(kHour);
  const std::vector txs{
      world.sign("m1", world.rotation("m1", "n1", 1), {.nonce = 1, .valid_until = until}),
      world.sign("n1", world.rotation("n1", "o1", 2), {.nonce = 2, .valid_until = until}),
      world.sign("o1", SetDelegate{test_address("m0")}, {.nonce = 3, .valid_until = until}),
  };
  EXPECT_EQ(world.codes_of(txs), (std::vector<u16>{0, 0, 0}));
  EXPECT_EQ(world.member("o1"), MemberId{1});
  EXPECT_EQ(world.of("o1").extra->delegate.last(), 1u);
  expect_sound(world);
}

TEST(Rotation, AnApprovalOutlivesTheKeyThatGaveIt_4) {
  MembersWorld world;
  const u64 action = world.run("r0", world.recovery("m4", "n4")).detail;
  world.run("r0", world.rotation("r0", "r0b"));
  EXPECT_EQ(world.code("r0b", world.approval(action)), TxError::already_approved);
  world.run("r1", world.approval(action));
  EXPECT_TRUE(world.of("m4").extra->recovery.has_value());
}

TEST(Rotation, ToAnAddressThatAskedToJoinEndsItsWaiting_3_8) {
  MembersWorld world;
  world.run("x0", world.invited("code"));
  world.run("m1", world.rotation("m1", "x0"));
  EXPECT_TRUE(world.state().joins->list.empty());
  EXPECT_EQ(world.code("r0", world.admission({world.entry("x0")})), TxError::already_member);
}

// ---- recovery ----

TEST(Recovery, CompletesAfterTheDelayInStep1_3_9) {
  MembersWorld world;
  open_recovery(world, "m4", "n4");
  const TimeMs due = world.of("m4").extra->recovery->due;
  EXPECT_EQ(due, world.in(kRecoveryDelay));
  world.wait(kRecoveryDelay - 1);
  EXPECT_TRUE(world.of("m4").extra->recovery.has_value());
  EXPECT_EQ(world.code("m4", Confirm{}, 1), TxError::account_retired) << "at T = due the old key is too late";
  world.wait(1);
  EXPECT_EQ(world.member("n4"), MemberId{4});
  EXPECT_EQ(world.units("n4"), 50u);
  EXPECT_FALSE(world.of("n4").extra->recovery.has_value());
  EXPECT_EQ(world.of("n4").extra->recovered_height, world.height().raw());
  expect_sound(world);
}

TEST(Recovery, NoMoneyLeavesForSevenDays_3_9) {
  MembersWorld world;
  world.run("buyer", tokens("m4", 100));
  open_recovery(world, "m4", "n4");
  world.wait(kRecoveryDelay);
  world.run("buyer", tokens("n4", 1));
  EXPECT_EQ(world.code("n4", tokens("m0", 1)), TxError::debit_frozen);
  world.wait(kFreeze - 3 * kSecond);
  const u64 left =
      world.state().accounts[world.account("n4").value].extra->frozen_until.raw() - world.now().raw();
  EXPECT_EQ(left, 2 * kSecond);
  EXPECT_EQ(world.code("n4", tokens("m0", 101), left - 1), TxError::debit_frozen);
  EXPECT_EQ(world.code("n4", tokens("m0", 101), left), std::nullopt);
}

TEST(Recovery, VotesOnlyWhereTheRecordHeightIsAtOrPastCompletion_3_9) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    for (Policy& policy : genesis.rules.policies) policy.period = DurationMs{kRecoveryDelay};
  }));
  open_recovery(world, "m4", "n4");
  world.wait(kDay);
  const ProposalId before = world.propose(ProposalKind::text, {});
  world.wait(kRecoveryDelay - kDay);
  ASSERT_EQ(world.member("n4"), MemberId{4});
  EXPECT_EQ(world.code(world.ballot("n4", before, Choice::in_favour)), TxError::recovered_too_late);
  const ProposalId at = world.propose(ProposalKind::text, {}, "m1");
  EXPECT_EQ(world.state().proposals[at.value].record_height.raw(), world.of("n4").extra->recovered_height);
  EXPECT_EQ(world.code(world.ballot("n4", at, Choice::in_favour)), std::nullopt);
}

TEST(Recovery, NeedsTwoRegistrarsWhereThereAreTwo_3_9) {
  MembersWorld world;
  ASSERT_EQ(world.role(Role::registrar).threshold, 1);
  const u64 action = world.run("r0", world.recovery("m4", "n4")).detail;
  EXPECT_FALSE(world.of("m4").extra->recovery.has_value());
  EXPECT_EQ(world.open_actions(), 1u);
  EXPECT_EQ(world.code("u0", world.approval(action)), TxError::role_needed);
  world.run("r1", world.approval(action));
  EXPECT_TRUE(world.of("m4").extra->recovery.has_value());

  MembersWorld alone;
  alone.run("r1", ResignRole{Role::registrar});
  alone.run("r0", alone.recovery("m4", "n4"));
  EXPECT_TRUE(alone.of("m4").extra->recovery.has_value());
}

TEST(Recovery, NeedsAllWhomTheRoleAsksForWhereThatIsMoreThanTwo_3_9) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    genesis.roles[Role::registrar].holders.push_back(
        {.address = test_address("r2"), .expires = {}, .validator_key = {}, .comet_key = {}});
    genesis.roles[Role::registrar].threshold = 3;
  }));
  const u64 action = world.run("r0", world.recovery("m4", "n4")).detail;
  world.run("r1", world.approval(action));
  EXPECT_FALSE(world.of("m4").extra->recovery.has_value());
  world.run("r2", world.approval(action));
  EXPECT_TRUE(world.of("m4").extra->recovery.has_value());
}

TEST(Recovery, RoleHoldersAreReplacedByProposalOnly_3_9) {
  MembersWorld world;
  world.run("r0", world.admission({world.entry("t0"), world.entry("a0"), world.entry("v0")}));
  for (const char* label : {"t0", "a0", "v0"}) {
    const u64 action = world.run("r0", world.recovery(label, "fresh")).detail;
    EXPECT_EQ(world.code("r1", world.approval(action)), TxError::role_holder_not_recoverable) << label;
  }
}

TEST(Recovery, IsRefusedForWhatItIs) {
  MembersWorld world;
  open_recovery(world, "m4", "n4");
  const auto completes = [&](const RecoverKey& tx) {
    MembersWorld copy = world;
    const u64 action = copy.run("r0", tx).detail;
    return copy.code("r1", copy.approval(action));
  };
  RecoverKey nobody = world.recovery("m3", "n3");
  nobody.member = MemberId{77};
  EXPECT_EQ(completes(nobody), TxError::no_such_member);
  EXPECT_EQ(completes(world.recovery("m4", "o4")), TxError::recovery_open);
  EXPECT_EQ(completes(world.recovery("m3", "t0")), TxError::address_taken);
  EXPECT_EQ(completes(world.recovery("m3", "n3")), std::nullopt);
  EXPECT_EQ(world.code("r0", RecoverKey{.member = world.member("m3")}), TxError::bad_value);
  EXPECT_EQ(world.code("m0", world.recovery("m3", "n3")), TxError::role_needed);
}

TEST(Recovery, EndsWhenItsAddressWasTakenMeanwhile_3_9) {
  MembersWorld world;
  open_recovery(world, "m4", "n4");
  world.run("r0", world.admission({world.entry("n4")}));
  world.wait(kRecoveryDelay);
  EXPECT_FALSE(world.of("m4").extra->recovery.has_value());
  EXPECT_EQ(world.member("m4"), MemberId{4}) << "the old key is still the key";
  EXPECT_NE(world.member("n4"), MemberId{4});
  expect_sound(world);
}

TEST(Recovery, EndsWhenTheMemberTookARoleMeanwhile_3_9) {
  MembersWorld world;
  open_recovery(world, "m4", "n4");
  world.pass(
      ProposalKind::roles,
      {RoleChange{.change = RoleChangeKind::grant, .role = Role::attestor, .holder = test_address("m4")}});
  world.wait(kRecoveryDelay);
  EXPECT_EQ(world.member("m4"), MemberId{4});
  EXPECT_FALSE(world.of("m4").extra->recovery.has_value());
  expect_sound(world);
}

// ---- attacks ----

TEST(Attack, RecoveryOfALiveMembersKeyEndsWithAnyTransactionOfTheirs_3_9) {
  const auto survives = [](Payload payload) {
    MembersWorld world;
    open_recovery(world, "m4", "thief");
    world.wait(kRecoveryDelay - kHour);
    world.run("m4", std::move(payload));
    EXPECT_FALSE(world.of("m4").extra->recovery.has_value());
    world.wait(kDay);
    EXPECT_EQ(world.member("m4"), MemberId{4});
    EXPECT_FALSE(world.state().leaf_of(test_address("thief")));
    expect_sound(world);
  };
  survives(Confirm{.consent_hash = text_hash("I am here")});
  survives(SetDelegate{test_address("m0")});
  survives(AdvanceNonce{5});
}

// Failed or done: a good signature by the old key is on the ledger (docs/decisions/0012).
TEST(Attack, ATransactionThatFailsIsASignOfLifeToo_3_9) {
  MembersWorld world;
  open_recovery(world, "m4", "thief");
  const VerifiedTransaction failing = world.sign("m4", SetDelegate{test_address("m4")});
  const BlockResult result = world.block(std::span(&failing, 1));
  EXPECT_EQ(result.receipts.front().code, static_cast<u16>(TxError::self_delegation));
  EXPECT_FALSE(world.of("m4").extra->recovery.has_value());
  ASSERT_EQ(result.events.size(), 1u);
  EXPECT_EQ(result.events.front().kind, EventKind::recovery_ended);
  EXPECT_EQ(result.events.front().tx_index, 0u);
  world.wait(kRecoveryDelay);
  EXPECT_EQ(world.member("m4"), MemberId{4});
  expect_sound(world);
}

TEST(Attack, ATransactionBySomebodyElseDoesNotEndARecovery_3_9) {
  MembersWorld world;
  open_recovery(world, "m4", "n4");
  world.run("m3", SetDelegate{test_address("m4")});
  world.run("buyer", tokens("m4", 1));
  EXPECT_TRUE(world.of("m4").extra->recovery.has_value());
}

TEST(Attack, ABallotDoesNotEndARecovery_3_9) {
  MembersWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  open_recovery(world, "m4", "n4");
  world.vote("m4", id, Choice::in_favour);
  EXPECT_TRUE(world.of("m4").extra->recovery.has_value()) << "a stolen phone may still vote";
}

TEST(Attack, AStolenNonceIsNobodysButTheSigners_1_5) {
  MembersWorld world;
  const VerifiedTransaction owners = world.sign("m0", SetDelegate{test_address("m1")});
  Transaction forged = world.sign("m3", Leave{}).tx;
  forged.signer = test_address("m0");
  const auto verdict =
      verify_transaction(world.signing(), world.state().rules->parameters, encode_transaction(forged));
  ASSERT_FALSE(verdict.has_value());
  EXPECT_EQ(verdict.error().code, TxError::signer_mismatch);
  world.block(std::span(&owners, 1));
  EXPECT_EQ(world.code(owners), TxError::nonce_stale) << "sent again by somebody else";
  EXPECT_EQ(world.state().accounts[world.account("m0").value].next_nonce, 2u);
}

TEST(Attack, ATransactionThatSomebodyHoldsBackIsWithdrawn_1_5) {
  MembersWorld world;
  const VerifiedTransaction held_back = world.sign("m0", Leave{}, {.nonce = 3, .valid_until = {}});
  world.run("m0", AdvanceNonce{4});
  EXPECT_EQ(world.code(held_back), TxError::nonce_stale);
  EXPECT_EQ(world.state().accounts[world.account("m0").value].next_nonce, 4u);
}

// ---- AdvanceNonce ----

TEST(AdvanceNonce, GoesForwardByAThousandAtMost_1_5) {
  MembersWorld world;
  EXPECT_EQ(world.code("m0", AdvanceNonce{0}), TxError::nonce_stale);
  EXPECT_EQ(world.code("m0", AdvanceNonce{1}), TxError::nonce_stale);
  EXPECT_EQ(world.code("m0", AdvanceNonce{2}), std::nullopt);
  EXPECT_EQ(world.code("m0", AdvanceNonce{1'001}), std::nullopt);
  EXPECT_EQ(world.code("m0", AdvanceNonce{1'002}), TxError::nonce_ahead);
  EXPECT_EQ(world.code("m0", AdvanceNonce{~u64{0}}), TxError::nonce_ahead);
  world.run("t0", AdvanceNonce{1'001});
  EXPECT_EQ(world.state().accounts[world.account("t0").value].next_nonce, 1'001u);
}

}  // namespace
}  // namespace moot::test
