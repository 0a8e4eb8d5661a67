// Hashes of the ledger that others sign, store or prove against, of fixed small values: tests/vectors/ledger_hashes.txt, a line
// each. They are protocol, frozen. MOOT_BLESS=1 writes the file anew, for a change of protocol that is meant. Transactions and their
// ids are in transactions.json, state roots in roots_*.txt.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "ledger/block.hpp"
#include "ledger/payout.hpp"
#include "ledger/registers.hpp"
#include "ledger/tree/leaf.hpp"
#include "ledger/tree/merkle_table.hpp"
#include "ledger/voting.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {
namespace {

using namespace ledger;

Hash filled(u8 byte) {
  Hash out;
  out.bytes.fill(byte);
  return out;
}
Address address(u8 byte) {
  Address out;
  out.bytes.fill(byte);
  return out;
}
LedgerId ledger_name() { return filled(1).as<LedgerId>(); }

class Lines {
 public:
  template <class Digest>
  void add(const char* name, const Digest& digest) {
    text_ += std::string(name) + ' ' + to_hex(digest.view()) + '\n';
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void add_signed_things(Lines& lines) {
  const SigningContext context = signing_context("Test Co-op", ledger_name());
  lines.add("domain separator", context.separator);
  lines.add("text", text_hash("Because."));
  lines.add("empty text", text_hash(""));
  lines.add("list", list_hash(encoded(std::vector<u64>{1, 2, 3})));
  lines.add("Invite", statement_digest(context, Invite{filled(2), address(3), TimeMs{4}}));
  lines.add("Contribution",
            statement_digest(context, ContributionStatement{ClassId{1}, MemberId{2}, Units{3}, filled(4),
                                                            address(5), TimeMs{6}}));
  lines.add("AcceptKey", statement_digest(context, AcceptKey{address(1), address(2), 3}));
  GrantUnits grant{.share_class = ClassId{1}, .grants = {{MemberId{2}, Units{3}}}, .expires = TimeMs{4}};
  lines.add("action key", action_key(grant));
}

void add_votes_and_payouts(Lines& lines) {
  Proposal proposal;
  proposal.proposer = MemberId{7};
  proposal.kind = ProposalKind::spend;
  proposal.title = "A title";
  proposal.body = {"A body."};
  proposal.actions = {Spend{.asset = AssetId{1}, .recipient = address(9), .amount = Amount{1'000}}};
  proposal.policy = default_policy(ProposalKind::spend);
  proposal.opened = Height{10};
  proposal.record_height = Height{5};
  proposal.opens_at = TimeMs{1'000};
  proposal.first_deadline = TimeMs{2'000};
  lines.add("proposal", proposal_hash(ledger_name(), ProposalId{3}, proposal));
  const PayoutTerms terms{
      .ledger_id = ledger_name(), .sale = SaleId{2}, .amount = Amount{1'000}, .record_height = Height{5}};
  const std::vector<Share> shares{{MemberId{0}, Units{1}}, {MemberId{1}, Units{1}}, {MemberId{2}, Units{1}}};
  const PayoutRecord record = compute_payout(terms, shares);
  lines.add("payout cut", record.cut.hash);
  lines.add("payout digest", payout_digest(ledger_name(), SaleId{2}, Amount{1'100}, Amount{100}, record));
}

void add_blocks(Lines& lines) {
  const std::vector<WitnessId> witnesses{filled(1).as<WitnessId>(), filled(2).as<WitnessId>(),
                                         filled(3).as<WitnessId>()};
  lines.add("transactions, none", tx_root({}));
  lines.add("transactions, three", tx_root(witnesses));
  const Receipt receipt{
      .id = filled(4).as<TxId>(), .code = 800, .bad_index = 2, .detail = 9, .skipped = {{1, 1010}}};
  lines.add("receipts, none", receipts_root({}));
  lines.add("receipts, one", receipts_root(std::span(&receipt, 1)));
  const Fault fault{.validator = 3, .kind = 1};
  lines.add("faults, none", faults_root({}));
  lines.add("faults, one", faults_root(std::span(&fault, 1)));
  lines.add("history leaf", history_leaf({.height = Height{7},
                                          .time = TimeMs{8},
                                          .tx_root = filled(1),
                                          .faults_root = filled(2),
                                          .receipts_root = filled(3),
                                          .state_root = filled(4).as<StateRoot>()}));
}

void add_registers_and_trees(Lines& lines) {
  History history;
  lines.add("history, empty", history.head());
  history.set(Height{1}, 10);
  lines.add("history, one", history.head());
  history.set(Height{3}, 20);
  lines.add("history, two", history.head());
  MerkleTable<Redemption> table;
  lines.add("table, empty", table.root());
  table.push(
      Redemption{.account = AccountId{1}, .asset = AssetId{2}, .amount = Amount{3}, .destination = "x"});
  lines.add("table, one", table.root());
  BallotBox box;
  box.set(MemberId{33}, {Choice::veto, 2, 9});
  lines.add("ballots", box.chunks().root());
}

TEST(GoldenVectors, Hashes) {
  Lines lines;
  add_signed_things(lines);
  add_votes_and_payouts(lines);
  add_blocks(lines);
  add_registers_and_trees(lines);
  const std::string path = std::string(MOOT_SOURCE_DIR) + "/tests/vectors/ledger_hashes.txt";
  if (std::getenv("MOOT_BLESS")) std::ofstream(path) << lines.text();
  std::stringstream frozen;
  frozen << std::ifstream(path).rdbuf();
  EXPECT_EQ(lines.text(), frozen.str());
}

}  // namespace
}  // namespace moot::test
