// One history with a little of everything: admissions, grants, attestations, delegations and overrides, a defeated and an
// open vote, a sale with its payout, a failed transaction, transfers, a rotation and redemptions.
#pragma once

#include "crypto/ecdsa.hpp"
#include "tests/support/chronicle.hpp"
#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {

inline ledger::Genesis story_genesis() {
  ledger::Genesis genesis = money_genesis();
  ledger::Policy& text = genesis.rules.policies[static_cast<std::size_t>(ledger::ProposalKind::text)];
  text.basis = ledger::BasisKind::units_of_class;
  text.basis_class = ClassId{0};
  text.vote_change = true;
  text.max_changes = 3;
  text.veto = Ppm{400'000};
  return genesis;
}

class CoOpStory {
 public:
  CoOpStory() : chronicle_(genesis_), world_(genesis_) {
    world_.observe(
        [this](std::span<const ledger::VerifiedTransaction> txs, const ledger::BlockResult& result) {
          chronicle_.add(txs, result);
          roots_.push_back(result.roots.state_root);
        });
    people();
    defeated_vote();
    sale();
    money();
    open_vote();
  }

  [[nodiscard]] const Chronicle& chronicle() const { return chronicle_; }
  [[nodiscard]] const MoneyWorld& world() const { return world_; }
  [[nodiscard]] const ledger::Genesis& genesis() const { return genesis_; }
  [[nodiscard]] const std::vector<StateRoot>& roots() const { return roots_; }  // by height − 1
  [[nodiscard]] SaleId sold() const { return sold_; }
  [[nodiscard]] ProposalId defeated() const { return defeated_; }
  [[nodiscard]] ProposalId open() const { return open_; }

  // Where a transaction of this kind stands.
  struct Place {
    u64 height = 0;
    std::size_t transaction = 0;
  };
  [[nodiscard]] Place find(ledger::TxKind kind) const {
    for (const audit::RawBlock& block : chronicle_.blocks())
      for (std::size_t i = 0; i < block.envelopes.size(); ++i)
        if (ledger::decode_transaction(block.envelopes[i])->kind() == kind) return {block.height.raw(), i};
    MOOT_CHECK(false, "the story has one of each that is asked for");
  }

 private:
  void people() {
    world_.run("r0", ledger::AdmitMembers{
                         .share_class = ClassId{1},
                         .members = {{test_address("n0"), Units{70}, {}}, {test_address("n1"), Units{1}, {}}},
                         .expires = {}});
    ledger::RecordContributions attested{.share_class = ClassId{0}, .contributions = {}};
    attested.contributions.push_back(contribution("n0", 25, "first"));
    attested.contributions.push_back(contribution("m1", 7, "second"));
    world_.run("m0", attested);
    world_.run("m0", ledger::SetDelegate{test_address("m4")});
    world_.run("m1", ledger::SetDelegate{test_address("m4")});
    world_.run("m2", rotation("m2", "m2 later"));
  }

  void defeated_vote() {
    defeated_ = world_.propose(ledger::ProposalKind::text, {}, "m3");
    const std::vector<ledger::VerifiedTransaction> first{
        world_.ballot("m4", defeated_, ledger::Choice::in_favour),
        world_.ballot("n0", defeated_, ledger::Choice::abstain),
        world_.ballot("m3", defeated_, ledger::Choice::veto)};
    world_.block(first);
    world_.vote("m0", defeated_, ledger::Choice::against);
    world_.vote("m4", defeated_, ledger::Choice::against, 2);
    world_.vote("m2 later", defeated_, ledger::Choice::in_favour);
    world_.block(kHour);
  }

  void sale() {
    world_.run("n1", ledger::Confirm{});
    world_.run("m1", ledger::SetDelegate{});
    sold_ = SaleId{world_.state().sales.size()};
    const ProposalId id = world_.propose(
        ledger::ProposalKind::sale, {MoneyWorld::terms(AssetId{0}, 54'999'999'999, 55'000'000'000, 50'000)});
    for (const char* voter : {"m0", "m1", "m3", "m4", "n0"})
      if (world_.state().proposals[id.value].state == ledger::ProposalState::active)
        world_.vote(voter, id, ledger::Choice::in_favour);
    world_.block();
    world_.run("t0", world_.proceeds(sold_, 54'999'999'999));
    world_.run("t0", world_.approval(sold_));
    world_.block();
  }

  void money() {
    world_.run("m4", world_.transfer(AssetId{0}, "m0", 1'234'567));
    // More than m0 has: it stands on the ledger, failed.
    const auto failing = world_.sign("m0", world_.transfer(AssetId{0}, "m1", u128{1} << 100));
    world_.block(std::span(&failing, 1));
    world_.run("m3", world_.redemption(5'000'000));
    world_.run("t1", ledger::SettleRedemptions{.items = {{RedemptionId{0}, true, "bank 77"}},
                                               .expires = world_.soon()});
    world_.run("m4", world_.redemption(2'000'000));
    world_.run("n0", ledger::Settle{.member = world_.member("n0"), .share_class = ClassId{0}});
  }

  void open_vote() {
    open_ = world_.propose(ledger::ProposalKind::text, {}, "m4");
    world_.vote("m4", open_, ledger::Choice::in_favour);
    world_.vote("n0", open_, ledger::Choice::against);
  }

  // What others sign, carried inside a payload.
  [[nodiscard]] ledger::Contribution contribution(std::string_view label, u64 units,
                                                  std::string_view content) const {
    ledger::Contribution out{.member = world_.member(label),
                             .units = Units{units},
                             .content_hash = ledger::text_hash(content),
                             .attestor = test_address("a0"),
                             .valid_until = {},
                             .signature = {}};
    const Hash digest = ledger::statement_digest(world_.signing(), ledger::statement_of(ClassId{0}, out));
    out.signature = {crypto::sign(test_key("a0"), digest).bytes};
    return out;
  }
  [[nodiscard]] ledger::RotateKey rotation(std::string_view from, std::string_view to) const {
    const u64 nonce = world_.state().accounts[world_.account(from).value].next_nonce;
    const ledger::AcceptKey accept{.previous = test_address(from), .next = test_address(to), .nonce = nonce};
    return {.new_address = accept.next,
            .new_signature = {
                crypto::sign(test_key(to), ledger::statement_digest(world_.signing(), accept)).bytes}};
  }

  ledger::Genesis genesis_ = story_genesis();
  Chronicle chronicle_;
  MoneyWorld world_;
  std::vector<StateRoot> roots_;
  SaleId sold_;
  ProposalId defeated_;
  ProposalId open_;
};

}  // namespace moot::test
