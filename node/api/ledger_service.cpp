#include "node/api/feeds.hpp"
#include "node/api/proofs.hpp"
#include "node/api/services.hpp"
#include "node/api/views.hpp"

namespace moot::node::api {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using grpc::ServerWriteReactor;
using grpc::Status;

constexpr std::size_t kMostReceipts = 1'000;

Status get_block(Context& context, const pb::GetBlockRequest& request, pb::GetBlockResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  const Height newest = snapshot->block.height;
  const Height height = request.has_height() ? Height{request.height()} : newest;
  if (height > newest) return wrong_height("There is no block at that height yet", newest);
  const auto summary = context.node.summary(height);
  if (!summary) return not_found("block", std::to_string(height.raw()));
  view_block(*summary, *out.mutable_block());
  if (!request.include_receipts()) return Status::OK;
  const auto receipts = context.node.receipts(height);
  for (u32 index = 0; index < receipts.size() && index < kMostReceipts; ++index)
    view_receipt(receipts[index], {height, index}, *out.add_receipts());
  return Status::OK;
}

Status get_receipt(Context& context, const pb::GetReceiptRequest& request, pb::GetReceiptResponse& out) {
  const auto id = fixed_from<TxId>(request.tx_id());
  if (!id) return bad_field("tx_id", "must be 32 bytes");
  const TxStatus status = context.node.transaction(*id);
  // Read after the look-up, so that it shows the transaction's block.
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  if (status.phase != TxPhase::final) return not_found("final transaction", "0x" + to_hex(id->view()));
  const auto receipts = context.node.receipts(status.height);
  const auto block = context.node.block(status.height);
  if (!block || status.index >= receipts.size()) return not_found("receipt of", "0x" + to_hex(id->view()));
  view_receipt(receipts[status.index], {status.height, status.index}, *out.mutable_receipt());
  view_block(block->summary, *out.mutable_block());
  prove_receipt(receipts, status.index, *out.mutable_in_block());
  out.set_header(to_bytes(block->header));
  out.set_finalization(to_bytes(block->finalization));
  if (status.height < snapshot->block.height) {
    prove_block(context.node, *snapshot, status.height, *out.mutable_in_history());
    out.set_history_field(kHistoryField);
    for (const Hash& sibling : field_path(snapshot->state, kHistoryField))
      out.add_history_siblings(to_bytes(sibling.bytes));
  }
  return Status::OK;
}

Status get_proof(Context& context, const pb::GetProofRequest& request, pb::GetProofResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  auto proof = prove(context.node, *snapshot, request);
  if (!proof) return proof.error();
  *out.mutable_proof() = std::move(*proof);
  return Status::OK;
}

Status get_genesis(Context& context, const pb::GetGenesisRequest&, pb::GetGenesisResponse& out) {
  const LedgerIdentity& identity = context.node.identity();
  fill_context(*context.node.snapshot(), *out.mutable_context());
  out.set_genesis(to_bytes(context.node.genesis()));
  out.set_ledger_id(to_bytes(identity.signing.ledger_id.bytes));
  out.set_organisation(identity.signing.organisation);
  out.set_created_ms(identity.created.raw());
  return Status::OK;
}

// A stream may begin at the block after the newest, and no later.
std::optional<Status> cannot_begin(const LedgerNode& node, u64 from_height) {
  const Height newest = node.snapshot()->block.height;
  if (from_height <= newest.raw() + 1) return std::nullopt;
  return wrong_height("A stream begins at the block after the newest, or before", newest);
}

class LedgerService final : public pb::LedgerService::CallbackService {
 public:
  explicit LedgerService(Context& context) : context_(context) {}

  ServerUnaryReactor* GetBlock(CallbackServerContext* call, const pb::GetBlockRequest* request,
                               pb::GetBlockResponse* response) override {
    return answer_now(context_, call, request, response,
                      [this](const auto& in, auto& out) { return get_block(context_, in, out); });
  }
  ServerUnaryReactor* GetReceipt(CallbackServerContext* call, const pb::GetReceiptRequest* request,
                                 pb::GetReceiptResponse* response) override {
    return answer_slowly(context_, call, request, response,
                         [this](const auto& in, auto& out) { return get_receipt(context_, in, out); });
  }
  ServerUnaryReactor* GetProof(CallbackServerContext* call, const pb::GetProofRequest* request,
                               pb::GetProofResponse* response) override {
    return answer_now(context_, call, request, response,
                      [this](const auto& in, auto& out) { return get_proof(context_, in, out); });
  }
  ServerUnaryReactor* GetGenesis(CallbackServerContext* call, const pb::GetGenesisRequest* request,
                                 pb::GetGenesisResponse* response) override {
    return answer_now(context_, call, request, response,
                      [this](const auto& in, auto& out) { return get_genesis(context_, in, out); });
  }
  ServerWriteReactor<pb::WatchBlocksResponse>* WatchBlocks(CallbackServerContext*,
                                                           const pb::WatchBlocksRequest* request) override {
    if (auto status = cannot_begin(context_.node, request->from_height()))
      return new Refusing<pb::WatchBlocksResponse>(std::move(*status));
    if (request->to_height() != 0 && request->to_height() < request->from_height())
      return new Refusing<pb::WatchBlocksResponse>(bad_field("to_height", "must not be below from_height"));
    return Watch<pb::WatchBlocksResponse>::start(context_, make_block_feed(context_.node, *request));
  }
  ServerWriteReactor<pb::WatchEventsResponse>* WatchEvents(CallbackServerContext*,
                                                           const pb::WatchEventsRequest* request) override {
    if (!request->from_now())
      if (auto status = cannot_begin(context_.node, request->from_height()))
        return new Refusing<pb::WatchEventsResponse>(std::move(*status));
    return Watch<pb::WatchEventsResponse>::start(context_, make_event_feed(context_.node, *request));
  }

 private:
  Context& context_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_ledger_service(Context& context) {
  return std::make_unique<LedgerService>(context);
}

}  // namespace moot::node::api
