#include "tests/support/node/ledger_client.hpp"

#include <grpcpp/grpcpp.h>

#include "base/clock.hpp"
#include "consensus/types.hpp"
#include "crypto/ecdsa.hpp"
#include "ledger/initial_state.hpp"
#include "moot/v1/ledger_service.grpc.pb.h"
#include "moot/v1/node_service.grpc.pb.h"
#include "moot/v1/tx_service.grpc.pb.h"
#include "tests/support/ledger_world.hpp"

namespace moot::test {
namespace {

namespace pb = ::moot::v1;

std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }
ByteView bytes_of(const std::string& text) { return as_bytes(text); }

std::unique_ptr<grpc::ClientContext> context(std::chrono::seconds limit = std::chrono::seconds(60)) {
  auto out = std::make_unique<grpc::ClientContext>();
  out->set_deadline(std::chrono::system_clock::now() + limit);
  return out;
}

std::string problem_of(const grpc::Status& status) {
  return "code " + std::to_string(status.error_code()) + ": " + status.error_message();
}

Sent sent_of(const pb::TxStatus& status) {
  Sent out{.answered = true};
  if (status.state() == pb::TX_STATE_FINAL) {
    out.height = status.receipt().height();
    out.done = status.receipt().done();
    if (!out.done) out.problem = "failed: " + status.receipt().reason();
  } else {
    out.problem = "not final: " + status.dropped_reason();
  }
  return out;
}

}  // namespace

struct LedgerClient::Stubs {
  std::unique_ptr<pb::TxService::Stub> tx;
  std::unique_ptr<pb::LedgerService::Stub> ledger;
  std::unique_ptr<pb::NodeService::Stub> node;
};

LedgerClient::LedgerClient(const std::string& address, const ledger::Genesis& genesis)
    : genesis_(genesis), signing_(ledger::signing_context(genesis.organisation, ledger::ledger_id(genesis))) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a new node at an old port gets a new connection
  auto channel = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  stubs_ = std::make_unique<Stubs>(Stubs{pb::TxService::NewStub(channel), pb::LedgerService::NewStub(channel),
                                         pb::NodeService::NewStub(channel)});
}

LedgerClient::~LedgerClient() = default;

SignedTx LedgerClient::sign(std::string_view label, ledger::Payload payload, u64 nonce) const {
  ledger::Transaction tx{.payload = std::move(payload),
                         .signer = test_address(label),
                         .nonce = nonce,
                         .valid_until = TimeMs{SystemClock().now_ms().raw() + 10 * kHour}};
  const TxId id = ledger::transaction_id(signing_, tx);
  tx.signature = crypto::sign(test_key(label), id.as<Hash>()).bytes;
  return {id, ledger::encode_transaction(tx)};
}

Sent LedgerClient::send(const SignedTx& tx) {
  pb::SubmitRequest request;
  request.mutable_transaction()->set_envelope(text_of(tx.envelope));
  pb::SubmitResponse response;
  const grpc::Status status = stubs_->tx->Submit(context().get(), request, &response);
  if (status.ok()) return wait(tx.id);
  return {.answered = status.error_code() != grpc::StatusCode::UNAVAILABLE, .problem = problem_of(status)};
}

Sent LedgerClient::wait(const TxId& id) {
  pb::WaitForTransactionRequest request;
  request.set_tx_id(text_of(id.view()));
  pb::WaitForTransactionResponse response;
  const grpc::Status status = stubs_->tx->WaitForTransaction(context().get(), request, &response);
  if (status.ok()) return sent_of(response.status());
  return {.answered = status.error_code() != grpc::StatusCode::UNAVAILABLE, .problem = problem_of(status)};
}

LedgerClient::Batch LedgerClient::send_batch(std::span<const SignedTx> txs, bool until_final) {
  pb::SubmitBatchResponse response;
  const auto call = context(std::chrono::seconds(120));
  const auto stream = stubs_->tx->SubmitBatch(call.get(), &response);
  pb::SubmitBatchRequest request;
  request.set_wait_until_final(until_final);
  for (const SignedTx& tx : txs) {
    request.add_envelopes(text_of(tx.envelope));
    if (request.envelopes_size() < 64) continue;
    if (!stream->Write(request)) break;
    request.clear_envelopes();
  }
  if (request.envelopes_size() > 0) stream->Write(request);
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return {.problem = problem_of(status)};
  return {.answered = true,
          .received = response.received(),
          .accepted = response.accepted(),
          .known = response.known(),
          .refused = response.refused(),
          .done = response.done(),
          .failed = response.failed(),
          .dropped = response.dropped(),
          .problem = response.refusals_size() > 0 ? response.refusals(0).reason() : ""};
}

std::optional<LedgerClient::Found> LedgerClient::find(const TxId& id) {
  pb::GetTransactionRequest request;
  request.set_tx_id(text_of(id.view()));
  pb::GetTransactionResponse response;
  const grpc::Status status = stubs_->tx->GetTransaction(context().get(), request, &response);
  if (!status.ok() || response.status().state() != pb::TX_STATE_FINAL) return std::nullopt;
  return Found{.height = response.status().receipt().height(), .done = response.status().receipt().done()};
}

u64 LedgerClient::height() {
  pb::GetStatusResponse response;
  const grpc::Status status = stubs_->node->GetStatus(context().get(), {}, &response);
  return status.ok() ? response.context().height() : 0;
}

StateRoot LedgerClient::state_root() {
  pb::GetStatusResponse response;
  const grpc::Status status = stubs_->node->GetStatus(context().get(), {}, &response);
  StateRoot out;
  if (status.ok() && response.context().state_root().size() == out.bytes.size())
    std::ranges::copy(response.context().state_root(), out.bytes.begin());
  return out;
}

std::expected<LedgerClient::Replay, std::string> LedgerClient::replay() {
  ledger::InitialBlock initial = ledger::initial_block(genesis_);
  ledger::State state = std::move(initial.state);
  Replay out{.height = 0, .root = initial.roots.state_root, .transactions = {}};
  const u64 newest = height();
  if (newest == 0) return out;
  pb::WatchBlocksRequest request;
  request.set_from_height(1);
  request.set_to_height(newest);
  const auto call = context(std::chrono::seconds(120));
  const auto stream = stubs_->ledger->WatchBlocks(call.get(), request);
  pb::WatchBlocksResponse response;
  while (stream->Read(&response)) {
    for (const pb::RawBlock& block : response.blocks()) {
      const std::string name = "block " + std::to_string(block.height());
      if (block.height() != out.height + 1)
        return std::unexpected(name + " comes after " + std::to_string(out.height));
      const auto header = decoded<consensus::Header>(bytes_of(block.header()));
      if (!header || header->height.raw() != block.height())
        return std::unexpected(name + " has no header of its own");
      ledger::BlockExecution execution(state, header->time);
      for (const std::string& envelope : block.envelopes()) {
        const auto tx = ledger::verify_transaction(signing_, state.rules->parameters, bytes_of(envelope));
        if (!tx) return std::unexpected(name + " holds a transaction that does not verify");
        if (!execution.add(*tx))
          return std::unexpected(name + " holds a transaction that cannot be included");
        out.transactions.emplace_back(tx->id, block.height());
      }
      const ledger::BlockResult result = execution.finish();
      if (result.roots.state_root != header->state_root)
        return std::unexpected(name + " gives another state root");
      if (result.roots.receipts_root != header->receipts_root)
        return std::unexpected(name + " gives other receipts");
      if (!result.breaches.empty()) return std::unexpected(name + " breaks a law");
      state = result.state;
      out.height = block.height();
      out.root = result.roots.state_root;
    }
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return std::unexpected("the stream of blocks ended: " + problem_of(status));
  if (out.height != newest) return std::unexpected("blocks are missing above " + std::to_string(out.height));
  return out;
}

void LedgerClient::watch_until_it_ends() {
  pb::WatchEventsRequest request;
  const auto call = context();
  const auto stream = stubs_->ledger->WatchEvents(call.get(), request);
  pb::WatchEventsResponse response;
  while (stream->Read(&response)) {}
  (void)stream->Finish();
}

}  // namespace moot::test
