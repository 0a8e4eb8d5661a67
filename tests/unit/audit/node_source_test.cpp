// The live source over a real connection, served by a stand-in that gives a chronicle's blocks as a node does.
#include <grpcpp/grpcpp.h>

#include "moot/v1/ledger_service.grpc.pb.h"
#include "tests/unit/audit/fixture.hpp"

namespace moot::audit {
namespace {

namespace pb = moot::v1;

class Server final : public pb::LedgerService::Service {
 public:
  explicit Server(test::Chronicle chronicle) : chronicle_(std::move(chronicle)) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~Server() override { server_->Shutdown(std::chrono::system_clock::now()); }

  [[nodiscard]] std::string target() const { return "127.0.0.1:" + std::to_string(port_); }
  // It breaks its stream off after so many blocks.
  void break_off_after(std::size_t blocks, grpc::Status status) {
    break_off_ = blocks;
    status_ = std::move(status);
  }

  grpc::Status GetGenesis(grpc::ServerContext*, const pb::GetGenesisRequest*,
                          pb::GetGenesisResponse* response) override {
    response->set_genesis(as_string(chronicle_.genesis()));
    response->mutable_context()->set_height(chronicle_.blocks().size());
    return grpc::Status::OK;
  }

  grpc::Status WatchBlocks(grpc::ServerContext*, const pb::WatchBlocksRequest* request,
                           grpc::ServerWriter<pb::WatchBlocksResponse>* writer) override {
    EXPECT_EQ(request->to_height(), chronicle_.blocks().size())
        << "it asks for an end, so that the stream has one";
    pb::WatchBlocksResponse response;
    writer->Write(response);  // a heartbeat
    for (std::size_t i = request->from_height() - 1; i < std::min(chronicle_.blocks().size(), break_off_);
         ++i) {
      const RawBlock& block = chronicle_.blocks()[i];
      pb::RawBlock* out = response.add_blocks();
      out->set_height(block.height.raw());
      out->set_header(as_string(block.header));
      out->set_justification(as_string(block.justification));
      out->set_finalization(as_string(block.finalization));
      for (const Bytes& envelope : block.envelopes) out->add_envelopes(as_string(envelope));
      for (const Bytes& fault : block.faults) out->add_faults(as_string(fault));
      if (response.blocks_size() < 3 && i + 1 < chronicle_.blocks().size()) continue;
      if (!writer->Write(response)) return grpc::Status::CANCELLED;
      response.clear_blocks();
    }
    if (response.blocks_size() > 0) writer->Write(response);
    return status_;
  }

 private:
  test::Chronicle chronicle_;
  std::size_t break_off_ = ~std::size_t{0};
  grpc::Status status_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST(NodeSource, ReplaysARunningNode) {
  const Server server(story().chronicle());
  const auto source = open_node({.target = server.target(), .root_pem = {}});
  const Report report = replayed(*source);
  ASSERT_TRUE(report.good()) << problem_text(report);
  EXPECT_EQ(report.findings, replayed(story().chronicle()).findings);
}

TEST(NodeSource, ExportsARunningNode) {
  const Server server(story().chronicle());
  const TemporaryFile file;
  const auto source = open_node({.target = server.target(), .root_pem = {}});
  std::vector<u64> heights;
  const auto footer = export_archive(*source, file.path(), [&](Height height, Height last) {
    heights.push_back(height.raw());
    EXPECT_EQ(last, story().world().height());
  });
  ASSERT_TRUE(footer) << footer.error().what;
  EXPECT_EQ(*footer, story().chronicle().footer());
  EXPECT_EQ(heights.size(), story().chronicle().blocks().size());
  const auto archive = open_archive(file.path());
  ASSERT_TRUE(archive);
  EXPECT_TRUE(replayed(**archive).good());
}

TEST(NodeSource, ALedgerWithoutBlocksNeedsNoStream) {
  const Server server{test::Chronicle(story().genesis())};
  const auto source = open_node({.target = server.target(), .root_pem = {}});
  EXPECT_TRUE(replayed(*source).good());
}

TEST(NodeSource, AStreamThatEndsTooSoonIsFound) {
  Server server(story().chronicle());
  server.break_off_after(4, grpc::Status::OK);
  const auto source = open_node({.target = server.target(), .root_pem = {}});
  const Report report = replayed(*source);
  ASSERT_FALSE(report.good());
  EXPECT_EQ(report.findings.problem->check, Check::damage);
  EXPECT_EQ(report.findings.to, Height{4});
}

TEST(NodeSource, AnErrorInTheStreamIsTold) {
  Server server(story().chronicle());
  server.break_off_after(4, grpc::Status(grpc::StatusCode::UNAVAILABLE, "going down"));
  const auto source = open_node({.target = server.target(), .root_pem = {}});
  const Report report = replayed(*source);
  ASSERT_FALSE(report.good());
  EXPECT_EQ(report.findings.problem->check, Check::source);
  EXPECT_NE(report.findings.problem->what.find("going down"), std::string::npos);
}

TEST(NodeSource, ABadBlockFromANodeIsFoundAndTheStreamLeft) {
  test::Chronicle chronicle = story().chronicle();
  chronicle.blocks()[1].header.back() ^= 1;
  const Server server(std::move(chronicle));
  const auto source = open_node({.target = server.target(), .root_pem = {}});
  const Report report = replayed(*source);
  ASSERT_FALSE(report.good());
  EXPECT_EQ(report.findings.problem->height, Height{2});
}

TEST(NodeSource, ANodeThatIsNotThereIsSaid) {
  const auto source = open_node({.target = "127.0.0.1:1", .root_pem = {}});
  const auto genesis = source->genesis();
  ASSERT_FALSE(genesis);
  EXPECT_EQ(genesis.error().kind, SourceFault::unreachable);
}

}  // namespace
}  // namespace moot::audit
