// Bounds on how many calls are served at once, and on how long a bulk stream may be idle: what is above one is refused or
// held back, who is within it does not notice, and there is room again when one ends.
#include <future>

#include "tests/unit/node/api/server_fixture.hpp"

namespace moot::test {
namespace {

using namespace std::chrono_literals;
using grpc::StatusCode;
using ledger::VerifiedTransaction;

// Longer than anything here takes, so that no test hangs.
void set_limit(grpc::ClientContext& context) { context.set_deadline(std::chrono::system_clock::now() + 60s); }

// Asks again and again, for ten seconds at least.
template <class Condition>
[[nodiscard]] bool comes_true(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  do {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  } while (std::chrono::steady_clock::now() < end);
  return condition();
}

// A call of SubmitBatch under way.
struct Bulk {
  explicit Bulk(pb::TxService::Stub& txs) {
    set_limit(context);
    writer = txs.SubmitBatch(&context, &response);
  }
  // One message.
  void send(std::span<const VerifiedTransaction> some) {
    pb::SubmitBatchRequest request;
    for (const auto& tx : some) request.add_envelopes(text_of(ledger::encode_transaction(tx.tx)));
    writer->Write(request);
  }
  void send(const VerifiedTransaction& tx) { send(std::span(&tx, 1)); }
  // The client's side is closed.
  grpc::Status end() {
    writer->WritesDone();
    return writer->Finish();
  }
  // The client waits for the server to end it.
  grpc::Status ended_by_server() { return writer->Finish(); }

  grpc::ClientContext context;
  pb::SubmitBatchResponse response;
  std::unique_ptr<grpc::ClientWriter<pb::SubmitBatchRequest>> writer;
};

// A stream of blocks that has begun once a block has come.
struct BlockWatch {
  explicit BlockWatch(pb::LedgerService::Stub& blocks) {
    set_limit(context);
    reader = blocks.WatchBlocks(&context, {});
  }
  [[nodiscard]] bool has_begun() {
    pb::WatchBlocksResponse message;
    return reader->Read(&message);
  }

  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<pb::WatchBlocksResponse>> reader;
};

struct Waited {
  grpc::Status status;
  pb::WaitForTransactionResponse response;
};

class LimitsTest : public ApiTest {
 protected:
  std::array<VerifiedTransaction, 3> three_transactions() {
    const auto sign = [this](const char* label) { return node.world().sign(label, ledger::Confirm{}); };
    return {sign("m0"), sign("m1"), sign("m2")};
  }
  void submit(const VerifiedTransaction& tx) {
    pb::SubmitRequest request;
    request.mutable_transaction()->set_envelope(text_of(ledger::encode_transaction(tx.tx)));
    MOOT_CALL(txs, Submit, request);
    ASSERT_TRUE(last.ok()) << last.error_message();
  }
  pb::TxState state_of(const TxId& id) {
    pb::GetTransactionRequest request;
    request.set_tx_id(text_of(id.view()));
    return MOOT_CALL(txs, GetTransaction, request).status().state();
  }
  // timeout_ms as in the request: 0 is the longest there is.
  Waited wait_for(const TxId& id, u64 timeout_ms) {
    grpc::ClientContext context;
    set_limit(context);
    pb::WaitForTransactionRequest request;
    request.set_tx_id(text_of(id.view()));
    request.set_timeout_ms(timeout_ms);
    Waited out;
    out.status = txs->WaitForTransaction(&context, request, &out.response);
    return out;
  }
  std::future<Waited> start_waiting(const TxId& id) {
    return std::async(std::launch::async, [this, id] { return wait_for(id, 0); });
  }
  [[nodiscard]] bool pending_becomes(std::size_t count) {
    return comes_true([&] { return node.pending_count() == count; });
  }

  // Every call that waits has seen the time as it is set then.
  void set_ahead(std::chrono::seconds by) {
    clock.ahead_ns += static_cast<u64>(std::chrono::nanoseconds(by).count());
    // Each ends in a round of the hub; the first one's round is over before the second one's begins.
    for (int i = 0; i < 2; ++i) wait_for(TxId{}, 50);
  }
};

void expect_too_many(const grpc::Status& status) {
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  EXPECT_EQ(reason_of(status), "TOO_MANY_CALLS");
}

// gRPC tells clients how many calls may be under way on a connection; theirs holds the next one back.
TEST_F(LimitsTest, CallsAboveTheMaximumOfAConnectionWaitUntilOneOfThemEnds) {
  options.max_streams_per_connection = 2;
  start();
  node.commit();
  BlockWatch one(*blocks);
  BlockWatch two(*blocks);
  ASSERT_TRUE(one.has_begun());
  ASSERT_TRUE(two.has_begun());
  auto held = std::async(std::launch::async, [this] {
    grpc::ClientContext context;
    set_limit(context);
    pb::GetStatusResponse response;
    return status->GetStatus(&context, {}, &response);
  });
  EXPECT_EQ(held.wait_for(300ms), std::future_status::timeout);

  grpc::ChannelArguments own;
  own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // channels to one address share a connection otherwise
  const auto elsewhere = pb::NodeService::NewStub(
      grpc::CreateCustomChannel(server->address(), grpc::InsecureChannelCredentials(), own));
  MOOT_CALL(elsewhere, GetStatus, pb::GetStatusRequest{});
  EXPECT_TRUE(last.ok()) << "another connection has a maximum of its own: " << last.error_message();
  EXPECT_EQ(held.wait_for(0ms), std::future_status::timeout);

  one.context.TryCancel();
  EXPECT_EQ(one.reader->Finish().error_code(), StatusCode::CANCELLED);
  const grpc::Status served = held.get();
  EXPECT_TRUE(served.ok()) << served.error_message();
  node.commit();
  EXPECT_TRUE(two.has_begun()) << "who was within the maximum is served on";
}

TEST_F(LimitsTest, BulkStreamsAboveTheMaximumAreRefusedUntilOneOfThemEnds) {
  options.max_bulk_streams = 2;
  start();
  const auto signed_txs = three_transactions();
  Bulk one(*txs);
  Bulk two(*txs);
  one.send(signed_txs[0]);
  two.send(signed_txs[1]);
  ASSERT_TRUE(pending_becomes(2));
  Bulk third(*txs);
  third.send(signed_txs[2]);
  expect_too_many(third.ended_by_server());
  EXPECT_EQ(node.pending_count(), 2u) << "nothing of it was taken";

  EXPECT_TRUE(one.end().ok());
  EXPECT_EQ(one.response.accepted(), 1u);
  // The place is free once the server has seen the end.
  EXPECT_TRUE(comes_true([&] {
    Bulk again(*txs);
    again.send(signed_txs[2]);
    const grpc::Status ended = again.end();
    if (!ended.ok()) expect_too_many(ended);
    return ended.ok() && again.response.accepted() == 1;
  }));
  EXPECT_TRUE(two.end().ok()) << "who was within the maximum is served on";
  EXPECT_EQ(two.response.accepted(), 1u);
}

TEST_F(LimitsTest, CallsThatWaitAboveTheMaximumAreRefusedUntilOneOfThemEnds) {
  options.max_waiters = 2;
  start();
  const auto signed_txs = three_transactions();
  std::array<std::future<Waited>, 3> waiting;
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_NO_FATAL_FAILURE(submit(signed_txs[i]));
    waiting[i] = start_waiting(signed_txs[i].id);
  }
  // Nothing becomes final or is dropped: the only one that ends is the one that came last, whichever it was.
  std::size_t refused = 0;
  ASSERT_TRUE(comes_true([&] {
    for (refused = 0; refused < 3; ++refused)
      if (waiting[refused].wait_for(0ms) == std::future_status::ready) return true;
    return false;
  }));
  expect_too_many(waiting[refused].get().status);
  EXPECT_EQ(state_of(signed_txs[refused].id), pb::TX_STATE_PENDING) << "it can be asked for all the same";
  const std::size_t leaves = (refused + 1) % 3;
  const std::size_t stays = (refused + 2) % 3;

  node.drop(signed_txs[leaves].id, ledger::TxError::expired);
  const Waited left = waiting[leaves].get();
  EXPECT_TRUE(left.status.ok()) << left.status.error_message();
  EXPECT_EQ(left.response.status().state(), pb::TX_STATE_DROPPED);
  // The place is free once the server has seen the end.
  EXPECT_TRUE(comes_true([&] {
    const Waited again = wait_for(signed_txs[refused].id, 1);
    if (reason_of(again.status) == "NOT_FINAL_YET") return true;
    expect_too_many(again.status);
    return false;
  }));
  EXPECT_EQ(waiting[stays].wait_for(0ms), std::future_status::timeout);
  node.commit();
  const Waited stayed = waiting[stays].get();
  EXPECT_TRUE(stayed.status.ok()) << "who was within the maximum is served on: "
                                  << stayed.status.error_message();
  EXPECT_EQ(stayed.response.status().state(), pb::TX_STATE_FINAL);
}

// ---- idle bulk streams; time is set ahead, so that how fast the machine is does not matter ----

TEST_F(LimitsTest, AnIdleBulkStreamIsEndedAndWhatItSubmittedKeepsItsAnswer) {
  options.idle_bulk = DurationMs{100'000};
  start();
  const auto signed_txs = three_transactions();
  Bulk bulk(*txs);
  bulk.send(signed_txs[0]);
  ASSERT_TRUE(pending_becomes(1));
  set_ahead(60s);
  bulk.send(signed_txs[1]);
  ASSERT_TRUE(pending_becomes(2));
  set_ahead(60s);
  bulk.send(signed_txs[2]);
  ASSERT_TRUE(pending_becomes(3)) << "every message counts, so that it was never idle for longer than it may";

  auto ending = std::async(std::launch::async, [&] { return bulk.ended_by_server(); });
  bool has_ended = false;
  for (int i = 0; i < 2 && !has_ended; ++i) {  // the server may begin to wait for more only after the first
    set_ahead(101s);
    has_ended = comes_true([&] { return ending.wait_for(0ms) == std::future_status::ready; });
  }
  ASSERT_TRUE(has_ended) << "by its own maximum: the default one is longer than all this";
  const grpc::Status ended = ending.get();
  EXPECT_EQ(ended.error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(reason_of(ended), "SLOW_CONSUMER") << ended.error_message();
  for (const auto& tx : signed_txs) EXPECT_EQ(state_of(tx.id), pb::TX_STATE_PENDING);
  node.commit();
  for (const auto& tx : signed_txs) EXPECT_EQ(state_of(tx.id), pb::TX_STATE_FINAL);
  Bulk again(*txs);
  again.send(signed_txs);
  EXPECT_TRUE(again.end().ok());
  EXPECT_EQ(again.response.known(), 3u);
}

TEST_F(LimitsTest, ABulkStreamThatWaitsForABusyNodeIsNotIdle) {
  options.idle_bulk = DurationMs{100'000};
  node.set_capacity(2);
  start();
  const auto signed_txs = three_transactions();
  Bulk bulk(*txs);
  bulk.send(signed_txs);
  ASSERT_TRUE(pending_becomes(2)) << "the third waits for room";
  set_ahead(1'000s);
  node.commit();
  ASSERT_TRUE(pending_becomes(1)) << "the third";
  const grpc::Status ended = bulk.end();
  EXPECT_TRUE(ended.ok()) << ended.error_message();
  EXPECT_EQ(bulk.response.accepted(), 3u);
}

}  // namespace
}  // namespace moot::test
