// A running node as a source of blocks, over gRPC.
#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <deque>

#include "audit/source.hpp"
#include "moot/v1/ledger_service.grpc.pb.h"

namespace moot::audit {
namespace {

namespace pb = moot::v1;

constexpr auto kCallTimeout = std::chrono::seconds(60);
constexpr int kMaxMessage = 1 << 30;

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

RawBlock raw_block(const pb::RawBlock& message) {
  RawBlock block{.height = Height{message.height()},
                 .header = bytes_of(message.header()),
                 .justification = bytes_of(message.justification()),
                 .finalization = bytes_of(message.finalization()),
                 .envelopes = {},
                 .faults = {}};
  for (const std::string& envelope : message.envelopes()) block.envelopes.push_back(bytes_of(envelope));
  for (const std::string& fault : message.faults()) block.faults.push_back(bytes_of(fault));
  return block;
}

class NodeSource final : public BlockSource {
 public:
  explicit NodeSource(const NodeAddress& address) : target_(address.target) {
    std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
    if (!address.root_pem.empty())
      credentials = grpc::SslCredentials(
          {.pem_root_certs = address.root_pem, .pem_private_key = {}, .pem_cert_chain = {}});
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMaxMessage);
    channel_ = grpc::CreateCustomChannel(target_, credentials, arguments);
    stub_ = pb::LedgerService::NewStub(channel_);
  }
  ~NodeSource() override {
    cancel();
    if (stream_) stream_->Finish();
  }

  [[nodiscard]] std::string name() const override { return "node " + target_; }
  [[nodiscard]] Height last_height() const override { return last_; }
  void cancel() override { watch_.TryCancel(); }

  Result<Bytes> genesis() override {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
    pb::GetGenesisResponse response;
    if (const auto status = stub_->GetGenesis(&context, {}, &response); !status.ok()) return failed(status);
    last_ = Height{response.context().height()};
    return bytes_of(response.genesis());
  }

  Result<std::optional<RawBlock>> next() override {
    if (given_ == last_.raw()) return std::nullopt;
    if (!stream_) begin();
    while (ready_.empty()) {
      pb::WatchBlocksResponse response;
      if (!stream_->Read(&response)) return end_of_stream();
      for (const pb::RawBlock& block : response.blocks()) ready_.push_back(raw_block(block));
    }
    RawBlock block = std::move(ready_.front());
    ready_.pop_front();
    ++given_;
    return block;
  }

 private:
  void begin() {
    pb::WatchBlocksRequest request;
    request.set_from_height(1);
    request.set_to_height(last_.raw());
    stream_ = stub_->WatchBlocks(&watch_, request);
  }

  Result<std::optional<RawBlock>> end_of_stream() {
    const grpc::Status status = stream_->Finish();
    stream_.reset();
    if (!status.ok()) return failed(status);
    return std::unexpected(
        SourceError{.kind = SourceFault::damaged,
                    .what = fmt::format("{} ended its blocks at {} of {}", name(), given_, last_.raw())});
  }

  [[nodiscard]] std::unexpected<SourceError> failed(const grpc::Status& status) const {
    return std::unexpected(
        SourceError{.kind = SourceFault::unreachable,
                    .what = fmt::format("{} does not give its blocks: {}", name(), status.error_message())});
  }

  std::string target_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<pb::LedgerService::Stub> stub_;
  grpc::ClientContext watch_;
  std::unique_ptr<grpc::ClientReader<pb::WatchBlocksResponse>> stream_;
  std::deque<RawBlock> ready_;
  Height last_;
  u64 given_ = 0;
};

}  // namespace

std::unique_ptr<BlockSource> open_node(const NodeAddress& address) {
  return std::make_unique<NodeSource>(address);
}

}  // namespace moot::audit
