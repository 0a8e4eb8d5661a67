#include "node/api/submit_stream.hpp"

#include <unordered_map>

#include "node/api/status.hpp"
#include "node/api/unary.hpp"
#include "node/api/waiting.hpp"

namespace moot::node::api {
namespace {

constexpr int kMostEnvelopes = 16'384;  // in one message
constexpr u32 kMostInFlight = 8;        // batches offered to the node and not answered; then reading pauses
constexpr std::size_t kMostRefusalsTold = 10'000;
constexpr u64 kRetryBusyNs = 100'000'000;  // a batch that met a full queue is offered again after this
constexpr u64 kLookForDroppedNs = 1'000'000'000;

// Batches go to the node as they come; what a full queue refused is offered again until it is taken. With
// wait_until_final the accepted ids are held until the receipts of new blocks, or the mempool, say what became of them.
class SubmitStream final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  SubmitStream(Context& context, grpc::ByteBuffer& out)
      : context_(context),
        raw_out_(out),
        link_(std::make_shared<Link<SubmitStream>>(this)),
        moved_ns_(context.clock.steady_ns()),
        scanned_(context.node.snapshot()->block.height.raw()) {
    counted_ = context.bulk_streams.take();
    if (!counted_) {
      finish(api_error(grpc::StatusCode::RESOURCE_EXHAUSTED, pb::API_ERROR_REASON_TOO_MANY_CALLS,
                       "The node already serves as many bulk streams as it may; try again later."));
      return;
    }
    context.hub.add(link_);
    link_->with([](SubmitStream& self) { self.read(); });
  }

  void OnReadDone(bool ok) override {
    link_->with([ok](SubmitStream& self) { self.on_read(ok); });
  }
  void OnCancel() override {
    link_->with(
        [](SubmitStream& self) { self.finish({grpc::StatusCode::CANCELLED, "The client has gone."}); });
  }
  void OnDone() override {
    context_.hub.remove(link_.get());
    link_->cut();
    if (counted_) context_.bulk_streams.give_back();
    delete this;
  }

  void on_wake(bool stopping) {
    if (finished_) return;
    if (stopping) return finish(not_ready());
    const u64 now = context_.clock.steady_ns();
    if (!retry_.empty() && now >= retry_ns_) offer(std::exchange(retry_, {}));
    scan_blocks();
    if (now - looked_ns_ > kLookForDroppedNs && input_ended_) look_for_dropped(now);
    if (is_idle())
      return finish(api_error(grpc::StatusCode::DEADLINE_EXCEEDED, pb::API_ERROR_REASON_SLOW_CONSUMER,
                              "The client sent nothing for too long; send the rest in another stream."));
    end_if_done();
  }

 private:
  struct Item {
    u64 position;
    Bytes envelope;
  };

  void read() {
    if (reading_ || finished_ || input_ended_ || in_flight_ >= kMostInFlight || !retry_.empty()) return;
    reading_ = true;
    moved_ns_ = context_.clock.steady_ns();  // a pause that the node made is not the client's
    StartRead(&raw_);
  }

  [[nodiscard]] bool is_idle() const {
    return reading_ && in_flight_ == 0 && retry_.empty() &&
           context_.clock.steady_ns() - moved_ns_ > context_.options.idle_bulk.raw() * 1'000'000;
  }

  void on_read(bool ok) {
    reading_ = false;
    if (finished_) return;
    if (!ok) {
      input_ended_ = true;
      return end_if_done();
    }
    if (!grpc::SerializationTraits<pb::SubmitBatchRequest>::Deserialize(&raw_, &request_).ok())
      return finish(bad_field("request", "is not a message of this method's type"));
    if (request_.envelopes_size() > kMostEnvelopes)
      return finish(
          bad_field("envelopes", "must be at most " + std::to_string(kMostEnvelopes) + " a message"));
    wait_until_final_ |= request_.wait_until_final();
    std::vector<Item> items;
    items.reserve(static_cast<std::size_t>(request_.envelopes_size()));
    for (const std::string& envelope : request_.envelopes())
      items.push_back({received_++, Bytes(envelope.begin(), envelope.end())});
    if (!items.empty()) offer(std::move(items));
    read();
  }

  // Copies the envelopes: the node keeps what it is given, and busy ones must be offered again.
  void offer(std::vector<Item> items) {
    std::vector<Bytes> envelopes;
    envelopes.reserve(items.size());
    for (const Item& item : items) envelopes.push_back(item.envelope);
    ++in_flight_;
    const u64 height = context_.node.snapshot()->block.height.raw();
    auto answer = [link = link_, height,
                   batch = std::move(items)](std::vector<SubmitResult> results) mutable {
      link->with([&](SubmitStream& self) { self.on_answer(std::move(batch), results, height); });
    };
    context_.node.submit(std::move(envelopes), std::move(answer));
  }

  void on_answer(std::vector<Item> items, const std::vector<SubmitResult>& results, u64 submitted_at) {
    --in_flight_;
    if (finished_) return;
    std::vector<std::pair<TxId, u64>> accepted;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const SubmitResult busy_result{.outcome = SubmitOutcome::busy, .id = {}, .refusal = {}};
      const SubmitResult& result = i < results.size() ? results[i] : busy_result;
      switch (result.outcome) {
        case SubmitOutcome::accepted:
          ++accepted_;
          if (wait_until_final_) accepted.emplace_back(result.id, items[i].position);
          break;
        case SubmitOutcome::pending:
        case SubmitOutcome::final: ++known_; break;
        case SubmitOutcome::refused:
          ++refused_;
          tell_refusal({items[i].position, result.id, result.refusal, false});
          break;
        case SubmitOutcome::busy:
          retry_.push_back(std::move(items[i]));
          retry_ns_ = context_.clock.steady_ns() + kRetryBusyNs;
          break;
      }
    }
    hold(accepted, submitted_at);
    read();
    end_if_done();
  }

  struct Told {
    u64 position;
    TxId id;
    ledger::Refusal refusal;
    bool dropped;
  };
  void tell_refusal(const Told& told) {
    if (static_cast<std::size_t>(out_.refusals_size()) >= kMostRefusalsTold) return;
    pb::BatchRefusal& one = *out_.add_refusals();
    one.set_position(told.position);
    if (!told.id.is_zero()) one.set_tx_id(to_bytes(told.id.bytes));
    one.set_code(static_cast<u32>(told.refusal.code));
    if (told.refusal.code != ledger::TxError{}) one.set_reason(std::string(reason(told.refusal.code)));
    if (told.refusal.index) one.set_bad_index(*told.refusal.index);
    one.set_dropped(told.dropped);
  }

  // Remembers accepted ids. Blocks after the one that stood when they were offered may hold them already.
  void hold(const std::vector<std::pair<TxId, u64>>& ids, u64 submitted_at) {
    waiting_.insert(ids.begin(), ids.end());
    if (ids.empty()) return;
    for (u64 height = submitted_at + 1; height <= scanned_; ++height) take_receipts(height);
  }

  void scan_blocks() {
    const u64 head = context_.node.snapshot()->block.height.raw();
    for (; scanned_ < head; ++scanned_)
      if (!waiting_.empty()) take_receipts(scanned_ + 1);
  }

  void take_receipts(u64 height) {
    for (const ledger::Receipt& receipt : context_.node.receipts(Height{height})) {
      if (waiting_.erase(receipt.id) == 0) continue;
      ++(receipt.failed() ? failed_ : done_);
      moved_ns_ = context_.clock.steady_ns();
    }
  }

  // Accepted, and neither pending nor final any more: the mempool gave it up.
  void look_for_dropped(u64 now) {
    looked_ns_ = now;
    std::erase_if(waiting_, [this](const auto& held) {
      const auto& [id, position] = held;
      const TxStatus status = context_.node.transaction(id);
      if (status.phase != TxPhase::unknown) return false;
      ++dropped_;
      tell_refusal({position, id, status.dropped.value_or(ledger::Refusal{}), true});
      return true;
    });
  }

  void end_if_done() {
    if (finished_ || !input_ended_ || in_flight_ != 0 || !retry_.empty() || !waiting_.empty()) return;
    fill_context(*context_.node.snapshot(), *out_.mutable_context());
    out_.set_received(received_);
    out_.set_accepted(accepted_);
    out_.set_known(known_);
    out_.set_refused(refused_);
    out_.set_done(done_);
    out_.set_failed(failed_);
    out_.set_dropped(dropped_);
    bool owned = false;
    finish(grpc::SerializationTraits<pb::SubmitBatchResponse>::Serialize(out_, &raw_out_, &owned));
  }

  void finish(grpc::Status status) {
    if (finished_) return;
    finished_ = true;
    Finish(std::move(status));
  }

  Context& context_;
  grpc::ByteBuffer& raw_out_;
  pb::SubmitBatchResponse out_;
  grpc::ByteBuffer raw_;
  std::shared_ptr<Link<SubmitStream>> link_;
  pb::SubmitBatchRequest request_;
  std::vector<Item> retry_;
  u64 retry_ns_ = 0;
  std::unordered_map<TxId, u64, DigestHasher> waiting_;  // accepted, with their places in the stream
  u64 received_ = 0, accepted_ = 0, known_ = 0, refused_ = 0, done_ = 0, failed_ = 0, dropped_ = 0;
  u32 in_flight_ = 0;
  bool counted_ = false;
  bool reading_ = false;
  bool input_ended_ = false;
  bool finished_ = false;
  bool wait_until_final_ = false;
  u64 moved_ns_;
  u64 looked_ns_ = 0;
  u64 scanned_;  // blocks whose receipts were looked at
};

}  // namespace

grpc::ServerReadReactor<grpc::ByteBuffer>* start_submit_stream(Context& context, grpc::ByteBuffer& out) {
  return new SubmitStream(context, out);
}

}  // namespace moot::node::api
