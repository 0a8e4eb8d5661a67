// 64 KiB of garbage to every RPC: each gives a clean status, none harms the server.
#include <set>

#include "base/random.hpp"
#include "tests/unit/node/api/raw_call.hpp"
#include "tests/unit/node/api/server_fixture.hpp"

namespace moot::test {
namespace {

using grpc::StatusCode;

constexpr std::size_t kGarbage = 64 * 1024;

std::vector<std::string> every_method() {
  std::vector<std::string> out;
  for (const char* name : {"moot.v1.TxService", "moot.v1.GovernanceService", "moot.v1.TreasuryService",
                           "moot.v1.LedgerService", "moot.v1.NodeService"}) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    EXPECT_NE(service, nullptr) << name;
    for (int i = 0; service && i < service->method_count(); ++i)
      out.push_back("/" + std::string(name) + "/" + service->method(i)->name());
  }
  return out;
}

std::string random_text(u64 seed, std::size_t size) {
  std::string out(size, 0);
  SeededRandom random(seed);
  random.fill(std::span(reinterpret_cast<u8*>(out.data()), out.size()));
  return out;
}

// A field that no message has, holding the rest: parsed without complaint, and meaningless.
std::string unknown_field(std::size_t size) {
  std::string out("\xfa\x7f", 2);  // field 2047, a byte string
  for (std::size_t left = size; left > 0 || out.size() == 2; left >>= 7)
    out += static_cast<char>((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  return out + random_text(3, size);
}

class GarbageTest : public ApiTest {
 protected:
  // Streams of a meaningless but well-formed request live on until the call's own deadline.
  StatusCode send(const std::string& method, const std::string& bytes) {
    const auto answer = raw_call(channel, method, {bytes}, std::chrono::milliseconds(400));
    return answer.status.error_code();
  }
  bool alive() {
    MOOT_CALL(status, GetInfo, pb::GetInfoRequest{});
    return last.ok();
  }
};

TEST_F(GarbageTest, BytesThatAreNoMessageAreInvalidArguments) {
  const auto methods = every_method();
  ASSERT_GE(methods.size(), 36u);
  const std::string forms[] = {random_text(1, kGarbage), random_text(2, kGarbage), std::string(kGarbage, 0),
                               std::string(kGarbage, static_cast<char>(0xff)), std::string(kGarbage, 0x0a)};
  for (const std::string& method : methods) {
    for (const std::string& bytes : forms) {
      const auto answer = raw_call(channel, method, {bytes}, std::chrono::seconds(5));
      EXPECT_EQ(answer.status.error_code(), StatusCode::INVALID_ARGUMENT)
          << method << answer.status.error_message();
      EXPECT_EQ(reason_of(answer.status), "FIELD_INVALID") << method;
    }
    ASSERT_TRUE(alive()) << method;
  }
}

TEST_F(GarbageTest, MessagesWithoutMeaningGetAnAnswerOfTheirKind) {
  const std::set<StatusCode> clean{StatusCode::OK, StatusCode::INVALID_ARGUMENT, StatusCode::NOT_FOUND,
                                   StatusCode::OUT_OF_RANGE, StatusCode::DEADLINE_EXCEEDED};
  for (const std::string& method : every_method()) {
    EXPECT_TRUE(clean.contains(send(method, unknown_field(kGarbage)))) << method;
    EXPECT_TRUE(clean.contains(send(method, ""))) << method;
    ASSERT_TRUE(alive()) << method;
  }
}

TEST_F(GarbageTest, AMessageAboveTheBoundIsRefusedUnread) {
  for (const char* method : {"/moot.v1.TxService/Submit", "/moot.v1.TxService/SubmitBatch"}) {
    const auto answer = raw_call(channel, method, {unknown_field(9u << 20)}, std::chrono::seconds(5));
    EXPECT_EQ(answer.status.error_code(), StatusCode::RESOURCE_EXHAUSTED) << method;
  }
  ASSERT_TRUE(alive());
}

// gRPC shows a message that cannot be parsed as the end of a client stream: the rest must not be lost in silence.
TEST_F(GarbageTest, ABrokenMessageAmidABulkStreamIsNotTakenForItsEnd) {
  pb::SubmitBatchRequest good;
  good.add_envelopes("junk");
  const auto answer = raw_call(channel, "/moot.v1.TxService/SubmitBatch",
                               {good.SerializeAsString(), random_text(5, kGarbage), good.SerializeAsString()},
                               std::chrono::seconds(5));
  EXPECT_EQ(answer.status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(answer.messages.empty());
  ASSERT_TRUE(alive());
}

TEST_F(GarbageTest, AnUnknownMethodIsUnimplemented) {
  EXPECT_EQ(send("/moot.v1.TxService/Steal", "x"), StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace moot::test
