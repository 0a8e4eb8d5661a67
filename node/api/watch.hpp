// A server stream that shows history first and then follows: blocks, events.
//
// It pulls: the next message is made when the last one was taken, so a slow client costs one message of memory and no more.
// A client that takes nothing for `stall` is cut with RESOURCE_EXHAUSTED and resumes from its last cursor. A heartbeat goes
// out when nothing else did for `heartbeat`.
#pragma once

#include "node/api/status.hpp"
#include "node/api/waiting.hpp"

namespace moot::node::api {

enum class Fed : u8 { message, nothing, end };

// Where a stream's messages come from. One thread at a time.
template <class Response>
class Feed {
 public:
  virtual ~Feed() = default;
  // Fills in the next message and moves on; `nothing` when the client has seen all there is.
  virtual Fed next(Response& out) = 0;
  // A message that only says where the stream stands.
  virtual void heartbeat(Response& out) = 0;
};

template <class Response>
class Watch final : public grpc::ServerWriteReactor<Response> {
 public:
  // Deletes itself when the call is done.
  static grpc::ServerWriteReactor<Response>* start(Context& context, std::unique_ptr<Feed<Response>> feed) {
    auto* watch = new Watch(context, std::move(feed));
    if (!context.watchers.take()) {
      watch->counted_ = false;
      watch->finish(api_error(grpc::StatusCode::RESOURCE_EXHAUSTED, pb::API_ERROR_REASON_TOO_MANY_CALLS,
                              "The node already serves as many streams as it may; try again later."));
      return watch;
    }
    watch->StartSendInitialMetadata();
    context.hub.add(watch->link_);
    watch->link_->with([](Watch& self) { self.pump(); });
    return watch;
  }

  void OnWriteDone(bool ok) override {
    link_->with([ok](Watch& self) {
      self.writing_ = false;
      if (ok)
        self.pump();
      else
        self.finish({grpc::StatusCode::CANCELLED, "The client has gone."});
    });
  }
  void OnCancel() override {
    link_->with([](Watch& self) { self.finish({grpc::StatusCode::CANCELLED, "The client has gone."}); });
  }
  void OnDone() override {
    context_.hub.remove(link_.get());
    link_->cut();
    if (counted_) context_.watchers.give_back();
    delete this;
  }

  void on_wake(bool stopping) {
    if (stopping) return finish(not_ready());
    const u64 idle_ns = context_.clock.steady_ns() - moved_ns_;
    if (writing_) {
      if (idle_ns > context_.options.stall.raw() * 1'000'000)
        finish(api_error(grpc::StatusCode::RESOURCE_EXHAUSTED, pb::API_ERROR_REASON_SLOW_CONSUMER,
                         "The client read nothing for too long; resume from the last cursor received."));
      return;
    }
    pump();
    if (!writing_ && !finished_ && idle_ns > context_.options.heartbeat.raw() * 1'000'000) {
      message_.Clear();
      feed_->heartbeat(message_);
      write();
    }
  }

 private:
  Watch(Context& context, std::unique_ptr<Feed<Response>> feed)
      : context_(context),
        feed_(std::move(feed)),
        link_(std::make_shared<Link<Watch>>(this)),
        moved_ns_(context.clock.steady_ns()) {}

  void pump() {
    if (writing_ || finished_) return;
    message_.Clear();
    try {
      switch (feed_->next(message_)) {
        case Fed::message: return write();
        case Fed::nothing: return;
        case Fed::end: return finish(grpc::Status::OK);
      }
    } catch (const std::exception& error) {
      context_.log.error("a stream failed", {{"what", error.what()}});
      finish({grpc::StatusCode::INTERNAL, "The node met an error of its own; its log says more."});
    }
  }
  void write() {
    writing_ = true;
    moved_ns_ = context_.clock.steady_ns();
    this->StartWrite(&message_);
  }
  void finish(grpc::Status status) {
    if (finished_) return;
    finished_ = true;
    this->Finish(std::move(status));
  }

  Context& context_;
  std::unique_ptr<Feed<Response>> feed_;
  std::shared_ptr<Link<Watch>> link_;
  Response message_;
  bool counted_ = true;
  bool writing_ = false;
  bool finished_ = false;
  u64 moved_ns_;
};

// A stream that is refused at once.
template <class Response>
class Refusing final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit Refusing(grpc::Status status) { this->Finish(std::move(status)); }
  void OnDone() override { delete this; }
};

}  // namespace moot::node::api
