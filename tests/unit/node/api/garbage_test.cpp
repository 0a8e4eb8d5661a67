// 64 KiB of garbage to every RPC: each gives a clean status, none harms the server.
#include <google/protobuf/io/coded_stream.h>

#include <set>

#include "base/random.hpp"
#include "tests/unit/node/api/api_files.hpp"
#include "tests/unit/node/api/raw_call.hpp"
#include "tests/unit/node/api/server_fixture.hpp"

namespace moot::test {
namespace {

using grpc::StatusCode;

constexpr std::size_t kGarbage = 64 * 1024;

// Served beside our own methods, by gRPC's own code.
constexpr const char* kHealthCheck = "/grpc.health.v1.Health/Check";
constexpr const char* kHealthWatch = "/grpc.health.v1.Health/Watch";
constexpr const char* kReflection = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

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

// The names in a ServerReflectionResponse: field 6 holds services (field 1), each of a name (field 1).
std::vector<std::string> listed_services(const std::string& bytes) {
  const auto fields_of = [](const std::string& message, int wanted) {
    std::vector<std::string> out;
    google::protobuf::io::CodedInputStream in(reinterpret_cast<const u8*>(message.data()),
                                              static_cast<int>(message.size()));
    while (const u32 tag = in.ReadTag()) {
      std::string value;
      u32 length = 0;
      EXPECT_EQ(tag & 7u, 2u) << "every field here is a text or a message";
      if (!in.ReadVarint32(&length) || !in.ReadString(&value, static_cast<int>(length))) break;
      if (tag >> 3 == static_cast<u32>(wanted)) out.push_back(std::move(value));
    }
    return out;
  };
  std::vector<std::string> names;
  for (const std::string& list : fields_of(bytes, 6))
    for (const std::string& service : fields_of(list, 1))
      for (std::string& name : fields_of(service, 1)) names.push_back(std::move(name));
  return names;
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
  const auto methods = api_methods();
  ASSERT_FALSE(methods.empty());
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
  for (const std::string& method : api_methods()) {
    EXPECT_TRUE(clean.contains(send(method, unknown_field(kGarbage)))) << method;
    EXPECT_TRUE(clean.contains(send(method, ""))) << method;
    ASSERT_TRUE(alive()) << method;
  }
}

// What the server says that it serves is what the other tests here send garbage to: nothing is served unseen.
TEST_F(GarbageTest, EveryServiceThatIsServedIsOneOfThese) {
  // ServerReflectionRequest{list_services: ""}
  const auto answer = raw_call(channel, kReflection, {std::string("\x3a\x00", 2)}, std::chrono::seconds(5));
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  ASSERT_EQ(answer.messages.size(), 1u);
  std::set<std::string> served;
  for (const std::string& name : listed_services(answer.messages[0])) served.insert(name);
  std::set<std::string> known{"grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"};
  for (const auto* service : api_services()) known.insert(service->full_name());
  EXPECT_EQ(served, known);
}

TEST_F(GarbageTest, HealthAndReflectionStandGarbageToo) {
  const std::string forms[] = {random_text(1, kGarbage), std::string(kGarbage, 0), unknown_field(kGarbage)};
  // INTERNAL is what gRPC's own health service says of a request that it cannot read.
  const std::set<StatusCode> clean{StatusCode::OK, StatusCode::INVALID_ARGUMENT, StatusCode::INTERNAL,
                                   StatusCode::DEADLINE_EXCEEDED};
  for (const char* method : {kHealthCheck, kHealthWatch, kReflection}) {
    for (const std::string& bytes : forms) {
      const StatusCode code = send(method, bytes);
      EXPECT_TRUE(clean.contains(code)) << method << " " << code;
    }
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
  const auto answer = raw_call(channel, "/moot.v1.TxService/Steal", {"x"}, std::chrono::seconds(5));
  EXPECT_EQ(answer.status.error_code(), StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace moot::test
