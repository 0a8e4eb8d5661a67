#include "node/api/services.hpp"
#include "node/api/unary.hpp"

namespace moot::node::api {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using grpc::Status;

Status get_info(Context& context, const pb::GetInfoRequest&, pb::GetInfoResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  const LedgerIdentity& identity = context.node.identity();
  fill_context(*snapshot, *out.mutable_context());
  out.set_version(context.options.version);
  out.set_rules_version(snapshot->state.chain->rules_version);
  out.set_ledger_id(to_bytes(identity.signing.ledger_id.bytes));
  out.set_organisation(identity.signing.organisation);
  out.set_domain_name(std::string(ledger::kDomainName));
  out.set_domain_version(std::string(ledger::kDomainVersion));
  out.set_created_ms(identity.created.raw());
  out.set_node_key(to_bytes(context.node.status().node_key));
  out.set_max_message_bytes(context.options.max_message_bytes);
  out.set_max_bulk_message_bytes(context.options.max_bulk_message_bytes);
  return Status::OK;
}

Status get_status(Context& context, const pb::GetStatusRequest&, pb::GetStatusResponse& out) {
  const SnapshotPtr snapshot = context.node.snapshot();
  const NodeStatus status = context.node.status();
  const ledger::Counters& counters = *snapshot->state.counters;
  fill_context(*snapshot, *out.mutable_context());
  const u64 now = context.clock.now_ms().raw();
  out.set_ready(status.ready);
  out.set_validating(status.validating);
  out.set_halted(status.halted);
  out.set_mempool_transactions(status.mempool_transactions);
  out.set_mempool_bytes(status.mempool_bytes);
  out.set_verify_queue(status.verify_queue);
  if (status.next_due) out.set_next_due_ms(status.next_due->raw());
  out.set_peers(status.peers);
  out.set_uptime_ms(now > status.started_ms ? now - status.started_ms : 0);
  out.set_transactions(counters.transactions);
  out.set_ballots(counters.ballots);
  out.set_members(snapshot->state.members.size());
  out.set_active_members(counters.active_members.last());
  out.set_proposals(snapshot->state.proposals.size());
  out.set_rejected(status.rejected);
  out.set_clock_ms(now);
  return Status::OK;
}

class NodeService final : public pb::NodeService::CallbackService {
 public:
  explicit NodeService(Context& context) : context_(context) {}

  ServerUnaryReactor* GetInfo(CallbackServerContext* call, const pb::GetInfoRequest* request,
                              pb::GetInfoResponse* response) override {
    return answer_now(context_, call, request, response,
                      [this](const auto& in, auto& out) { return get_info(context_, in, out); });
  }
  ServerUnaryReactor* GetStatus(CallbackServerContext* call, const pb::GetStatusRequest* request,
                                pb::GetStatusResponse* response) override {
    return answer_now(context_, call, request, response,
                      [this](const auto& in, auto& out) { return get_status(context_, in, out); });
  }

 private:
  Context& context_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_node_service(Context& context) {
  return std::make_unique<NodeService>(context);
}

}  // namespace moot::node::api
