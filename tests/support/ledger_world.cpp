#include "tests/support/ledger_world.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "crypto/ecdsa.hpp"
#include "crypto/schnorr.hpp"
#include "crypto/sha256.hpp"

namespace moot::test {

using namespace ledger;

crypto::SecretKey test_key(std::string_view label) {
  const std::string text = "moot test key " + std::string(label);
  auto key = crypto::SecretKey::from_bytes(crypto::sha256(as_bytes(text)).view());
  MOOT_CHECK(key.has_value(), "a hash is a valid scalar but for chance");
  return std::move(*key);
}

void note_refusal(TxError code) {
  static const char* const file = std::getenv("MOOT_CENSUS");
  if (file) std::ofstream(file, std::ios::app) << reason(code) << '\n';
}

Address test_address(std::string_view label) { return crypto::address_of(test_key(label)); }

namespace {

GenesisHolder holder(std::string_view label, TimeMs expires = {}) {
  return {.address = test_address(label), .expires = expires, .validator_key = {}, .comet_key = {}};
}

Policy quick_policy(ProposalKind kind) {
  Policy policy = default_policy(kind);
  policy.basis = BasisKind::members;
  policy.quorum = Ppm{200'000};
  policy.approval = Ppm{};
  policy.support = Ppm{500'000};
  policy.veto = Ppm{};
  policy.delay = DurationMs{};
  policy.period = DurationMs{kHour};
  policy.min_open = DurationMs{};
  policy.extension = DurationMs{};
  policy.timelock = DurationMs{};
  policy.grace = DurationMs{kDay};
  policy.record_lag = DurationMs{};
  policy.reserved_live = 0;
  return policy;
}

}  // namespace

Genesis test_genesis(const WorldOptions& options) {
  Genesis genesis;
  genesis.organisation = "Test Co-op";
  genesis.salt = crypto::sha256(as_bytes("test salt"));
  genesis.created = TimeMs{kGenesisTime};
  for (std::size_t kind = 0; kind < kProposalKinds; ++kind)
    genesis.rules.policies[kind] = quick_policy(static_cast<ProposalKind>(kind));
  genesis.rules.parameters.set(Param::min_timelock_ms, 0);
  genesis.rules.parameters.set(Param::payout_delay_ms, kSecond);
  genesis.rules.parameters.set(Param::invites, 1);
  genesis.assets = {{.symbol = "USDX",
                     .decimals = 6,
                     .kind = AssetKind::external,
                     .supply = {},
                     .minimum_redemption = Amount{1'000}},
                    {.symbol = "TOK",
                     .decimals = 0,
                     .kind = AssetKind::fixed,
                     .supply = Amount{1'000'000},
                     .minimum_redemption = {}}};
  genesis.classes = {{.name = "data set", .attested_only = options.attested_only},
                     {.name = "house", .attested_only = false}};
  genesis.roles[Role::registrar] = {
      .threshold = 1, .thresholds = {}, .holders = {holder("r0"), holder("r1")}};
  genesis.roles[Role::attestor] = {.threshold = 1, .thresholds = {}, .holders = {holder("a0")}};
  genesis.roles[Role::treasurer] = {
      .threshold = 2, .thresholds = {}, .holders = {holder("t0"), holder("t1"), holder("t2")}};
  genesis.roles[Role::auditor] = {.threshold = 1, .thresholds = {}, .holders = {holder("u0"), holder("u1")}};
  genesis.roles[Role::guardian] = {
      .threshold = 1, .thresholds = {}, .holders = {holder("g0", TimeMs{kGenesisTime + 360 * kDay})}};
  GenesisHolder validator = holder("v0");
  validator.validator_key = Hash{crypto::x_only(test_key("v0")).bytes};
  genesis.roles[Role::validator] = {.threshold = 1, .thresholds = {}, .holders = {validator}};
  genesis.accounts = {{.address = test_address("buyer"), .balances = {{AssetId{1}, Amount{1'000}}}}};
  for (unsigned i = 0; i < options.members; ++i)
    genesis.members.push_back({.address = test_address("m" + std::to_string(i)),
                               .holdings = {{ClassId{0}, Units{10 * (i + 1)}}},
                               .consent_hash = {}});
  return genesis;
}

LedgerWorld::LedgerWorld(const Genesis& genesis)
    : signing_(signing_context(genesis.organisation, ledger_id(genesis))) {
  const auto good = check_genesis(genesis);
  EXPECT_TRUE(good) << good.error();
  InitialBlock initial = initial_block(genesis);
  state_ = std::move(initial.state);
  root_ = initial.roots.state_root;
}

MemberId LedgerWorld::member(std::string_view label) const {
  return state_.member_of(test_address(label)).value();
}
AccountId LedgerWorld::account(std::string_view label) const {
  return state_.account_of(test_address(label)).value();
}

VerifiedTransaction LedgerWorld::sign(std::string_view label, Payload payload) {
  const auto account = state_.account_of(test_address(label));
  const u64 nonce = account ? state_.accounts[account->value].next_nonce : 1;
  return sign(label, std::move(payload), {.nonce = nonce, .valid_until = TimeMs{now().raw() + kHour}});
}

VerifiedTransaction LedgerWorld::sign(std::string_view label, Payload payload, const Terms& terms) const {
  Transaction tx{.payload = std::move(payload),
                 .signer = test_address(label),
                 .nonce = terms.nonce,
                 .valid_until = terms.valid_until};
  const TxId id = transaction_id(signing_, tx);
  tx.signature = crypto::sign(test_key(label), id.as<Hash>()).bytes;
  const Bytes envelope = encode_transaction(tx);
  auto verified = trust_transaction(signing_, envelope);
  EXPECT_TRUE(verified.has_value());
  return std::move(*verified);
}

VerifiedTransaction LedgerWorld::ballot(std::string_view label, ProposalId proposal, Choice choice, u16 nonce,
                                        std::string reason) const {
  const Proposal& record = state_.proposals[proposal.value];
  return sign(label,
              Vote{.proposal = proposal,
                   .proposal_hash = record.hash,
                   .title = record.title,
                   .choice = choice,
                   .reason = std::move(reason)},
              {.nonce = nonce, .valid_until = {}});
}

BlockResult LedgerWorld::block(std::span<const VerifiedTransaction> txs, u64 step_ms) {
  BlockExecution execution(state_, TimeMs{now().raw() + step_ms});
  for (const VerifiedTransaction& tx : txs) {
    const auto receipt = execution.add(tx);
    EXPECT_TRUE(receipt.has_value()) << "refused: " << (receipt ? "" : reason(receipt.error().code));
  }
  BlockResult result = execution.finish();
  for (const Receipt& receipt : result.receipts) {
    if (receipt.failed()) note_refusal(static_cast<TxError>(receipt.code));
    for (const SkippedItem& item : receipt.skipped) note_refusal(static_cast<TxError>(item.code));
  }
  for (const Event& event : result.events)
    if (event.kind == EventKind::execution_failed) note_refusal(static_cast<TxError>(event.b));
  EXPECT_TRUE(result.breaches.empty()) << result.breaches.size() << " broken laws";
  state_ = result.state;
  root_ = result.roots.state_root;
  if (observer_) observer_(txs, result);
  return result;
}

Receipt LedgerWorld::run(std::string_view label, Payload payload, u64 step_ms) {
  const VerifiedTransaction tx = sign(label, std::move(payload));
  const BlockResult result = block(std::span(&tx, 1), step_ms);
  if (result.receipts.empty()) {
    ADD_FAILURE() << "the transaction was refused";
    return {};
  }
  const Receipt receipt = result.receipts.front();
  EXPECT_FALSE(receipt.failed()) << reason(static_cast<TxError>(receipt.code));
  return receipt;
}

Receipt LedgerWorld::vote(std::string_view label, ProposalId proposal, Choice choice, u16 nonce) {
  const VerifiedTransaction tx = ballot(label, proposal, choice, nonce);
  const BlockResult result = block(std::span(&tx, 1));
  return result.receipts.empty() ? Receipt{} : result.receipts.front();
}

std::optional<TxError> LedgerWorld::code(std::string_view label, Payload payload, u64 step_ms) const {
  const auto account = state_.account_of(test_address(label));
  const u64 nonce = account ? state_.accounts[account->value].next_nonce : 1;
  return code(sign(label, std::move(payload), {.nonce = nonce, .valid_until = TimeMs{now().raw() + kHour}}),
              step_ms);
}

std::optional<TxError> LedgerWorld::code(const VerifiedTransaction& tx, u64 step_ms) const {
  BlockExecution execution(state_, TimeMs{now().raw() + step_ms});
  const auto receipt = execution.add(tx);
  if (receipt && !receipt->failed()) return std::nullopt;
  const TxError code = receipt ? static_cast<TxError>(receipt->code) : receipt.error().code;
  note_refusal(code);
  return code;
}

ProposalId LedgerWorld::propose(ProposalKind kind, std::vector<Action> actions, std::string_view label) {
  const Receipt receipt =
      run(label,
          Propose{.title = "A proposal", .body = {"Because."}, .kind = kind, .actions = std::move(actions)});
  block();
  return ProposalId{receipt.detail};
}

}  // namespace moot::test
