// Each law of rules.md §7 fires on a state broken on purpose, and on nothing else.
#include "ledger/laws/laws.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "ledger/money.hpp"
#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

using Laws = std::set<std::string_view>;
using Change = void (*)(State&);

struct Breach {
  const char* what;
  const char* law;
  Change change;
};
void PrintTo(const Breach& breach, std::ostream* out) { *out << breach.what; }

Laws names(const std::vector<LawBreach>& breaches) {
  Laws out;
  for (const LawBreach& breach : breaches) out.insert(breach.law);
  return out;
}

constexpr u64 kSettled = 0;  // m0 has settled the one payout
constexpr u64 kOwed = 4;     // m4 has not
constexpr u64 kPaidSale = 0;
constexpr u64 kFundedSale = 1;
constexpr u64 kOpenSale = 2;

// A payout partly settled, a funded sale, an open sale with money in it, an open and a paid redemption, a
// vote under way.
const State& sample() {
  static const State state = [] {
    MoneyWorld world;
    world.paid_out(150'004);
    world.run("m0", world.redemption(2'000));
    world.run("t0", SettleRedemptions{.items = {{RedemptionId{0}, true, "wire"}}, .expires = world.soon()});
    world.run("m0", world.redemption(1'000));
    world.funded(7'000);
    world.authorise(world.terms(kTok, 500, 900));
    world.run("buyer", world.payment(SaleId{kOpenSale}, 300));
    const ProposalId open = world.propose(ProposalKind::text, {});
    world.vote("m0", open, Choice::against);
    return world.state();
  }();
  return state;
}

Laws broken_by(Change change) {
  State after = sample();
  change_chain(after, [](Chain& chain) {
    chain.height = Height{chain.height.raw() + 1};
    chain.time = TimeMs{chain.time.raw() + kSecond};
  });
  change(after);
  Changes changes;
  state_root(after, &changes);
  return names(check_laws(sample(), after, changes));
}

Asset& usdx(State& state) { return state.assets.edit(kUsdx.value); }
void add(Amount& to, u128 amount) { to = Amount{to.raw() + amount}; }
Proposal& open_proposal(State& state) { return state.proposals.edit(state.proposals.size() - 1); }
Holding& holding(State& state, u64 member) { return state.members.edit(member).holdings.front(); }
// A debit is its owner's only when the account's nonce rose.
void signs(State& state, u64 member) {
  state.accounts.edit(state.members[member].account.value).next_nonce += 1;
}

TEST(Laws, HoldForABlockThatDoesNothing) {
  EXPECT_EQ(broken_by([](State&) {}), Laws{});
}

TEST(Laws, HoldForASettlement) {
  EXPECT_EQ(broken_by([](State& state) {
              std::vector<Event> events;
              std::vector<ProposalId> voted;
              std::vector<std::pair<u32, TxError>> skipped;
              std::map<u64, BallotBox> sealed;
              Execution run{.state = state,
                            .height = state.height(),
                            .now = state.time(),
                            .sender = {},
                            .events = events,
                            .voted = voted,
                            .skipped = skipped,
                            .sealed = sealed};
              settle_class(run, MemberId{kOwed}, kData, 256);
            }),
            Laws{});
}

// A payout that runs although the state before it said that it was paused (6.3).
TEST(Laws, CatchAPayoutDuringItsPause) {
  MoneyWorld world;
  const SaleId id = world.funded(1'000);
  world.run("t0", world.approval(id));
  const TimeMs due = world.sale(id).due;
  const BlockResult paid = BlockExecution(world.state(), due).finish();
  const auto breaches_with_pause_until = [&](u64 ms) {
    State paused = world.state();
    paused.sales.edit(id.value).paused_until = TimeMs{ms};
    return names(check_laws(paused, paid.state, paid.changes));
  };
  EXPECT_EQ(breaches_with_pause_until(due.raw()), Laws{});
  EXPECT_EQ(breaches_with_pause_until(due.raw() + 1), Laws{"sequence"});
}

class EveryLaw : public ::testing::TestWithParam<Breach> {};

TEST_P(EveryLaw, Fires_7) {
  const Laws found = broken_by(GetParam().change);
  EXPECT_TRUE(found.contains(GetParam().law)) << GetParam().what;
}

const Breach kMoney[] = {
    {"a supply grows alone", "money", [](State& s) { add(usdx(s).supply, 1); }},
    {"supply and treasury grow together", "money",
     [](State& s) { mint(s, &Asset::treasury, {kUsdx, Amount{1}}); }},
    {"a fixed supply grows", "money", [](State& s) { mint(s, &Asset::treasury, {kTok, Amount{1}}); }},
    {"a balance grows alone", "money", [](State& s) { s.accounts.edit(0).set_balance(kUsdx, Amount{1}); }},
    {"the treasury pays without a proposal", "money",
     [](State& s) { pay_out(s, &Asset::treasury, AccountId{0}, {kTok, Amount{1}}); }},
    {"escrow pays somebody", "money",
     [](State& s) { pay_out(s, &Asset::escrow, AccountId{0}, {kUsdx, Amount{1}}); }},
    {"a redemption shrinks", "money", [](State& s) { s.redemptions.edit(1).amount = Amount{999}; }},
    {"a redemption is burned twice", "money",
     [](State& s) { burn(s, &Asset::locked, {kUsdx, Amount{500}}); }},
    {"proceeds without money", "money", [](State& s) { add(s.sales.edit(kOpenSale).recorded, 1); }},
    {"a counter overflows", "money", [](State& s) { usdx(s).treasury = Amount{kMaxU128}; }},
};
const Breach kPayouts[] = {
    {"owed money goes to one it is not owed to", "payouts",
     [](State& s) {
       add(s.sales.edit(kPaidSale).payout->remaining, ~u128{0});
       pay_out(s, &Asset::owed, s.members[kSettled].account, {kUsdx, Amount{1}});
     }},
    {"a member is marked settled and gets nothing", "payouts",
     [](State& s) { holding(s, kOwed).settled = 1; }},
    {"a member could settle again", "payouts", [](State& s) { holding(s, kSettled).settled = 0; }},
    {"a member settled what does not exist", "payouts", [](State& s) { holding(s, kSettled).settled = 2; }},
    {"a cut moves", "payouts", [](State& s) { s.sales.edit(kPaidSale).payout->cut.remainder += 1; }},
    {"more remains than there was", "payouts",
     [](State& s) { s.sales.edit(kPaidSale).payout->extra_left = 1'000; }},
    {"a class forgets a payout", "payouts", [](State& s) { s.classes.edit(0).payouts.clear(); }},
    {"a class lists a payout twice", "payouts",
     [](State& s) { s.classes.edit(0).payouts.push_back(SaleId{kPaidSale}); }},
};
const Breach kRegisters[] = {
    {"units without a total", "registers", [](State& s) { holding(s, 1).units.set(s.height(), 21); }},
    {"a total without units", "registers", [](State& s) { s.classes.edit(0).total.set(s.height(), 151); }},
    {"an active total above the total", "registers",
     [](State& s) { s.classes.edit(0).active.set(s.height(), 151); }},
    {"a status without its counts", "registers",
     [](State& s) { s.members.edit(1).status.set(s.height(), static_cast<u64>(MemberStatus::left)); }},
    {"a delegation without its power", "registers",
     [](State& s) { s.members.edit(1).extra.edit().delegate.set(s.height(), 1); }},
    {"power that nobody delegated", "registers",
     [](State& s) {
       s.members.edit(1).extra.edit().delegated.push_back({.basis = BasisKey::members(), .power = {}});
       s.members.edit(1).extra.edit().delegated.back().power.set(s.height(), 1);
     }},
    {"a past is rewritten", "registers",
     [](State& s) {
       History& units = holding(s, 1).units;
       const u64 now = units.last();
       units = History{};
       units.set(s.height(), now);
     }},
    {"a confirmation without its counts", "registers",
     [](State& s) { set_confirmed(s, MemberId{4}, s.height()); }},
    {"a member more than counted", "registers",
     [](State& s) { s.counters.edit().active_members.set(s.height(), 6); }},
};
const Breach kTallies[] = {
    {"more power than there is", "tallies",
     [](State& s) { open_proposal(s).tally[Choice::in_favour] = Power{5}; }},
    {"an own ballot that is not counted", "tallies",
     [](State& s) { open_proposal(s).firm[Choice::in_favour] = Power{1}; }},
    {"power for no choice", "tallies", [](State& s) { open_proposal(s).tally[Choice::none] = Power{1}; }},
    {"an electorate that shrinks", "tallies", [](State& s) { open_proposal(s).electorate = Power{4}; }},
    {"a policy changed under a vote", "tallies", [](State& s) { open_proposal(s).policy.quorum = Ppm{}; }},
    {"an action changed under a vote", "tallies",
     [](State& s) { open_proposal(s).actions.emplace_back(Spend{}); }},
    {"a ballot disappears", "tallies", [](State& s) { open_proposal(s).ballots = 0; }},
    {"a closed tally changes", "tallies",
     [](State& s) { s.proposals.edit(0).tally[Choice::in_favour] = Power{}; }},
};
const Breach kSequence[] = {
    {"a height is skipped", "sequence",
     [](State& s) { s.chain.edit().height = Height{s.height().raw() + 1}; }},
    {"an executed proposal is queued again", "sequence",
     [](State& s) { s.proposals.edit(0).state = ProposalState::queued; }},
    {"a proposal executes without passing", "sequence",
     [](State& s) {
       Proposal& proposal = open_proposal(s);
       proposal.state = ProposalState::executed;
       proposal.executed = s.height();
       proposal.closed_at = proposal.eta = s.time();
     }},
    {"a vote is opened again", "sequence", [](State& s) { open_proposal(s).state = ProposalState::pending; }},
    {"a sale that no proposal authorised", "sequence", [](State& s) { s.sales.push(Sale{}); }},
    {"a payout happens again", "sequence",
     [](State& s) { s.sales.edit(kPaidSale).state = SaleState::approved; }},
    {"a payout before its time", "sequence",
     [](State& s) {
       Sale& sale = s.sales.edit(kFundedSale);
       sale.state = SaleState::paid_out;
       sale.paid_out = s.height();
     }},
    {"a payout in the block that funds it", "sequence",
     [](State& s) {
       Sale& sale = s.sales.edit(kOpenSale);
       sale.state = SaleState::paid_out;
       sale.paid_out = s.height();
     }},
    {"a sale is funded below its least price", "sequence",
     [](State& s) { s.sales.edit(kOpenSale).state = SaleState::funded; }},
    {"a sale expires before its deadline", "sequence",
     [](State& s) { s.sales.edit(kOpenSale).state = SaleState::expired; }},
    {"a sale's terms change", "sequence",
     [](State& s) { s.sales.edit(kOpenSale).terms.max_price = Amount{901}; }},
    {"a funded sale's proceeds change", "sequence", [](State& s) { add(s.sales.edit(kFundedSale).paid, 1); }},
    {"a paid redemption opens again", "sequence",
     [](State& s) { s.redemptions.edit(0).state = RedemptionState::open; }},
};
const Breach kAccounts[] = {
    {"money moves without its owner", "accounts",
     [](State& s) { move_stored(s, s.members[kSettled].account, AccountId{0}, {kUsdx, Amount{1}}); }},
    {"an address changes without its key", "accounts",
     [](State& s) { s.accounts.edit(0).address = test_address("thief"); }},
    {"an address is lost in a rotation", "accounts",
     [](State& s) {
       s.accounts.edit(0).next_nonce += 1;
       s.accounts.edit(0).address = test_address("new key");
     }},
    {"a nonce falls", "accounts",
     [](State& s) { s.accounts.edit(s.members[0].account.value).next_nonce = 1; }},
    {"a member changes account", "accounts", [](State& s) { s.members.edit(0).account = AccountId{0}; }},
    {"an account changes member", "accounts",
     [](State& s) { s.accounts.edit(s.members[0].account.value).member = 1; }},
    {"an account becomes a retired leaf", "accounts",
     [](State& s) { s.accounts.edit(0).extra.edit().retired_of = 1; }},
    {"a balance of nothing is kept", "accounts",
     [](State& s) { s.accounts.edit(0).balances = {{kUsdx, Amount{}}}; }},
};
INSTANTIATE_TEST_SUITE_P(Money, EveryLaw, ::testing::ValuesIn(kMoney));
INSTANTIATE_TEST_SUITE_P(Payouts, EveryLaw, ::testing::ValuesIn(kPayouts));
INSTANTIATE_TEST_SUITE_P(Registers, EveryLaw, ::testing::ValuesIn(kRegisters));
INSTANTIATE_TEST_SUITE_P(Tallies, EveryLaw, ::testing::ValuesIn(kTallies));
INSTANTIATE_TEST_SUITE_P(Sequence, EveryLaw, ::testing::ValuesIn(kSequence));
INSTANTIATE_TEST_SUITE_P(Accounts, EveryLaw, ::testing::ValuesIn(kAccounts));

TEST(Laws, LetAnOwnerSpend) {
  EXPECT_EQ(broken_by([](State& s) {
              signs(s, kSettled);
              move_stored(s, s.members[kSettled].account, AccountId{0}, {kUsdx, Amount{1}});
            }),
            Laws{});
}

// ---- full sums ----

Laws full_sums_after(Change change) {
  State state = sample();
  change(state);
  return names(check_full_sums(state));
}

TEST(FullSums, HoldForAnHonestLedger) {
  EXPECT_EQ(full_sums_after([](State&) {}), Laws{});
}

class EverySum : public ::testing::TestWithParam<Breach> {};

TEST_P(EverySum, Fires_7) {
  const Laws found = full_sums_after(GetParam().change);
  EXPECT_TRUE(found.contains(GetParam().law)) << GetParam().what;
}

const Breach kSums[] = {
    {"a balance", "money", [](State& s) { s.accounts.edit(0).set_balance(kUsdx, Amount{1}); }},
    {"a supply", "money", [](State& s) { add(usdx(s).supply, 1); }},
    {"escrow", "money", [](State& s) { move_pool(s, &Asset::escrow, &Asset::treasury, {kUsdx, Amount{1}}); }},
    {"locked", "money", [](State& s) { move_pool(s, &Asset::locked, &Asset::treasury, {kUsdx, Amount{1}}); }},
    {"owed", "money", [](State& s) { move_pool(s, &Asset::owed, &Asset::treasury, {kUsdx, Amount{1}}); }},
    {"a cut", "payouts", [](State& s) { s.sales.edit(kPaidSale).payout->cut.remainder += 1; }},
    {"what remains", "payouts", [](State& s) { s.sales.edit(kPaidSale).payout->extra_left += 1; }},
    {"a pointer", "payouts", [](State& s) { holding(s, kOwed).settled = 1; }},
    {"units", "registers", [](State& s) { holding(s, 1).units.set(s.height(), 21); }},
    {"a count of members", "registers",
     [](State& s) { s.counters.edit().active_members.set(s.height(), 6); }},
    {"delegated power", "registers",
     [](State& s) { s.members.edit(1).extra.edit().delegate.set(s.height(), 1); }},
    {"a tally", "tallies",
     [](State& s) {
       open_proposal(s).tally[Choice::against] = Power{};
       open_proposal(s).firm[Choice::against] = Power{};
       open_proposal(s).tally[Choice::in_favour] = open_proposal(s).firm[Choice::in_favour] = Power{1};
     }},
    {"an electorate", "tallies", [](State& s) { open_proposal(s).electorate = Power{6}; }},
    {"a link of addresses", "accounts", [](State& s) { s.accounts.edit(0).next_address = {}; }},
    {"a member's account", "accounts", [](State& s) { s.members.edit(0).account = AccountId{0}; }},
};
INSTANTIATE_TEST_SUITE_P(Sums, EverySum, ::testing::ValuesIn(kSums));

// ---- each sentence of a law by itself ----

// What a breach says, where the same change may break other sentences of its law too. `earlier` changes the state before the block.
struct Sentence {
  const char* says;
  Change change;
  Change earlier = [](State&) {};
};
void PrintTo(const Sentence& sentence, std::ostream* out) { *out << sentence.says; }

bool said(const std::vector<LawBreach>& breaches, std::string_view sentence) {
  return std::ranges::any_of(breaches, [&](const LawBreach& one) { return one.what.contains(sentence); });
}

class EverySentence : public ::testing::TestWithParam<Sentence> {};

TEST_P(EverySentence, IsSaid_7) {
  State before = sample();
  GetParam().earlier(before);
  state_root(before);
  const auto breaches_after = [&](Change change) {
    State after = before;
    change_chain(after, [](Chain& chain) {
      chain.height = Height{chain.height.raw() + 1};
      chain.time = TimeMs{chain.time.raw() + kSecond};
    });
    change(after);
    Changes changes;
    state_root(after, &changes);
    return check_laws(before, after, changes);
  };
  EXPECT_TRUE(said(breaches_after(GetParam().change), GetParam().says));
  EXPECT_FALSE(said(breaches_after([](State&) {}), GetParam().says)) << "said of a block that does nothing";
}

Sale& sale(State& state, u64 id) { return state.sales.edit(id); }
// The open proposal as one that has passed by every ballot and executes in this block.
Proposal& executed(State& state) {
  Proposal& proposal = open_proposal(state);
  proposal.tally = proposal.firm = Tally{};
  proposal.tally[Choice::in_favour] = proposal.firm[Choice::in_favour] = proposal.electorate;
  proposal.state = ProposalState::executed;
  proposal.executed = state.height();
  proposal.closed_at = proposal.eta = state.time();
  return proposal;
}

const Sentence kSentences[] = {
    {"a tally changed after voting closed",
     [](State& s) { s.proposals.edit(0).tally[Choice::in_favour] = Power{}; }},
    {"an address was taken from another account",
     [](State& s) { s.accounts.edit(0).address = test_address("m1"); }},
    {"an address changed without its key or a recovery",
     [](State& s) { rotate_address(s, AccountId{0}, test_address("thief")); }},
    {"an account changed member", [](State& s) { s.members.edit(0).account = AccountId{0}; }},
    {"member and account disagree", [](State& s) { s.members.edit(0).account = AccountId{0}; }},
    {"a proposal executed before its time", [](State& s) { executed(s).eta = TimeMs{s.time().raw() + 1}; }},
    {"a proposal executed in the block that opened it", [](State& s) { executed(s).opened = s.height(); }},
    {"a proposal executed after its window", [](State& s) { executed(s); },
     [](State& s) {
       open_proposal(s).attempted = true;
       open_proposal(s).policy.grace = DurationMs{};
     }},
    {"a new proposal with a past", [](State& s) { s.proposals.push(Proposal{}); }},
    {"a proposal's state and its execution disagree",
     [](State& s) { open_proposal(s).executed = s.height(); }},
    {"a proposal executed in another block", [](State& s) { executed(s).executed = Height{1}; }},
    {"a payout of another block",
     [](State& s) {
       sale(s, kFundedSale).state = SaleState::paid_out;
       sale(s, kFundedSale).paid_out = Height{1};
     }},
    {"a sale born at its end", [](State& s) { s.sales.push(Sale{.state = SaleState::expired}); }},
    {"a sale's proceeds fell, or passed the highest price",
     [](State& s) { sale(s, kOpenSale).paid = Amount{299}; }},
    {"a sale's proceeds fell, or passed the highest price",
     [](State& s) { sale(s, kOpenSale).paid = Amount{901}; }},
    {"a sale went backwards", [](State& s) { sale(s, kFundedSale).state = SaleState::authorised; }},
    {"a payout record without a payout",
     [](State& s) { sale(s, kFundedSale).payout = *sale(s, kPaidSale).payout; }},
    {"what remains of a payout is more than it was",
     [](State& s) { sale(s, kPaidSale).payout->extra_left = 1'000; }},
    {"what remains of a payout is more than it was",
     [](State& s) { sale(s, kPaidSale).payout->remaining = Amount{150'005}; }},
    {"reserve and payout are not the proceeds", [](State& s) { sale(s, kPaidSale).reserve = Amount{1}; }},
    {"a payout over other units", [](State& s) { sale(s, kPaidSale).payout->total = Units{149}; }},
    {"a payout over other units", [](State& s) { sale(s, kPaidSale).record_height = Height{0}; },
     [](State& s) { sale(s, kPaidSale).payout->record_height = Height{1}; }},
    {"a part of a class is more than the whole",
     [](State& s) { s.classes.edit(0).confirmed_active.set(s.height(), 151); }},
    {"a class's past changed",
     [](State& s) {
       s.classes.edit(0).active = History{};
       s.classes.edit(0).active.set(s.height(), 150);
     }},
    {"a confirmation changed, or is of another block",
     [](State& s) { set_confirmed(s, MemberId{4}, Height{1}); }},
    {"a confirmation changed, or is of another block",
     [](State& s) { set_confirmed(s, MemberId{0}, s.height()); }},
};
INSTANTIATE_TEST_SUITE_P(Sentences, EverySentence, ::testing::ValuesIn(kSentences));

// ---- properties ----

u128 any_amount() { return u128{*rc::gen::arbitrary<u64>()} << 64 | *rc::gen::arbitrary<u64>(); }

// Laws of a block that does this to the sample.
template <class Act>
Laws laws_broken_by(Act&& act) {
  State after = sample();
  change_chain(after, [](Chain& chain) {
    chain.height = Height{chain.height.raw() + 1};
    chain.time = TimeMs{chain.time.raw() + kSecond};
  });
  act(after);
  Changes changes;
  state_root(after, &changes);
  return names(check_laws(sample(), after, changes));
}

RC_GTEST_PROP(LawProperties, ACounterThatMovesAloneIsFoundHoweverFar_7, ()) {
  const u128 delta = *rc::gen::suchThat(rc::gen::exec(any_amount), [](u128 value) { return value != 0; });
  constexpr Amount Asset::* kCounters[] = {&Asset::supply,   &Asset::stored, &Asset::owed,
                                           &Asset::treasury, &Asset::escrow, &Asset::locked};
  const auto counter = kCounters[*rc::gen::inRange<std::size_t>(0, std::size(kCounters))];
  const u64 asset = *rc::gen::inRange<u64>(0, 2);
  const Laws broken = laws_broken_by([&](State& s) {
    Amount& value = s.assets.edit(asset).*counter;
    value = Amount{value.raw() + delta};  // modulo 2^128
  });
  RC_ASSERT(broken.contains("money"));
}

RC_GTEST_PROP(LawProperties, MoneyBetweenTwoCountersIsFoundHoweverMuch_7, ()) {
  // The sample's treasury holds no USDX, so it only takes.
  constexpr Amount Asset::* kPools[] = {&Asset::stored, &Asset::owed, &Asset::escrow, &Asset::locked,
                                        &Asset::treasury};
  const auto from = *rc::gen::inRange<std::size_t>(0, 4);
  const auto into = (from + *rc::gen::inRange<std::size_t>(1, 5)) % std::size(kPools);
  const u128 most = (sample().assets[kUsdx.value].*kPools[from]).raw();
  RC_ASSERT(most != u128{0});
  const u128 amount = 1 + *rc::gen::exec(any_amount) % most;
  const auto move = [&](State& s) { move_pool(s, kPools[from], kPools[into], {kUsdx, Amount{amount}}); };
  RC_ASSERT(laws_broken_by(move).contains("money"));
}

RC_GTEST_PROP(LawProperties, SettlingAnyMembersInAnyStepsKeepsThemAll_7, ()) {
  const auto members = *rc::gen::container<std::vector<u64>>(rc::gen::inRange<u64>(0, 5));
  const Laws broken = laws_broken_by([&](State& s) {
    std::vector<Event> events;
    std::vector<ProposalId> voted;
    std::vector<std::pair<u32, TxError>> skipped;
    std::map<u64, BallotBox> sealed;
    Execution run{.state = s,
                  .height = s.height(),
                  .now = s.time(),
                  .sender = {},
                  .events = events,
                  .voted = voted,
                  .skipped = skipped,
                  .sealed = sealed};
    for (const u64 member : members) settle_class(run, MemberId{member}, kData, 1);
  });
  RC_ASSERT(broken.empty());
}

RC_GTEST_PROP(LawProperties, UnitsWithoutTheirTotalsAreFound_7, ()) {
  const u64 member = *rc::gen::inRange<u64>(0, 5);
  const u64 units = *rc::gen::arbitrary<u64>();
  RC_PRE(units != 10 * (member + 1));
  RC_ASSERT(laws_broken_by([&](State& s) {
              holding(s, member).units.set(s.height(), units);
            }).contains("registers"));
}

RC_GTEST_PROP(LawProperties, WhatRemainsOfAPayoutFallsByNothingElse_7, ()) {
  const u128 left = *rc::gen::exec(any_amount);
  RC_PRE(left != sample().sales[kPaidSale].payout->remaining.raw());
  RC_ASSERT(laws_broken_by([&](State& s) {
              sale(s, kPaidSale).payout->remaining = Amount{left};
            }).contains("payouts"));
}

TEST(FullSums, SayWhichPayoutDoesNotAddUpAndWhichAddressStandsTwice_7) {
  State state = sample();
  EXPECT_FALSE(said(check_full_sums(state), "a payout adds up"));
  sale(state, kPaidSale).payout->cut.remainder += 1;
  state.accounts.edit(0).address = state.accounts[1].address;
  const auto breaches = check_full_sums(state);
  EXPECT_TRUE(said(breaches, "a payout adds up"));
  EXPECT_TRUE(said(breaches, "an address stands twice"));
}

TEST(BlockResult, NamesTheRefusalOfWhatBrokeItsLaws_2_5) {
  LedgerWorld world;
  EXPECT_TRUE(BlockExecution(world.state(), TimeMs{world.now().raw() + kSecond}).finish().keeps_laws());
  // One unit too many in the books of TOK: whoever touches it, the law of money finds it.
  world.mutable_state().assets.edit(1).supply = Amount{1'000'001};
  state_root(world.mutable_state());
  BlockExecution execution(world.state(), TimeMs{world.now().raw() + kSecond});
  ASSERT_TRUE(
      execution.add(world.sign("buyer", Transfer{AssetId{1}, test_address("m0"), Amount{1}, "1 TOK"})));
  const Verdict verdict = execution.finish().keeps_laws();
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, TxError::breaks_a_law);
  note_refusal(verdict.error().code);
}

}  // namespace
}  // namespace moot::test
