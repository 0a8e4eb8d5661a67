// A vote that changes the validators: the ledger follows, block making does not, and the operator is told (decision 0018).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_world.hpp"
#include "tests/support/node/ledger_client.hpp"
#include "tests/support/node/mootd.hpp"
#include "wallet/node_client.hpp"

namespace moot::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kNotice = "the ledger's validators are not those who sign its blocks";

Hash key_of(std::string_view label) { return Hash{crypto::x_only(test_key(label)).bytes}; }

class Validators : public testing::Test {
 protected:
  void SetUp() override { make_home(home(), genesis_); }
  [[nodiscard]] std::filesystem::path home() const { return folder_.path() / "home"; }

  static Hash proposal_hash(const Node& node) {
    auto client = wallet::NodeClient::connect(node.address(), "");
    wallet::pb::GetProposalRequest request;
    const auto answer =
        client->call(&wallet::pb::GovernanceService::Stub::GetProposal, client->governance(), request);
    Hash out;
    if (answer) std::ranges::copy(answer->proposal().proposal_hash(), out.bytes.begin());
    return out;
  }

  // Members grant the role to "v1", by the key of that name.
  void vote_another_validator_in(const Node& node) {
    LedgerClient client(node.address(), genesis_);
    const ledger::RoleChange change{.change = ledger::RoleChangeKind::grant,
                                    .role = ledger::Role::validator,
                                    .holder = test_address("v1"),
                                    .validator_key = key_of("v1")};
    const Sent proposed = client.send(client.sign(
        "m0",
        ledger::Propose{
            .title = "Two of us", .body = {}, .kind = ledger::ProposalKind::roles, .actions = {change}},
        1));
    ASSERT_TRUE(proposed.done) << proposed.problem;
    const Hash hash = proposal_hash(node);
    // Three of five hold enough; what comes after the vote has passed is refused.
    for (const char* voter : {"m4", "m3", "m2"})
      client.send(client.sign(voter,
                              ledger::Vote{.proposal = ProposalId{0},
                                           .proposal_hash = hash,
                                           .title = "Two of us",
                                           .choice = ledger::Choice::in_favour,
                                           .reason = {}},
                              1));
  }

  ledger::Genesis genesis_ = live_genesis();
  TemporaryFolder folder_{testing::UnitTest::GetInstance()->current_test_info()->name()};
};

TEST_F(Validators, AVoteThatChangesThemChangesNoBlockMakingAndIsSaid) {
  {
    Node node(home());
    EXPECT_THAT(node.process().err(), Not(HasSubstr(kNotice)));
    vote_another_validator_in(node);
    EXPECT_TRUE(node.process().complains("named_only=" + to_hex(key_of("v1").view()) + " signing_only=\"\"",
                                         std::chrono::seconds(10)))
        << node.process().err();
    EXPECT_EQ(node.stop(), 0);
  }
  Node again(home());
  EXPECT_TRUE(again.process().complains(kNotice, std::chrono::seconds(10))) << "and at every start";
  EXPECT_EQ(field(again.ready_line(), "validating"), "true");
  LedgerClient client(again.address(), genesis_);
  const Sent sent = client.send(client.sign("r0", ledger::AdvanceNonce{.to = 5}, 1));
  EXPECT_TRUE(sent.done) << sent.problem;
  EXPECT_EQ(again.stop(), 0);
}

}  // namespace
}  // namespace moot::test
