#include "bench/goals/daemon.hpp"

#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "moot/v1/governance_service.grpc.pb.h"
#include "moot/v1/ledger_service.grpc.pb.h"
#include "moot/v1/node_service.grpc.pb.h"
#include "moot/v1/tx_service.grpc.pb.h"
#include "tests/support/node/mootd.hpp"

namespace moot::bench {
namespace {

namespace pb = ::moot::v1;

constexpr auto kPatience = std::chrono::minutes(30);  // a benchmark that hangs ends at last

u64 disk_bytes_of_ended_children() {
  rusage usage{};
  MOOT_CHECK(::getrusage(RUSAGE_CHILDREN, &usage) == 0, "the system tells what children used");
  return static_cast<u64>(usage.ru_oublock) * 512;
}

std::unique_ptr<grpc::ClientContext> call() {
  auto out = std::make_unique<grpc::ClientContext>();
  out->set_deadline(std::chrono::system_clock::now() + kPatience);
  return out;
}

template <std::size_t N>
void copy_digest(const std::string& from, std::array<u8, N>& to) {
  MOOT_CHECK(from.size() == N, "a digest has its length");
  std::copy(from.begin(), from.end(), to.begin());
}

}  // namespace

struct Daemon::Parts {
  explicit Parts(const std::filesystem::path& home) : process(test::mootd(home, {"start"})) {}

  test::Process process;
  bool ended = false;
  std::unique_ptr<pb::TxService::Stub> tx;
  std::unique_ptr<pb::NodeService::Stub> node;
  std::unique_ptr<pb::GovernanceService::Stub> governance;
  std::unique_ptr<pb::LedgerService::Stub> ledger;
};

void make_daemon_home(const std::filesystem::path& home, const ledger::Genesis& genesis) {
  test::make_home(home, genesis);
}

Daemon::Daemon(const std::filesystem::path& home) {
  std::optional<std::string> ready;
  start_time_ = timed([&] {
    parts_ = std::make_unique<Parts>(home);
    ready = parts_->process.line("ready ", kPatience);
  });
  if (!ready) std::fputs(parts_->process.err().c_str(), stderr);
  MOOT_CHECK(ready.has_value(), "mootd gets ready");
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto channel = grpc::CreateCustomChannel(test::field(*ready, "address"),
                                                 grpc::InsecureChannelCredentials(), arguments);
  parts_->tx = pb::TxService::NewStub(channel);
  parts_->node = pb::NodeService::NewStub(channel);
  parts_->governance = pb::GovernanceService::NewStub(channel);
  parts_->ledger = pb::LedgerService::NewStub(channel);
}

Daemon::~Daemon() {
  if (!parts_->ended) kill();
}

u64 Daemon::resident_bytes() const {
  std::ifstream statm("/proc/" + std::to_string(parts_->process.pid()) + "/statm");
  u64 size = 0;
  u64 resident = 0;
  statm >> size >> resident;
  return resident * static_cast<u64>(::sysconf(_SC_PAGESIZE));
}

Seconds Daemon::cpu_time() const {
  std::ifstream stat("/proc/" + std::to_string(parts_->process.pid()) + "/stat");
  std::string word;
  for (int i = 0; i < 13; ++i) stat >> word;  // the program's name is mootd, one word
  double user = 0;
  double system = 0;
  stat >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

void Daemon::kill() {
  parts_->process.signal(SIGKILL);
  MOOT_CHECK(parts_->process.wait(kPatience).has_value(), "what is killed ends");
  parts_->ended = true;
}

Daemon::Charged Daemon::stop() {
  const u64 before = disk_bytes_of_ended_children();
  parts_->process.signal(SIGTERM);
  const auto status = parts_->process.wait(kPatience);
  parts_->ended = true;
  if (status != 0) std::fputs(parts_->process.err().c_str(), stderr);
  MOOT_CHECK(status == 0, "mootd stops in good order");
  return {.disk_bytes = disk_bytes_of_ended_children() - before};
}

Daemon::Status Daemon::status() const {
  pb::GetStatusResponse response;
  MOOT_CHECK(parts_->node->GetStatus(call().get(), {}, &response).ok(), "the node tells its status");
  Status out{.height = response.context().height(),
             .transactions = response.transactions(),
             .ballots = response.ballots(),
             .proposals = response.proposals(),
             .root = {}};
  copy_digest(response.context().state_root(), out.root.bytes);
  return out;
}

Daemon::Counted Daemon::proposal(ProposalId id) const {
  pb::GetProposalRequest request;
  request.set_proposal(id.value);
  pb::GetProposalResponse response;
  MOOT_CHECK(parts_->governance->GetProposal(call().get(), request, &response).ok(), "the proposal is there");
  const pb::Proposal& proposal = response.proposal();
  Counted out{.cast = proposal.tally().counts().cast(),
              .against = proposal.tally().counts().against(),
              .hash = {},
              .open = proposal.state() == pb::PROPOSAL_STATE_ACTIVE};
  copy_digest(proposal.proposal_hash(), out.hash.bytes);
  return out;
}

bool Daemon::is_final(const TxId& id) const {
  pb::GetTransactionRequest request;
  request.set_tx_id(std::string(id.bytes.begin(), id.bytes.end()));
  pb::GetTransactionResponse response;
  const grpc::Status status = parts_->tx->GetTransaction(call().get(), request, &response);
  return status.ok() && response.status().state() == pb::TX_STATE_FINAL && response.status().receipt().done();
}

void Daemon::for_each_envelope(const std::function<void(ByteView)>& visit) const {
  const u64 newest = status().height;
  pb::WatchBlocksRequest request;
  request.set_from_height(1);
  request.set_to_height(newest);
  const auto context = call();
  const auto stream = parts_->ledger->WatchBlocks(context.get(), request);
  pb::WatchBlocksResponse response;
  u64 height = 0;
  while (stream->Read(&response))
    for (const pb::RawBlock& block : response.blocks()) {
      MOOT_CHECK(block.height() == ++height, "blocks come in order");
      for (const std::string& envelope : block.envelopes()) visit(as_bytes(envelope));
    }
  MOOT_CHECK(stream->Finish().ok() && height == newest, "every block comes");
}

bool Daemon::send(std::span<const Bytes> envelopes, std::size_t batch) const {
  pb::SubmitBatchResponse response;
  const auto context = call();
  const auto stream = parts_->tx->SubmitBatch(context.get(), &response);
  pb::SubmitBatchRequest request;
  request.set_wait_until_final(true);
  for (std::size_t at = 0; at < envelopes.size(); at += batch) {
    request.clear_envelopes();
    for (const Bytes& envelope : envelopes.subspan(at, std::min(batch, envelopes.size() - at)))
      request.add_envelopes(envelope.data(), envelope.size());
    if (!stream->Write(request)) break;
  }
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return false;
  MOOT_CHECK(response.refused() == 0 && response.failed() == 0 && response.dropped() == 0,
             "no ballot is refused");
  MOOT_CHECK(response.done() + response.known() == envelopes.size(), "every ballot that was sent is done");
  return true;
}

}  // namespace moot::bench
