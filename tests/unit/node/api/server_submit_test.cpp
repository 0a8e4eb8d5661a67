// Transactions over a real connection: signing payload, simulation, submission of one and of many, waiting.
#include <future>

#include "crypto/ecdsa.hpp"
#include "node/api/convert.hpp"
#include "tests/unit/node/api/server_fixture.hpp"

namespace moot::test {
namespace {

using grpc::StatusCode;
using ledger::Choice;
using ledger::TxError;
using ledger::VerifiedTransaction;
using node::api::fixed_from;

std::string envelope_of(const VerifiedTransaction& tx) { return text_of(ledger::encode_transaction(tx.tx)); }

pb::SubmitRequest submit_request(const VerifiedTransaction& tx) {
  pb::SubmitRequest request;
  request.mutable_transaction()->set_envelope(envelope_of(tx));
  return request;
}

TEST_F(ApiTest, ABallotGoesFromSigningPayloadToFinalReceipt) {
  const ProposalId id = node.propose(ledger::ProposalKind::text, {});
  const auto& proposal = node.world().state().proposals[id.value];
  pb::GetSigningPayloadRequest ask;
  auto& vote = *ask.mutable_transaction()->mutable_payload()->mutable_vote();
  vote.set_proposal(id.value);
  vote.set_proposal_hash(text_of(proposal.hash.view()));
  vote.set_title(proposal.title);
  vote.set_choice(pb::CHOICE_FOR);
  ask.mutable_transaction()->set_signer(text_of(test_address("m1").view()));
  auto payload = MOOT_CALL(txs, GetSigningPayload, ask);
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(payload.transaction().nonce(), 1u) << "the node fills the nonce in";
  EXPECT_NE(payload.typed_data_json().find("\"primaryType\":\"Vote\""), std::string::npos)
      << payload.typed_data_json();
  EXPECT_NE(payload.typed_data_json().find("EIP712Domain"), std::string::npos);

  const auto digest = *fixed_from<Hash>(payload.digest());
  auto& tx = *payload.mutable_transaction();
  tx.set_signature(text_of(crypto::sign(test_key("m1"), digest).bytes));
  pb::SubmitRequest submit;
  *submit.mutable_transaction()->mutable_transaction() = tx;
  const auto accepted = MOOT_CALL(txs, Submit, submit);
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(accepted.status().tx_id(), payload.digest()) << "the id is what was signed";
  EXPECT_EQ(accepted.status().state(), pb::TX_STATE_PENDING);

  pb::WaitForTransactionRequest wait;
  wait.set_tx_id(payload.digest());
  auto waiting = std::async(std::launch::async, [&] { return MOOT_CALL(txs, WaitForTransaction, wait); });
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds(120)), std::future_status::timeout);
  node.commit();
  const auto final_answer = waiting.get();
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(final_answer.status().state(), pb::TX_STATE_FINAL);
  EXPECT_TRUE(final_answer.status().receipt().done());

  const auto again = MOOT_CALL(txs, Submit, submit);
  EXPECT_TRUE(last.ok()) << "sending again what is known is no error";
  EXPECT_EQ(again.status().state(), pb::TX_STATE_FINAL);
  pb::GetTransactionRequest get;
  get.set_tx_id(payload.digest());
  get.set_include_transaction(true);
  EXPECT_EQ(MOOT_CALL(txs, GetTransaction, get).transaction().SerializeAsString(), tx.SerializeAsString());
}

TEST_F(ApiTest, ARefusalIsAnErrorThatNamesItsReason) {
  auto tx = node.world().sign("m0", ledger::SetDelegate{test_address("m1")});
  tx.tx.signature[10] ^= 1;
  MOOT_CALL(txs, Submit, submit_request(tx));
  EXPECT_EQ(last.error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(reason_of(last) == "SIGNER_MISMATCH" || reason_of(last) == "BAD_SIGNATURE") << reason_of(last);
  pb::SubmitRequest junk;
  junk.mutable_transaction()->set_envelope("junk");
  MOOT_CALL(txs, Submit, junk);
  EXPECT_EQ(last.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(reason_of(last), "MALFORMED");
  MOOT_CALL(txs, Submit, pb::SubmitRequest{});
  EXPECT_EQ(reason_of(last), "FIELD_INVALID");
  junk.mutable_transaction()->mutable_transaction()->set_signer("abc");
  MOOT_CALL(txs, Submit, junk);
  EXPECT_EQ(reason_of(last), "FIELD_INVALID");
  MOOT_CALL(txs, Submit, submit_request(node.world().sign("stranger", ledger::Confirm{})));
  EXPECT_EQ(last.error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(reason_of(last), "NO_ACCOUNT");
  node.set_capacity(0);
  MOOT_CALL(txs, Submit, submit_request(node.world().sign("m0", ledger::Confirm{})));
  EXPECT_EQ(last.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(reason_of(last), "NODE_BUSY");
}

TEST_F(ApiTest, ARequestLargerThanItsBoundIsRefused) {
  options.max_message_bytes = 1'000;
  start();
  pb::SubmitRequest large;
  large.mutable_transaction()->set_envelope(std::string(1'001, 'x'));
  pb::SimulateRequest simulate;
  *simulate.mutable_transaction() = large.transaction();
  MOOT_CALL(txs, Simulate, simulate);
  EXPECT_EQ(last.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  MOOT_CALL(txs, Submit, large);
  EXPECT_EQ(last.error_code(), StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ApiTest, ASimulationSaysWhatWouldBecomeAndChangesNothing) {
  pb::SimulateRequest request;
  const auto simulate = [&](const VerifiedTransaction& tx) {
    request.mutable_transaction()->set_envelope(envelope_of(tx));
    return MOOT_CALL(txs, Simulate, request);
  };
  const auto good = simulate(node.world().sign("m0", ledger::SetDelegate{test_address("m1")}));
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_TRUE(good.would_be_done()) << good.reason();
  ASSERT_EQ(good.events_size(), 2) << "the delegation, and the confirmation by a first own transaction";
  EXPECT_EQ(node.snapshot()->block.height.raw(), 0u);

  const auto failing = simulate(node.world().sign("m0", ledger::SetDelegate{test_address("m0")}));
  EXPECT_FALSE(failing.would_be_done());
  EXPECT_FALSE(failing.refused()) << "it would get on the ledger, and fail there";
  EXPECT_EQ(failing.reason(), "SELF_DELEGATION");
  const auto ahead = simulate(node.world().sign("m0", ledger::Confirm{}, {.nonce = 9, .valid_until = {}}));
  EXPECT_TRUE(ahead.refused());
  EXPECT_EQ(ahead.reason(), "NONCE_AHEAD");
  auto unsigned_tx = node.world().sign("m0", ledger::SetDelegate{test_address("m1")});
  unsigned_tx.tx.signature = {};
  EXPECT_TRUE(simulate(unsigned_tx).would_be_done()) << "a signature may be missing";
  unsigned_tx.tx.signature[0] = 1;
  EXPECT_TRUE(simulate(unsigned_tx).refused()) << "but a wrong one is found";
}

TEST_F(ApiTest, WaitingEndsWhenATransactionIsDroppedOrTimeIsUp) {
  const auto tx = node.world().sign("m0", ledger::Confirm{});
  pb::WaitForTransactionRequest wait;
  wait.set_tx_id(text_of(tx.id.view()));
  wait.set_timeout_ms(60);
  MOOT_CALL(txs, WaitForTransaction, wait);
  EXPECT_EQ(last.error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(reason_of(last), "NOT_FINAL_YET");
  MOOT_CALL(txs, Submit, submit_request(tx));
  node.drop(tx.id, TxError::expired);
  wait.set_timeout_ms(5'000);
  const auto dropped = MOOT_CALL(txs, WaitForTransaction, wait);
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(dropped.status().state(), pb::TX_STATE_DROPPED);
  EXPECT_EQ(dropped.status().dropped_reason(), "EXPIRED");
  wait.set_tx_id("x");
  MOOT_CALL(txs, WaitForTransaction, wait);
  EXPECT_EQ(reason_of(last), "FIELD_INVALID");
  pb::GetTransactionRequest unknown;
  unknown.set_tx_id(std::string(32, 'u'));
  MOOT_CALL(txs, GetTransaction, unknown);
  EXPECT_EQ(reason_of(last), "TRANSACTION_UNKNOWN");
}

// ---- many at once ----

class BulkTest : public ApiTest {
 protected:
  BulkTest() : ApiTest({.members = 300}) {}

  void SetUp() override {
    ApiTest::SetUp();
    const ProposalId id = node.propose(ledger::ProposalKind::text, {});
    // One For, one Against: nothing is decided before the last of them.
    for (int i = 0; i < 300; ++i)
      ballots.push_back(
          node.world().ballot("m" + std::to_string(i), id, i % 2 == 0 ? Choice::in_favour : Choice::against));
  }

  // Sends all ballots, 50 a message, then more.
  pb::SubmitBatchResponse send(bool wait_until_final, const std::vector<std::string>& more = {}) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    pb::SubmitBatchResponse response;
    auto writer = txs->SubmitBatch(&context, &response);
    pb::SubmitBatchRequest request;
    request.set_wait_until_final(wait_until_final);
    for (std::size_t i = 0; i < ballots.size(); ++i) {
      request.add_envelopes(envelope_of(ballots[i]));
      if (request.envelopes_size() < 50) continue;
      writer->Write(request);
      request.Clear();
    }
    for (const std::string& envelope : more) request.add_envelopes(envelope);
    writer->Write(request);
    writer->WritesDone();
    last = writer->Finish();
    return response;
  }

  std::vector<VerifiedTransaction> ballots;
};

TEST_F(BulkTest, CountsWhatWasAcceptedKnownAndRefused) {
  const auto answer = send(false, {envelope_of(ballots[0]), "junk"});
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(answer.received(), 302u);
  EXPECT_EQ(answer.accepted(), 300u);
  EXPECT_EQ(answer.known(), 1u);
  EXPECT_EQ(answer.refused(), 1u);
  ASSERT_EQ(answer.refusals_size(), 1);
  EXPECT_EQ(answer.refusals(0).position(), 301u);
  EXPECT_EQ(answer.refusals(0).reason(), "MALFORMED");
  EXPECT_EQ(node.pending_count(), 300u);
}

TEST_F(BulkTest, WaitsUntilAllIsFinalOrDropped) {
  auto sending = std::async(std::launch::async, [this] { return send(true); });
  while (node.pending_count() < 300) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  node.drop(ballots[7].id, TxError::voting_closed);
  node.commit();
  const auto answer = sending.get();
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(answer.accepted(), 300u);
  EXPECT_EQ(answer.done(), 299u);
  EXPECT_EQ(answer.failed(), 0u);
  EXPECT_EQ(answer.dropped(), 1u);
  ASSERT_EQ(answer.refusals_size(), 1);
  EXPECT_EQ(answer.refusals(0).position(), 7u);
  EXPECT_EQ(answer.refusals(0).reason(), "VOTING_CLOSED");
  EXPECT_TRUE(answer.refusals(0).dropped());
}

TEST_F(BulkTest, AFullNodeSlowsTheStreamAndLosesNothing) {
  node.set_capacity(40);
  auto sending = std::async(std::launch::async, [this] { return send(true); });
  while (sending.wait_for(std::chrono::milliseconds(20)) == std::future_status::timeout)
    if (node.pending_count() > 0) node.commit();
  const auto answer = sending.get();
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(answer.accepted(), 300u);
  EXPECT_EQ(answer.done(), 300u);
  EXPECT_EQ(answer.refused(), 0u);
}

TEST_F(BulkTest, TooManyInOneMessageIsAnError) {
  const auto answer = send(false, std::vector<std::string>(16'385, "x"));
  EXPECT_EQ(last.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(reason_of(last), "FIELD_INVALID");
}

TEST_F(BulkTest, AClientThatGoesAwayLeavesTheServerWell) {
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    pb::SubmitBatchResponse response;
    auto writer = txs->SubmitBatch(&context, &response);
    pb::SubmitBatchRequest request;
    request.set_wait_until_final(true);
    request.add_envelopes(envelope_of(ballots[static_cast<std::size_t>(i)]));
    writer->Write(request);
    context.TryCancel();
    EXPECT_EQ(writer->Finish().error_code(), StatusCode::CANCELLED);
  }
  MOOT_CALL(status, GetStatus, pb::GetStatusRequest{});
  EXPECT_TRUE(last.ok());
}

}  // namespace
}  // namespace moot::test
