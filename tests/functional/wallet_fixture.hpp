// One real mootd on a devnet of its own, keys of everybody, and a real `moot` for each command: what the tests of the wallet's
// commands begin with. Lives for one test; used by its thread alone.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/support/ledger_world.hpp"
#include "tests/support/node/mootd.hpp"
#include "wallet/node_client.hpp"

namespace moot::test {

class WalletOnNode : public testing::Test {
 protected:
  using Words = std::vector<std::string>;

  // A keystore with the keys of live_genesis (mootd.hpp), and "x0", who belongs to nobody.
  void SetUp() override;

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string file(const std::string& name, const std::string& text);

  // The words of a command with everything it needs besides: node, keystore, password.
  [[nodiscard]] Command command(const std::string& from, Words words, bool yes = true) const;
  Finished moot(const std::string& from, Words words, bool yes = true);
  // It succeeds; its answer in JSON.
  boost::json::object done(const std::string& from, Words words);

  // A transaction of somebody, by no command under test; its receipt's detail.
  u64 send(const std::string& label, ledger::Payload payload, std::optional<u64> nonce = std::nullopt);

  wallet::pb::Member member(u64 id);
  u64 members();
  // The first sale, and whether it gets there within some seconds.
  wallet::pb::Sale sale();
  bool reaches(wallet::pb::SaleState state);

  wallet::pb::Proposal proposal(u64 id);
  // One after another, until it has passed.
  void everybody_votes_for(u64 id);

  // A sale of class 0 to "buyer" with a tenth in reserve, proposed and voted for by everybody: for 1 to 1,000 USDX, or for
  // 10 to 1,000 TOK.
  void authorise_sale(AssetId asset = AssetId{0});
  // A sale for 1,000 USDX whose buyer has paid outside.
  void fund_sale();
  // And that is paid out: 900 USDX among members by their units, 60 for "m0" to 300 for "m4"; 100 for the treasury.
  void pay_out_sale();

  // The number of the only action that waits.
  std::string waiting_action();
  // The first of two treasurers' words opens an action, the second's approval runs it.
  void two_treasurers(const Words& words);

  SystemClock clock_;
  ledger::Genesis genesis_ = live_genesis();
  TemporaryFolder folder_{testing::UnitTest::GetInstance()->current_test_info()->name()};
  std::unique_ptr<Node> node_;
  std::unique_ptr<wallet::NodeClient> client_;
};

}  // namespace moot::test
