#include "tests/functional/wallet_fixture.hpp"

#include "crypto/sha256.hpp"
#include "wallet/keystore.hpp"

namespace moot::test {

namespace fs = std::filesystem;
namespace json = boost::json;
using ::testing::HasSubstr;
using wallet::pb::GetSaleRequest;

namespace {

constexpr auto kPatience = std::chrono::seconds(20);
constexpr std::string_view kPassword = "correct horse";
constexpr const char* kPeople[] = {"r0", "r1", "a0", "t0", "t1", "t2",   "u0",
                                   "g0", "m0", "m1", "m2", "x0", "buyer"};

ledger::SaleTerms terms_in(AssetId asset) {
  const u64 unit = asset == AssetId{0} ? 1'000'000 : 1;
  const u64 least = asset == AssetId{0} ? 1 : 10;
  return {.share_class = ClassId{0},
          .buyer = test_address("buyer"),
          .asset = asset,
          .min_price = Amount{least * unit},
          .max_price = Amount{1'000 * unit},
          .terms_hash = crypto::sha256(as_bytes("terms")),
          .reserve = Ppm{100'000},
          .funding = DurationMs{kDay}};
}

// Made once: protecting a key takes longer than most commands.
const fs::path& everybodys_keys() {
  static const TemporaryFolder folder("keys of everybody");
  static const bool made = [] {
    wallet::Keystore keystore(folder.path());
    for (const char* label : kPeople) {
      const auto added = keystore.add(test_key(label), kPassword,
                                      {.alias = label, .cost = wallet::KeyCost::light}, SystemClock());
      EXPECT_TRUE(added) << added.error().what;
    }
    return true;
  }();
  EXPECT_TRUE(made);
  return folder.path();
}

}  // namespace

void WalletOnNode::SetUp() {
  make_home(folder_.path() / "home", genesis_);
  node_ = std::make_unique<Node>(folder_.path() / "home");
  auto client = wallet::NodeClient::connect(node_->address(), "");
  ASSERT_TRUE(client);
  client_ = std::make_unique<wallet::NodeClient>(std::move(*client));
  write_text(folder_.path() / "password", std::string(kPassword) + "\n");
  fs::copy(everybodys_keys(), path("keys"), fs::copy_options::recursive);
}

std::string WalletOnNode::file(const std::string& name, const std::string& text) {
  write_text(folder_.path() / name, text);
  return path(name);
}

Command WalletOnNode::command(const std::string& from, Words words, bool yes) const {
  words.insert(words.end(), {"--from", from, "--node", node_->address(), "--keystore", path("keys"),
                             "--password-file", path("password")});
  if (yes) words.emplace_back("--yes");
  return {.program = MOOT_BIN, .arguments = std::move(words), .environment = {}};
}

Finished WalletOnNode::moot(const std::string& from, Words words, bool yes) {
  return run(command(from, std::move(words), yes));
}

json::object WalletOnNode::done(const std::string& from, Words words) {
  words.emplace_back("--json");
  const Finished finished = moot(from, words);
  EXPECT_EQ(finished.status, 0) << words[0] << ": " << finished.err;
  boost::system::error_code error;
  json::value value = json::parse(finished.out, error);
  EXPECT_TRUE(!error && value.is_object()) << finished.out;
  return value.is_object() ? std::move(value.as_object()) : json::object();
}

u64 WalletOnNode::send(const std::string& label, ledger::Payload payload, std::optional<u64> nonce) {
  const auto signing = client_->signing();
  EXPECT_TRUE(signing);
  const u64 next = nonce ? *nonce : client_->next_nonce(test_address(label)).value();
  const Bytes envelope = wallet::signed_envelope(*signing, test_key(label), std::move(payload), next,
                                                 TimeMs{clock_.now_ms().raw() + kHour});
  const auto sent = client_->submit_and_wait(envelope);
  EXPECT_TRUE(sent) << label << ": " << sent.error().what;
  return sent ? sent->receipt().detail() : 0;
}

wallet::pb::Member WalletOnNode::member(u64 id) {
  wallet::pb::GetMemberRequest request;
  request.mutable_member()->set_member(id);
  const auto answer =
      client_->call(&wallet::pb::GovernanceService::Stub::GetMember, client_->governance(), request);
  EXPECT_TRUE(answer) << answer.error().what;
  return answer ? answer->member() : wallet::pb::Member();
}

u64 WalletOnNode::members() {
  const auto answer = client_->call(&wallet::pb::NodeService::Stub::GetStatus, client_->info(),
                                    wallet::pb::GetStatusRequest());
  return answer ? answer->members() : 0;
}

wallet::pb::Sale WalletOnNode::sale() {
  const auto answer =
      client_->call(&wallet::pb::TreasuryService::Stub::GetSale, client_->treasury(), GetSaleRequest());
  return answer ? answer->sale() : wallet::pb::Sale();
}

bool WalletOnNode::reaches(wallet::pb::SaleState state) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (sale().state() != state) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

wallet::pb::Proposal WalletOnNode::proposal(u64 id) {
  wallet::pb::GetProposalRequest request;
  request.set_proposal(id);
  const auto answer =
      client_->call(&wallet::pb::GovernanceService::Stub::GetProposal, client_->governance(), request);
  EXPECT_TRUE(answer) << answer.error().what;
  return answer ? answer->proposal() : wallet::pb::Proposal();
}

void WalletOnNode::everybody_votes_for(u64 id) {
  const wallet::pb::Proposal opened = proposal(id);
  Hash hash;
  std::ranges::copy(opened.proposal_hash(), hash.bytes.begin());
  for (const char* label : {"m0", "m1", "m2", "m3", "m4"}) {
    if (proposal(id).closed_at_ms() != 0) break;  // it passed early
    send(label,
         ledger::Vote{.proposal = ProposalId{id},
                      .proposal_hash = hash,
                      .title = opened.title(),
                      .choice = ledger::Choice::in_favour,
                      .reason = {}},
         1);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void WalletOnNode::authorise_sale(AssetId asset) {
  everybody_votes_for(send("m0", ledger::Propose{.title = "Sell it",
                                                 .body = {"All of it."},
                                                 .kind = ledger::ProposalKind::sale,
                                                 .actions = {terms_in(asset)}}));
  ASSERT_TRUE(reaches(wallet::pb::SALE_STATE_AUTHORISED));
}

std::string WalletOnNode::waiting_action() {
  const auto answer = done("t0", {"actions"});
  const auto& list = answer.at("actions").as_array();
  EXPECT_EQ(list.size(), 1u);
  return list.empty() ? "" : std::string(list[0].at("id").as_string());
}

void WalletOnNode::two_treasurers(const Words& words) {
  const Finished first = moot("t0", words);
  ASSERT_EQ(first.status, 0) << first.err;
  const std::string action = waiting_action();
  const Finished second = moot("t1", {"approve", action});
  ASSERT_EQ(second.status, 0) << second.err;
  EXPECT_THAT(second.out, HasSubstr("last approval needed"));
}

void WalletOnNode::fund_sale() {
  authorise_sale();
  two_treasurers({"record-proceeds", "0", "1000 USDX", "--reference", "wire 1"});
  ASSERT_TRUE(reaches(wallet::pb::SALE_STATE_FUNDED));
}

void WalletOnNode::pay_out_sale() {
  fund_sale();
  two_treasurers({"payout", "approve", "0"});
  ASSERT_TRUE(reaches(wallet::pb::SALE_STATE_PAID_OUT));
}

}  // namespace moot::test
