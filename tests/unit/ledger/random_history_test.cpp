// The ledger against its slow twin (tests/model) over long random histories: admissions, grants, revocations,
// delegations, overrides, changed votes, rotations, suspensions, leavings, sales, payouts, transfers,
// redemptions. After every block each touched tally is counted again from its definition and every law holds;
// now and then, everybody's money and all full sums too. MOOT_SEED adds a history of that seed, MOOT_SOAK=1 makes each one
// five times as long.
#include <gtest/gtest.h>

#include <cstdio>

#include "ledger/registers.hpp"
#include "tests/model/ledger_model.hpp"
#include "tests/support/random_value.hpp"
#include "tests/support/soak.hpp"
#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

constexpr u64 kSteps = 10'000;
constexpr u64 kSoakSteps = 50'000;
constexpr u64 kMostMembers = 40;
constexpr u64 kBlocksBetweenSums = 200;

Genesis history_genesis() {
  Genesis genesis = money_genesis();
  genesis.rules.parameters.set(Param::grant_cap_ppm, 0);
  genesis.rules.parameters.set(Param::settle_max, 64);
  Policy& text = genesis.rules.policies[static_cast<std::size_t>(ProposalKind::text)];
  text.basis = BasisKind::units_of_class;
  text.basis_class = kData;
  text.vote_change = true;
  text.max_changes = 3;
  text.veto = Ppm{300'000};
  Policy& sale = genesis.rules.policies[static_cast<std::size_t>(ProposalKind::sale)];
  sale.basis = BasisKind::units_of_sale_class;
  return genesis;
}

class Story {
 public:
  explicit Story(u64 seed)
      : seed_(seed), random_(seed), world_(history_genesis()), model_(world_.state().chain->ledger_id, 0) {
    for (u64 i = 0; i < world_.state().members.size(); ++i) {
      labels_.push_back("m" + std::to_string(i));
      model_.admit(i, 10 * (i + 1));
    }
  }

  void run() {
    const u64 goal = soaking() ? kSoakSteps : kSteps;
    for (u64 blocks = 1; steps_ < goal && !::testing::Test::HasFailure(); ++blocks) {
      make_block();
      if (blocks % kBlocksBetweenSums == 0) check_everything();
    }
    check_everything();
    expect_variety();
    std::printf("root random-%llu %llu %s\n", static_cast<unsigned long long>(seed_),
                static_cast<unsigned long long>(height_), to_hex(root_.view()).c_str());
  }

 private:
  // A member as both sides know it.
  struct Pick {
    u64 id;
    std::string label;
  };
  [[nodiscard]] Pick anyone() {
    const u64 id = random_.below(labels_.size());
    return {id, labels_[id]};
  }
  [[nodiscard]] bool chance(u64 percent) { return random_.below(100) < percent; }

  void make_block() {
    const u64 step = chance(10) ? 1 + random_.below(kHour) : 1 + random_.below(60 * kSecond);
    const TimeMs time{world_.now().raw() + step};
    BlockExecution execution(world_.state(), time);
    height_ = world_.height().raw() + 1;
    model_.begin_block(height_, time.raw());
    apply_due_work(execution);
    signers_.clear();
    for (u64 n = random_.below(5); n > 0; --n, ++steps_) one_step(execution);
    BlockResult result = execution.finish();
    for (const LawBreach& breach : result.breaches) ADD_FAILURE() << breach.law << ": " << breach.what;
    root_ = result.roots.state_root;
    world_.mutable_state() = std::move(result.state);
    for (const u64 id : result.changes.proposals) check_tally(id);
  }

  // Step 1 of the block: payouts and what passed proposals do to members.
  void apply_due_work(const BlockExecution& execution) {
    for (const Event& event : execution.events()) {
      if (event.kind == EventKind::payout_executed) {
        const Sale& sale = execution.state().sales[event.a];
        model_.pay(event.a, model::big(event.amount.raw()), sale.record_height.raw());
        ++payouts_;
      }
      if (event.kind != EventKind::proposal_executed) continue;
      const Proposal& proposal = execution.state().proposals[event.a];
      for (const Action& action : proposal.actions)
        if (const auto* on = std::get_if<MemberAction>(&action)) {
          if (on->expel)
            model_.leave(on->member.value);
          else
            model_.suspend(on->member.value, execution.state().time().raw() + on->suspension.raw());
        }
    }
  }

  // Gives it to the block; true when it was done. An account's second transaction in a block would need a
  // later nonce.
  bool give(BlockExecution& execution, const std::string& label, Payload payload) {
    if (!signers_.insert(label).second) return false;
    const auto receipt = execution.add(world_.sign(label, std::move(payload)));
    return receipt.has_value() && !receipt->failed();
  }

  void one_step(BlockExecution& execution) {
    const u64 dice = random_.below(100);
    if (dice < 40) return vote(execution);
    if (dice < 50) return propose(execution);
    if (dice < 60) return delegate(execution);
    if (dice < 68) return move_money(execution);
    if (dice < 76) return sale_step(execution);
    if (dice < 82) return grant(execution);
    if (dice < 86) return admit(execution);
    if (dice < 89) return redeem(execution);
    if (dice < 91) return settle_redemption(execution);
    if (dice < 93) return rotate(execution);
    if (dice < 95) return revoke(execution);
    if (dice < 96) return leave(execution);
    settle(execution);
  }

  void vote(BlockExecution& execution) {
    const auto& live = execution.state().counters->live;
    if (live.empty()) return;
    const ProposalId id = live[random_.below(live.size())];
    const Proposal& proposal = execution.state().proposals[id.value];
    if (!world_.state().proposals.contains(id.value)) return;  // opened in this block
    const Pick voter = anyone();
    const BallotBox* box = execution.state().box(id);
    const u16 last = box ? box->slot(MemberId{voter.id}).revision : 0;
    const bool stale = chance(3);
    const u16 nonce = static_cast<u16>(last + (stale ? 0 : 1));
    const Choice choice = static_cast<Choice>(chance(50) ? 2 : 1 + random_.below(4));
    const bool active = proposal.takes_ballots();
    model::Vote& vote = model_.votes.at(id.value);
    const bool elector = model_.electors(vote).contains(voter.id);
    const auto before = vote.ballots.find(voter.id);
    const bool first = before == vote.ballots.end();
    const bool changes = !first && before->second != static_cast<int>(choice);
    const auto receipt = execution.add(world_.ballot(voter.label, id, choice, nonce));
    const bool veto_off = choice == Choice::veto && proposal.policy.veto.is_zero();
    const bool may_again = proposal.policy.vote_change && (!changes || last <= proposal.policy.max_changes);
    const bool expected = active && elector && !veto_off && nonce > last && (first || may_again);
    EXPECT_EQ(receipt.has_value(), expected)
        << "proposal " << id.value << ", member " << voter.id << ": "
        << (receipt ? "accepted" : std::string(reason(receipt.error().code)));
    if (!receipt) return;
    overrides_ += changes ? 1 : 0;
    vote.ballots[voter.id] = static_cast<int>(choice);
    ++ballots_;
  }

  void propose(BlockExecution& execution) {
    const Pick proposer = anyone();
    Propose tx{.title = "P", .body = {}, .kind = ProposalKind::text, .actions = {}};
    const u64 dice = random_.below(100);
    if (dice < 40) {
      tx.kind = ProposalKind::sale;
      const u128 price = 1 + random_.below(u64{1} << random_.below(50));
      tx.actions = {MoneyWorld::terms(kUsdx, price, price, static_cast<u32>(random_.below(200'000)))};
    } else if (dice < 55) {
      tx.kind = ProposalKind::membership;
      const bool expel = chance(20);
      const u64 suspension = expel ? 0 : 1 + random_.below(kDay);
      tx.actions = {MemberAction{MemberId{anyone().id}, expel, DurationMs{suspension}}};
    }
    const u64 id = execution.state().proposals.size();
    if (!give(execution, proposer.label, tx)) return;
    const Proposal& proposal = execution.state().proposals[id];
    EXPECT_EQ(proposal.record_height.raw(), height_ - 1);
    model_.votes[id] = {
        .record_height = height_ - 1, .by_units = tx.kind != ProposalKind::membership, .ballots = {}};
  }

  void delegate(BlockExecution& execution) {
    const Pick from = anyone();
    const Pick to = anyone();
    const bool ends = chance(25);
    if (!give(execution, from.label, SetDelegate{ends ? Address{} : test_address(to.label)})) return;
    model_.delegate(from.id, ends ? std::nullopt : std::optional(to.id));
  }

  void admit(BlockExecution& execution) {
    const u64 units = random_.below(50);
    const bool again = chance(50) || labels_.size() >= kMostMembers;
    const std::string label = again ? anyone().label : "n" + std::to_string(labels_.size());
    const AdmitMembers tx{
        .share_class = kData, .members = {{test_address(label), Units{units}, {}}}, .expires = world_.soon()};
    if (!give(execution, "r0", tx)) return;
    const u64 id = execution.state().member_of(test_address(label))->value;
    if (id == labels_.size())
      labels_.push_back(label);
    else
      EXPECT_TRUE(model_.people.at(id).former) << "the same id for one who comes back (3.2)";
    model_.admit(id, units);
  }

  void grant(BlockExecution& execution) {
    const Pick who = anyone();
    const u64 units = 1 + random_.below(30);
    if (give(execution, "r1", GrantUnits{kData, {{MemberId{who.id}, Units{units}}}, world_.soon()}))
      model_.add_units(who.id, units);
  }

  void revoke(BlockExecution& execution) {
    const Pick who = anyone();
    const u64 units = 1 + random_.below(10);
    const RevokeUnits tx{kData, MemberId{who.id}, Units{units}, "a mistake", world_.soon()};
    if (give(execution, "r0", tx) && give(execution, "u0", tx)) model_.take_units(who.id, units);
  }

  void leave(BlockExecution& execution) {
    const Pick who = anyone();
    if (!chance(40) || !give(execution, who.label, Leave{})) return;
    model_.leave(who.id);
  }

  void rotate(BlockExecution& execution) {
    const Pick who = anyone();
    const std::string next = who.label + "'";
    if (!give(execution, who.label, RotateKey{test_address(next), {}})) return;
    signers_.insert(next);
    labels_[who.id] = next;
    ++rotations_;
  }

  // Whoever has the money, settled or not, may send it; nobody else.
  void move_money(BlockExecution& execution) {
    const Pick from = anyone();
    const Pick to = anyone();
    const model::BigInt& money = model_.people.at(from.id).money;
    if (signers_.contains(from.label) || from.id == to.id) return;
    if (unsettled_count(execution.state(), execution.state().members[from.id].account) > 64) return;
    const model::BigInt wanted = 1 + money * random_.below(120) / 100;
    const u128 amount = static_cast<u128>(wanted);
    const bool done = give(execution, from.label, world_.transfer(kUsdx, to.label, amount));
    EXPECT_EQ(done, wanted <= money) << "member " << from.id;
    if (!done) return;
    model_.people.at(from.id).money -= wanted;
    model_.people.at(to.id).money += wanted;
    ++transfers_;
  }

  // The next thing that some sale waits for.
  void sale_step(BlockExecution& execution) {
    for (u64 i = world_.state().sales.size(); i > 0; --i) {
      const SaleId id{i - 1};
      const Sale& sale = execution.state().sales[id.value];
      if (sale.state == SaleState::authorised) {
        give(execution, "t0", world_.proceeds(id, sale.terms.min_price.raw(), "w" + std::to_string(steps_)));
        return;
      }
      if (sale.state == SaleState::funded && world_.sale(id).state == SaleState::funded) {
        give(execution, "t1", world_.approval(id));
        return;
      }
    }
  }

  void redeem(BlockExecution& execution) {
    const Pick who = anyone();
    model::BigInt& money = model_.people.at(who.id).money;
    const u128 amount = static_cast<u128>(model::BigInt(1'000 + money * random_.below(80) / 100));
    if (give(execution, who.label, world_.redemption(amount))) money -= model::big(amount);
  }

  void settle_redemption(BlockExecution& execution) {
    const auto& all = execution.state().redemptions;
    if (all.size() == 0) return;
    const RedemptionId id{random_.below(all.size())};
    const Redemption redemption = all[id.value];
    const bool paid = chance(50);
    const SettleRedemptions tx{.items = {{id, paid, "x" + std::to_string(steps_)}}, .expires = world_.soon()};
    if (!give(execution, "t2", tx) || paid || redemption.state != RedemptionState::open) return;
    const u64 member = execution.state().accounts[redemption.account.value].member;
    model_.people.at(member).money += model::big(redemption.amount.raw());
  }

  void settle(BlockExecution& execution) {
    give(execution, "buyer", Settle{MemberId{anyone().id}, kData, static_cast<u16>(random_.below(5))});
  }

  void check_tally(u64 id) {
    const Proposal& proposal = world_.state().proposals[id];
    const model::Count count = model_.count(model_.votes.at(id));
    EXPECT_EQ(count.electorate, proposal.electorate.raw()) << "proposal " << id;
    for (const Choice choice : {Choice::against, Choice::in_favour, Choice::abstain, Choice::veto}) {
      const auto of = [choice](const std::map<int, model::BigInt>& sums) {
        const auto found = sums.find(static_cast<int>(choice));
        return found == sums.end() ? model::BigInt(0) : found->second;
      };
      EXPECT_EQ(of(count.tally), proposal.tally[choice].raw()) << "proposal " << id << ' ' << word(choice);
      EXPECT_EQ(of(count.firm), proposal.firm[choice].raw()) << "proposal " << id << ' ' << word(choice);
    }
  }

  void check_everything() {
    const State& state = world_.state();
    ASSERT_EQ(state.members.size(), model_.people.size());
    for (const auto& [id, person] : model_.people) {
      const Member& member = state.members[id];
      EXPECT_EQ(model::big(spendable(state, member.account, kUsdx).raw()), person.money) << "member " << id;
      EXPECT_EQ(member.units_now(kData).raw(), person.units.last()) << "member " << id;
      EXPECT_EQ(member.is_active(), person.active.last()) << "member " << id;
    }
    for (const LawBreach& breach : check_full_sums(state)) ADD_FAILURE() << breach.law << ": " << breach.what;
    State rebuilt = state;
    rebuild_derived(rebuilt);
    EXPECT_EQ(rebuilt.next_due(), state.next_due());
  }

  // A history in which little happens shows little.
  void expect_variety() const {
    if (::testing::Test::HasFailure()) return;
    EXPECT_GT(ballots_, 500u);
    EXPECT_GT(overrides_, 20u);
    EXPECT_GT(payouts_, 5u);
    EXPECT_GT(transfers_, 50u);
    EXPECT_GT(rotations_, 50u);
    EXPECT_GT(world_.state().redemptions.size(), 5u);
    EXPECT_EQ(world_.state().members.size(), kMostMembers);
  }

  u64 seed_;
  Random random_;
  MoneyWorld world_;
  StateRoot root_;  // of the newest block, for scripts/compare_compilers
  model::LedgerModel model_;
  std::vector<std::string> labels_;  // by member: whose key signs for it today
  std::set<std::string> signers_;    // of the block at hand
  u64 height_ = 0;
  u64 steps_ = 0;
  u64 ballots_ = 0, overrides_ = 0, payouts_ = 0, transfers_ = 0, rotations_ = 0;
};

class RandomHistory : public ::testing::TestWithParam<u64> {};

TEST_P(RandomHistory, IsWhatTheModelSays) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Story(GetParam()).run();
}

std::vector<u64> seeds() {
  std::vector<u64> out{1, 20, 300};
  if (const auto more = asked_seed()) out.push_back(*more);
  return out;
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomHistory, ::testing::ValuesIn(seeds()));

}  // namespace
}  // namespace moot::test
