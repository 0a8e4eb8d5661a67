#include "wallet/node_client.hpp"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/error_info.pb.h"
#include "google/rpc/status.pb.h"

#include "crypto/ecdsa.hpp"
#include "wallet/files.hpp"

namespace moot::wallet {
namespace {

constexpr std::size_t kBatch = 200;                        // envelopes a message
constexpr std::size_t kBatchBytes = std::size_t{1} << 20;  // and bytes
constexpr auto kBulkTimeout = std::chrono::minutes(30);
constexpr u64 kWaitMs = 60'000;
constexpr std::size_t kMaxPem = 64 * 1024;

// What the node says of an error besides its sentence (docs/api.md).
struct Details {
  std::string reason;    // stable, such as "NONCE_STALE"; may be empty
  bool refusal = false;  // of a transaction, by the ledger's rules
  std::string resource;  // the kind of thing that is not there, such as "proposal"; may be empty
};
Details details_in(const grpc::Status& status) {
  Details out;
  google::rpc::Status all;
  if (!all.ParseFromString(status.error_details())) return out;
  for (const auto& detail : all.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::ResourceInfo resource;
    if (detail.UnpackTo(&info)) {
      out.reason = info.reason();
      out.refusal = info.metadata().contains("code");
    } else if (detail.UnpackTo(&resource)) {
      out.resource = resource.resource_type();
    }
  }
  return out;
}

// Where to look for what is there.
std::string listing_of(const std::string& resource) {
  if (resource == "proposal") return "`moot proposals` lists them";
  if (resource.starts_with("member")) return "`moot members` lists them";
  if (resource.starts_with("account"))
    return "Accounts are made by the ledger's own steps, such as an admission; `moot members` lists members";
  if (resource == "sale") return "`moot sales` lists them";
  if (resource == "executed payout") return "`moot sales` says how far each sale is";
  if (resource == "asset") return "`moot assets` lists them";
  if (resource == "final transaction")
    return "It may still wait for its block, or never have been sent; `moot history` shows what got on the "
           "ledger";
  return "`moot status` shows where the ledger stands";
}

// A plain question that has no answer is the asker's affair: no refusal, and no word of the protocol's.
Failure unanswered(const grpc::Status& status, const Details& details) {
  std::string what = status.error_message();
  while (what.ends_with('.')) what.pop_back();
  if (what.starts_with("There ")) what[0] = 't';
  return {.code = ExitCode::failed,
          .what = std::move(what),
          .advice = details.resource.empty() ? "" : listing_of(details.resource)};
}

Failure refusal(const pb::TxStatus& status) {
  const bool dropped = status.state() == pb::TX_STATE_DROPPED;
  const auto code = static_cast<ledger::TxError>(dropped ? status.dropped_code() : status.receipt().code());
  const std::string how =
      dropped ? "the node dropped the transaction: " : "the transaction failed on the ledger: ";
  return {.code = ExitCode::refused,
          .what = how + std::string(ledger::reason(code)),
          .advice = std::string(ledger::advice(code))};
}

}  // namespace

Failure failure_of(const grpc::Status& status, const std::string& node) {
  const Details details = details_in(status);
  const std::string named =
      details.reason.empty() ? status.error_message() : details.reason + ": " + status.error_message();
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return {.code = ExitCode::unreachable,
              .what = "no answer from the node at " + node + " (" + named + ")",
              .advice = "Start mootd, or name its address with --node"};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {.code = ExitCode::unreachable,
              .what = "the node at " + node + " did not answer in time",
              .advice = "Try again; `moot history` shows what got on the ledger"};
    default:
      if (!details.refusal) return unanswered(status, details);
      return {.code = ExitCode::refused, .what = named, .advice = {}};
  }
}

Result<NodeClient> NodeClient::connect(const std::string& node, const std::string& tls_ca) {
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (!tls_ca.empty()) {
    const auto pem = read_text_file(tls_ca, kMaxPem);
    if (!pem) return std::unexpected(pem.error());
    credentials = grpc::SslCredentials({.pem_root_certs = *pem});
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);
  NodeClient client;
  client.node_ = node;
  client.channel_ = grpc::CreateCustomChannel(node, credentials, arguments);
  client.tx_ = pb::TxService::NewStub(client.channel_);
  client.governance_ = pb::GovernanceService::NewStub(client.channel_);
  client.treasury_ = pb::TreasuryService::NewStub(client.channel_);
  client.ledger_ = pb::LedgerService::NewStub(client.channel_);
  client.info_ = pb::NodeService::NewStub(client.channel_);
  return client;
}

Result<ledger::SigningContext> NodeClient::signing() const {
  const auto info = call(&pb::NodeService::Stub::GetInfo, *info_, pb::GetInfoRequest{});
  if (!info) return std::unexpected(info.error());
  LedgerId id;
  if (info->ledger_id().size() != id.bytes.size())
    return fail("the node at " + node_ + " names no ledger", "Check that --node is a Moot node");
  std::copy(info->ledger_id().begin(), info->ledger_id().end(), id.bytes.begin());
  return ledger::signing_context(info->organisation(), id);
}

Result<u64> NodeClient::next_nonce(const Address& address) const {
  pb::GetAccountRequest request;
  request.set_address(as_string(address.view()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  pb::GetAccountResponse response;
  const grpc::Status status = governance_->GetAccount(&context, request, &response);
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) return 1;
  if (!status.ok()) return std::unexpected(failure_of(status, node_));
  return response.account().next_nonce();
}

Result<pb::SubmitBatchResponse> NodeClient::submit_all(const std::vector<Bytes>& envelopes, bool wait,
                                                       const std::function<void(u64)>& progress) const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kBulkTimeout);
  pb::SubmitBatchResponse response;
  const auto stream = tx_->SubmitBatch(&context, &response);
  pb::SubmitBatchRequest batch;
  batch.set_wait_until_final(wait);
  std::size_t bytes = 0;
  u64 written = 0;
  const auto send = [&] {
    written += static_cast<u64>(batch.envelopes_size());
    const bool sent = stream->Write(batch);
    batch.clear_envelopes();
    bytes = 0;
    if (progress) progress(written);
    return sent;
  };
  bool open = true;
  for (const Bytes& envelope : envelopes) {
    batch.add_envelopes(envelope.data(), envelope.size());
    bytes += envelope.size();
    if (batch.envelopes_size() >= static_cast<int>(kBatch) || bytes >= kBatchBytes) open = send();
    if (!open) break;
  }
  if (open && batch.envelopes_size() > 0) send();
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return std::unexpected(failure_of(status, node_));
  return response;
}

Result<pb::TxStatus> NodeClient::submit_and_wait(const Bytes& envelope) const {
  pb::SubmitRequest submit;
  submit.mutable_transaction()->set_envelope(envelope.data(), envelope.size());
  const auto submitted = call(&pb::TxService::Stub::Submit, *tx_, submit);
  if (!submitted) return std::unexpected(submitted.error());
  pb::TxStatus status = submitted->status();
  if (status.state() == pb::TX_STATE_PENDING) {
    pb::WaitForTransactionRequest wait;
    wait.set_tx_id(status.tx_id());
    wait.set_timeout_ms(kWaitMs);
    const auto waited = call(&pb::TxService::Stub::WaitForTransaction, *tx_, wait,
                             std::chrono::milliseconds(kWaitMs) + kCallTimeout);
    if (!waited) return std::unexpected(waited.error());
    status = waited->status();
  }
  if (status.state() == pb::TX_STATE_DROPPED || status.receipt().code() != 0)
    return std::unexpected(refusal(status));
  return status;
}

Bytes signed_envelope(const ledger::SigningContext& signing, const crypto::SecretKey& key,
                      ledger::Payload payload, u64 nonce, TimeMs valid_until) {
  ledger::Transaction tx{.payload = std::move(payload),
                         .signer = crypto::address_of(key),
                         .nonce = nonce,
                         .valid_until = valid_until};
  tx.signature = crypto::sign(key, ledger::transaction_id(signing, tx).as<Hash>()).bytes;
  return ledger::encode_transaction(tx);
}

}  // namespace moot::wallet
