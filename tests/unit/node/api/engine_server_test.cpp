// The server over the real engine on a real disk: ballots streamed in, final, counted, and proved.
#include "consensus/types.hpp"
#include "node/api/convert.hpp"
#include "tests/unit/node/api/server_fixture.hpp"
#include "tests/unit/node/engine/engine_fixture.hpp"

namespace moot::test {
namespace {

constexpr unsigned kVoters = 1'000;

class EngineServerTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    const ledger::Genesis small = genesis_;
    genesis_ = test_genesis({.members = kVoters});
    genesis_.created = small.created;
    genesis_.roles = small.roles;
    // With vote change there are no early results, so every ballot is counted.
    genesis_.rules.policies[0].vote_change = true;
    genesis_.rules.policies[0].max_changes = 1;
    start();
    auto started = node::api::ApiServer::start(*engine_, {.listen = "127.0.0.1:0"}, clock_, log_);
    ASSERT_TRUE(started) << started.error();
    server_ = std::move(*started);
    channel_ = grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
  }
  void TearDown() override {
    server_.reset();
    EngineTest::TearDown();
  }

  pb::SubmitBatchResponse send(const std::vector<Bytes>& envelopes) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    pb::SubmitBatchResponse response;
    auto writer = pb::TxService::NewStub(channel_)->SubmitBatch(&context, &response);
    pb::SubmitBatchRequest request;
    request.set_wait_until_final(true);
    for (const Bytes& envelope : envelopes) {
      request.add_envelopes(text_of(envelope));
      if (request.envelopes_size() < 128) continue;
      writer->Write(request);
      request.Clear();
    }
    writer->Write(request);
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  std::unique_ptr<node::api::ApiServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(EngineServerTest, StreamedBallotsBecomeFinalCountedAndProved) {
  const ProposalId id = propose(ledger::ProposalKind::text, {});
  std::vector<Bytes> ballots;
  for (unsigned i = 0; i < kVoters; ++i)
    ballots.push_back(ballot("m" + std::to_string(i), id,
                             i % 2 == 0 ? ledger::Choice::in_favour : ledger::Choice::abstain));
  const auto answer = send(ballots);
  EXPECT_EQ(answer.accepted(), kVoters);
  EXPECT_EQ(answer.done(), kVoters);
  EXPECT_EQ(answer.refusals_size(), 0);

  pb::GetTallyRequest tally_request;
  tally_request.set_proposal(id.value);
  pb::GetTallyResponse tally;
  grpc::ClientContext tally_call;
  ASSERT_TRUE(pb::GovernanceService::NewStub(channel_)->GetTally(&tally_call, tally_request, &tally).ok());
  EXPECT_EQ(tally.tally().counts().in_favour(), kVoters / 2);
  EXPECT_EQ(tally.tally().counts().abstain(), kVoters / 2);
  EXPECT_EQ(tally.tally().ballots(), kVoters);

  const auto first = ledger::decode_transaction(ballots[0]);
  pb::GetReceiptRequest receipt_request;
  receipt_request.set_tx_id(text_of(ledger::transaction_id(engine_->identity().signing, *first).view()));
  pb::GetReceiptResponse receipt;
  grpc::ClientContext receipt_call;
  ASSERT_TRUE(
      pb::LedgerService::NewStub(channel_)->GetReceipt(&receipt_call, receipt_request, &receipt).ok());
  EXPECT_TRUE(receipt.receipt().done());
  const auto header = decoded<consensus::Header>(as_bytes(receipt.header()));
  ASSERT_TRUE(header);
  EXPECT_EQ(text_of(header->receipts_root.view()), receipt.in_block().root())
      << "the proof ends at the signed header";
  EXPECT_EQ(text_of(consensus::block_hash(*header).view()), receipt.block().hash());
}

TEST_F(EngineServerTest, BlocksStreamedFromTheFirstAreAChain) {
  propose(ledger::ProposalKind::text, {});
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  pb::WatchBlocksRequest request;
  request.set_to_height(engine_->snapshot()->block.height.raw());
  auto reader = pb::LedgerService::NewStub(channel_)->WatchBlocks(&context, request);
  pb::WatchBlocksResponse message;
  BlockHash parent = consensus::genesis_hash(engine_->identity().signing.ledger_id);
  u64 height = 0;
  while (reader->Read(&message)) {
    for (const auto& block : message.blocks()) {
      const auto header = decoded<consensus::Header>(as_bytes(block.header()));
      ASSERT_TRUE(header);
      EXPECT_EQ(header->parent, parent);
      EXPECT_EQ(header->height.raw(), ++height);
      parent = consensus::block_hash(*header);
    }
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(height, request.to_height());
  EXPECT_GE(height, 1u);
}

}  // namespace
}  // namespace moot::test
