// Streams: history first, then what is new; resuming, heartbeats, slow clients, the server's end.
#include <future>

#include "tests/unit/node/api/server_fixture.hpp"

namespace moot::test {
namespace {

using grpc::StatusCode;

// A stream of events or blocks, read with a deadline.
template <class Response>
struct Stream {
  explicit Stream(std::chrono::milliseconds limit = std::chrono::seconds(10))
      : context(std::make_unique<grpc::ClientContext>()) {
    context->set_deadline(std::chrono::system_clock::now() + limit);
  }
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientReader<Response>> reader;
  // The next message with contents; heartbeats are passed over.
  std::optional<Response> next() {
    Response out;
    while (reader->Read(&out)) {
      if constexpr (std::is_same_v<Response, pb::WatchEventsResponse>) {
        if (!out.events().empty()) return out;
      } else {
        if (!out.blocks().empty()) return out;
      }
    }
    return std::nullopt;
  }
};

class StreamTest : public ApiTest {
 protected:
  StreamTest() { options.heartbeat = DurationMs{100}; }

  Stream<pb::WatchEventsResponse> watch_events(const pb::WatchEventsRequest& request) {
    Stream<pb::WatchEventsResponse> out;
    out.reader = blocks->WatchEvents(out.context.get(), request);
    return out;
  }
  Stream<pb::WatchBlocksResponse> watch_blocks(const pb::WatchBlocksRequest& request,
                                               std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    Stream<pb::WatchBlocksResponse> out(limit);
    out.reader = blocks->WatchBlocks(out.context.get(), request);
    return out;
  }
  void delegate(const char* from, const char* to) { node.run(from, ledger::SetDelegate{test_address(to)}); }
};

TEST_F(StreamTest, EventsComeFromHistoryThenAsTheyHappenAndResume) {
  delegate("m0", "m1");
  auto stream = watch_events({});
  const auto first = stream.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->events(0).height(), 1u);
  EXPECT_EQ(first->events(0).index(), 0u);
  const int events_a_block = first->events_size();
  delegate("m1", "m2");
  const auto second = stream.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->events(0).height(), 2u);
  EXPECT_EQ(second->next_height(), 3u);

  pb::WatchEventsRequest resume;
  resume.set_from_height(1);
  resume.set_from_index(1);
  auto resumed = watch_events(resume);
  const auto rest = resumed.next();
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->events_size(), events_a_block - 1);
  EXPECT_EQ(rest->events(0).index(), 1u);
  resume.set_from_height(first->next_height());
  resume.set_from_index(first->next_index());
  auto after_first = watch_events(resume);
  const auto same = after_first.next();
  ASSERT_TRUE(same);
  EXPECT_EQ(same->SerializeAsString(), second->SerializeAsString());
}

TEST_F(StreamTest, EventsOfTheKindsAskedForFromNowOn) {
  delegate("m0", "m1");
  pb::WatchEventsRequest request;
  request.set_from_now(true);
  request.add_kinds(pb::EVENT_KIND_DELEGATE_CHANGED);
  auto stream = watch_events(request);
  stream.reader->WaitForInitialMetadata();  // the stream has begun before the next block
  delegate("m1", "m2");
  const auto got = stream.next();
  ASSERT_TRUE(got);
  ASSERT_EQ(got->events_size(), 1);
  EXPECT_EQ(got->events(0).kind(), pb::EVENT_KIND_DELEGATE_CHANGED);
  EXPECT_EQ(got->events(0).height(), 2u);
}

TEST_F(StreamTest, AnIdleStreamBeatsAndSaysWhereItStands) {
  delegate("m0", "m1");
  auto stream = watch_events({});
  ASSERT_TRUE(stream.next());
  for (int i = 0; i < 2; ++i) {
    pb::WatchEventsResponse beat;
    ASSERT_TRUE(stream.reader->Read(&beat));
    EXPECT_EQ(beat.events_size(), 0);
    EXPECT_EQ(beat.next_height(), 2u);
    EXPECT_EQ(beat.head_height(), 1u);
  }
  delegate("m1", "m2");
  EXPECT_TRUE(stream.next());
}

TEST_F(StreamTest, BlocksComeWholeAndEndWhereAsked) {
  for (int i = 0; i < 5; ++i) node.commit();
  const auto tx = node.world().sign("m0", ledger::SetDelegate{test_address("m1")});
  node.commit(std::span(&tx, 1));
  pb::WatchBlocksRequest request;
  request.set_to_height(6);
  auto stream = watch_blocks(request);
  u64 expected = 1;
  while (const auto message = stream.next()) {
    for (const auto& block : message->blocks()) EXPECT_EQ(block.height(), expected++);
    if (message->next_height() == 7)
      EXPECT_EQ(message->blocks().rbegin()->envelopes(0), text_of(ledger::encode_transaction(tx.tx)));
  }
  EXPECT_EQ(expected, 7u);
  EXPECT_TRUE(stream.reader->Finish().ok());
  request.set_from_height(8);
  EXPECT_EQ(reason_of(watch_blocks(request).reader->Finish()), "HEIGHT_OUT_OF_RANGE");
  request.set_from_height(6);
  request.set_to_height(5);
  EXPECT_EQ(reason_of(watch_blocks(request).reader->Finish()), "FIELD_INVALID");
}

TEST_F(StreamTest, AClientThatDoesNotReadIsCutAndTold) {
  options.stall = DurationMs{200};
  start();
  node.set_padding(2'000'000);
  for (int i = 0; i < 12; ++i) node.commit();  // far more than any window of the connection
  auto stream = watch_blocks({}, std::chrono::seconds(30));
  // Slow all the way: whenever the server comes to write more than the connection takes, it waits in vain.
  const auto late = [&stream] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1'000));
    return stream.next();
  };
  u64 read = 0;
  while (const auto message = late()) read += static_cast<u64>(message->blocks_size());
  EXPECT_LT(read, 12u);
  const auto end = stream.reader->Finish();
  EXPECT_EQ(end.error_code(), StatusCode::RESOURCE_EXHAUSTED) << end.error_message();
  EXPECT_EQ(reason_of(end), "SLOW_CONSUMER");
}

TEST_F(StreamTest, AClientThatReadsGetsAll) {
  node.set_padding(2'000'000);
  for (int i = 0; i < 12; ++i) node.commit();
  pb::WatchBlocksRequest request;
  request.set_to_height(12);
  auto stream = watch_blocks(request);
  u64 read = 0;
  while (const auto message = stream.next()) read += static_cast<u64>(message->blocks_size());
  EXPECT_EQ(read, 12u);
  EXPECT_TRUE(stream.reader->Finish().ok());
}

TEST_F(StreamTest, StreamsHaveABound) {
  options.max_watchers = 2;
  start();
  node.commit();
  auto one = watch_blocks({});
  auto two = watch_blocks({});
  ASSERT_TRUE(one.next());
  ASSERT_TRUE(two.next());
  EXPECT_EQ(reason_of(watch_blocks({}).reader->Finish()), "TOO_MANY_CALLS");
  one.context->TryCancel();
  EXPECT_EQ(one.reader->Finish().error_code(), StatusCode::CANCELLED);
  bool served = false;  // the place is free once the server has seen the end
  for (int i = 0; i < 100 && !served; ++i) {
    auto again = watch_blocks({});
    served = again.next().has_value();
    if (!served) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    again.context->TryCancel();
  }
  EXPECT_TRUE(served);
}

TEST_F(StreamTest, TheServersEndEndsStreamsAndWaits) {
  node.commit();
  auto stream = watch_blocks({});
  ASSERT_TRUE(stream.next());
  pb::WaitForTransactionRequest wait;
  wait.set_tx_id(std::string(32, 'x'));
  auto waiting = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    pb::WaitForTransactionResponse response;
    return txs->WaitForTransaction(&context, wait, &response);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto begun = std::chrono::steady_clock::now();
  server->stop(DurationMs{5'000});
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(3))
      << "nobody is waited for in vain";
  EXPECT_FALSE(stream.next());
  EXPECT_EQ(stream.reader->Finish().error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(waiting.get().error_code(), StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace moot::test
