#include "ledger/apply.hpp"
#include "node/api/services.hpp"
#include "node/api/submit_stream.hpp"
#include "node/api/views.hpp"
#include "node/api/waiting.hpp"

namespace moot::node::api {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using grpc::Status;
using ledger::Refusal;
using ledger::State;

constexpr u64 kLongestWaitMs = 600'000;

// A transaction in its canonical envelope, from either form.
std::expected<Bytes, Status> envelope_of(const pb::AnyTransaction& any) {
  switch (any.form_case()) {
    case pb::AnyTransaction::kEnvelope: return Bytes(any.envelope().begin(), any.envelope().end());
    case pb::AnyTransaction::kTransaction: {
      const auto tx = from_proto(any.transaction());
      if (!tx) return std::unexpected(bad_field({"transaction." + tx.error().field, tx.error().problem}));
      return ledger::encode_transaction(*tx);
    }
    case pb::AnyTransaction::FORM_NOT_SET: break;
  }
  return std::unexpected(bad_field("transaction", "must be given, as a message or as an envelope"));
}

// The lowest nonce that would be accepted now: above the slot's revision for a ballot, else the account's next.
u64 next_nonce(const State& state, const ledger::Payload& payload, const Address& signer) {
  const auto account = state.account_of(signer);
  if (const auto* vote = std::get_if<ledger::Vote>(&payload)) {
    const auto member = state.member_of(signer);
    const ledger::BallotBox* box = state.box(vote->proposal);
    return member && box ? box->slot(*member).revision + u64{1} : 1;
  }
  return account ? state.accounts[account->value].next_nonce : 1;
}

Status get_signing_payload(Context& context, const pb::GetSigningPayloadRequest& request,
                           pb::GetSigningPayloadResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  pb::Transaction unsigned_tx = request.transaction();
  unsigned_tx.clear_signature();
  auto tx = from_proto(unsigned_tx);
  if (!tx) return bad_field({"transaction." + tx.error().field, tx.error().problem});
  if (tx->nonce == 0) tx->nonce = next_nonce(snapshot->state, tx->payload, tx->signer);
  const ledger::SigningContext& signing = context.node.identity().signing;
  const ledger::Terms terms{.signer = tx->signer, .nonce = tx->nonce, .valid_until = tx->valid_until};
  to_proto(*tx, *out.mutable_transaction());
  out.mutable_transaction()->clear_signature();
  out.set_digest(to_bytes(ledger::transaction_id(signing, tx->payload, terms).bytes));
  out.set_typed_data_json(
      ledger::typed_data_json(signing, ledger::signed_message(signing, tx->payload, terms)));
  return Status::OK;
}

// Decoded and checked as far as can be: the signature only when there is one.
std::expected<ledger::VerifiedTransaction, Refusal> prepared(const ledger::SigningContext& signing,
                                                             const State& state, ByteView envelope) {
  auto tx = ledger::trust_transaction(signing, envelope);
  if (!tx) return tx;
  const bool is_signed = std::ranges::any_of(tx->tx.signature, [](u8 byte) { return byte != 0; });
  if (is_signed) return ledger::verify_transaction(signing, state.rules->parameters, envelope);
  if (const auto form = ledger::check_form(tx->tx, envelope.size(), state.rules->parameters); !form)
    return std::unexpected(form.error());
  return tx;
}

void fill_refusal(const Refusal& refusal, pb::SimulateResponse& out) {
  out.set_code(static_cast<u32>(refusal.code));
  out.set_reason(std::string(reason(refusal.code)));
  out.set_advice(std::string(advice(refusal.code)));
  if (refusal.index) out.set_bad_index(*refusal.index);
}

void fill_receipt(const ledger::Receipt& receipt, pb::SimulateResponse& out) {
  out.set_would_be_done(!receipt.failed());
  out.set_detail(receipt.detail);
  if (receipt.failed()) {
    fill_refusal({static_cast<ledger::TxError>(receipt.code), std::nullopt}, out);
    out.set_bad_index(receipt.bad_index);
  }
  for (const ledger::SkippedItem& item : receipt.skipped) {
    pb::SkippedItem& one = *out.add_skipped();
    one.set_index(item.index);
    one.set_code(item.code);
    one.set_reason(std::string(reason(static_cast<ledger::TxError>(item.code))));
  }
}

Status simulate(Context& context, const pb::SimulateRequest& request, pb::SimulateResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  const auto envelope = envelope_of(request.transaction());
  if (!envelope) return envelope.error();
  const auto tx = prepared(context.node.identity().signing, snapshot->state, *envelope);
  if (!tx) {
    out.set_refused(true);
    fill_refusal(tx.error(), out);
    return Status::OK;
  }
  out.set_tx_id(to_bytes(tx->id.bytes));
  const ledger::PreparedPayouts payouts = context.node.payouts();
  ledger::BlockExecution block(snapshot->state,
                               ledger::next_block_time(snapshot->state, context.clock.now_ms()), &payouts);
  const std::size_t due_events = block.events().size();
  const auto receipt = block.add(*tx);
  if (!receipt) {
    out.set_refused(true);
    fill_refusal(receipt.error(), out);
    return Status::OK;
  }
  fill_receipt(*receipt, out);
  const Height height{snapshot->block.height.raw() + 1};
  for (std::size_t at = due_events; at < block.events().size(); ++at)
    view_event(block.events()[at], {height, block.state().time(), static_cast<u32>(at)}, *out.add_events());
  return Status::OK;
}

Status get_transaction(Context& context, const pb::GetTransactionRequest& request,
                       pb::GetTransactionResponse& out) {
  const auto id = fixed_from<TxId>(request.tx_id());
  if (!id) return bad_field("tx_id", "must be 32 bytes");
  const TxStatus status = context.node.transaction(*id);
  fill_context(*context.node.snapshot(), *out.mutable_context());
  if (status.phase == TxPhase::unknown && !status.dropped)
    return api_error(grpc::StatusCode::NOT_FOUND, pb::API_ERROR_REASON_TRANSACTION_UNKNOWN,
                     "This node has not seen that transaction, or has forgotten it.");
  view_status(context.node, *id, status, *out.mutable_status());
  if (!request.include_transaction() || status.phase != TxPhase::final) return Status::OK;
  const auto block = context.node.block(status.height);
  if (!block || status.index >= block->envelopes.size()) return Status::OK;
  if (const auto tx = ledger::decode_transaction(block->envelopes[status.index]))
    to_proto(*tx, *out.mutable_transaction());
  return Status::OK;
}

// ---- Submit: answered when the node has checked the signature ----

Status submitted(Context& context, const SubmitResult& result, pb::SubmitResponse& out) {
  const std::string_view id(reinterpret_cast<const char*>(result.id.bytes.data()), result.id.bytes.size());
  if (result.outcome == SubmitOutcome::refused) return refused(result.refusal, result.id.is_zero() ? "" : id);
  if (result.outcome == SubmitOutcome::busy) return busy();
  TxStatus status = context.node.transaction(result.id);
  // A transaction that was accepted may be final by now, but is never less than pending.
  if (status.phase == TxPhase::unknown && !status.dropped) status.phase = TxPhase::pending;
  fill_context(*context.node.snapshot(), *out.mutable_context());
  view_status(context.node, result.id, status, *out.mutable_status());
  return Status::OK;
}

ServerUnaryReactor* submit(Context& context, CallbackServerContext* call, const pb::SubmitRequest* request,
                           pb::SubmitResponse* out) {
  ServerUnaryReactor* reactor = call->DefaultReactor();
  std::vector<Bytes> one;
  const auto read_envelope = [&one](const pb::SubmitRequest& in, pb::SubmitResponse&) {
    auto envelope = envelope_of(in.transaction());
    if (!envelope) return envelope.error();
    one.push_back(std::move(*envelope));
    return Status::OK;
  };
  if (const Status status = guarded(context, *request, *out, read_envelope); !status.ok()) {
    reactor->Finish(status);
    return reactor;
  }
  context.node.submit(std::move(one), [&context, reactor, out](std::vector<SubmitResult> results) {
    reactor->Finish(results.size() == 1 ? submitted(context, results.front(), *out) : busy());
  });
  return reactor;
}

// ---- WaitForTransaction ----

class Wait final : public ServerUnaryReactor {
 public:
  Wait(Context& context, const pb::WaitForTransactionRequest& request, pb::WaitForTransactionResponse& out)
      : context_(context), out_(out), link_(std::make_shared<Link<Wait>>(this)) {
    const auto id = fixed_from<TxId>(request.tx_id());
    counted_ = id && context.waiters.take();
    if (!counted_) {
      finish(
          id ? api_error(grpc::StatusCode::RESOURCE_EXHAUSTED, pb::API_ERROR_REASON_TOO_MANY_CALLS,
                         "The node already serves as many waiting calls as it may; ask with GetTransaction.")
             : bad_field("tx_id", "must be 32 bytes"));
      return;
    }
    id_ = *id;
    const u64 wait_ms =
        request.timeout_ms() == 0 ? kLongestWaitMs : std::min(request.timeout_ms(), kLongestWaitMs);
    give_up_ns_ = context.clock.steady_ns() + wait_ms * 1'000'000;
    context.hub.add(link_);
    link_->with([](Wait& self) { self.on_wake(false); });
  }

  void OnCancel() override {
    link_->with([](Wait& self) { self.finish({grpc::StatusCode::CANCELLED, "The client has gone."}); });
  }
  void OnDone() override {
    context_.hub.remove(link_.get());
    link_->cut();
    if (counted_) context_.waiters.give_back();
    delete this;
  }
  void on_wake(bool stopping) {
    if (finished_) return;
    if (stopping) return finish(not_ready());
    const TxStatus status = context_.node.transaction(id_);
    if (status.phase == TxPhase::final || (status.phase == TxPhase::unknown && status.dropped)) {
      fill_context(*context_.node.snapshot(), *out_.mutable_context());
      view_status(context_.node, id_, status, *out_.mutable_status());
      return finish(Status::OK);
    }
    if (context_.clock.steady_ns() >= give_up_ns_)
      finish(api_error(grpc::StatusCode::DEADLINE_EXCEEDED, pb::API_ERROR_REASON_NOT_FINAL_YET,
                       "The transaction is not final yet; ask again."));
  }

 private:
  void finish(Status status) {
    if (finished_) return;
    finished_ = true;
    Finish(std::move(status));
  }

  Context& context_;
  pb::WaitForTransactionResponse& out_;
  std::shared_ptr<Link<Wait>> link_;
  TxId id_;
  u64 give_up_ns_ = 0;
  bool counted_ = false;
  bool finished_ = false;
};

class TxService final
    : public pb::TxService::WithRawCallbackMethod_SubmitBatch<pb::TxService::CallbackService> {
 public:
  explicit TxService(Context& context) : context_(context) {}

  ServerUnaryReactor* GetSigningPayload(CallbackServerContext* call,
                                        const pb::GetSigningPayloadRequest* request,
                                        pb::GetSigningPayloadResponse* response) override {
    return answer_now(context_, call, request, response,
                      [this](const auto& in, auto& out) { return get_signing_payload(context_, in, out); });
  }
  ServerUnaryReactor* Simulate(CallbackServerContext* call, const pb::SimulateRequest* request,
                               pb::SimulateResponse* response) override {
    return answer_slowly(context_, call, request, response,
                         [this](const auto& in, auto& out) { return simulate(context_, in, out); });
  }
  ServerUnaryReactor* GetTransaction(CallbackServerContext* call, const pb::GetTransactionRequest* request,
                                     pb::GetTransactionResponse* response) override {
    return answer_now(context_, call, request, response,
                      [this](const auto& in, auto& out) { return get_transaction(context_, in, out); });
  }
  ServerUnaryReactor* Submit(CallbackServerContext* call, const pb::SubmitRequest* request,
                             pb::SubmitResponse* response) override {
    return submit(context_, call, request, response);
  }
  ServerUnaryReactor* WaitForTransaction(CallbackServerContext*, const pb::WaitForTransactionRequest* request,
                                         pb::WaitForTransactionResponse* response) override {
    return new Wait(context_, *request, *response);
  }
  using pb::TxService::CallbackService::SubmitBatch;
  grpc::ServerReadReactor<grpc::ByteBuffer>* SubmitBatch(CallbackServerContext*,
                                                         grpc::ByteBuffer* response) override {
    return start_submit_stream(context_, *response);
  }

 private:
  Context& context_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_tx_service(Context& context) {
  return std::make_unique<TxService>(context);
}

}  // namespace moot::node::api
