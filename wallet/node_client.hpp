// A node, as the wallet's commands see it: typed calls with deadlines, and failures as sentences.
//
// Private to the wallet's source files: it shows protobuf messages. Every call is one RPC; a refused transaction keeps its
// stable reason (google.rpc.ErrorInfo) in front of the advice, and what a plain question does not find is ExitCode::failed.
#pragma once

#include <grpcpp/grpcpp.h>

#include "crypto/keys.hpp"
#include "ledger/typed_data.hpp"
#include "moot/v1/governance_service.grpc.pb.h"
#include "moot/v1/ledger_service.grpc.pb.h"
#include "moot/v1/node_service.grpc.pb.h"
#include "moot/v1/treasury_service.grpc.pb.h"
#include "moot/v1/tx_service.grpc.pb.h"
#include "wallet/cli.hpp"

namespace moot::wallet {

namespace pb = moot::v1;

inline constexpr auto kCallTimeout = std::chrono::seconds(30);

// A failed call in the wallet's words; `node` is the address that was called.
Failure failure_of(const grpc::Status& status, const std::string& node);

class NodeClient {
 public:
  // Lazy: the first call connects. `tls_ca` (a PEM file) asks for TLS; empty means plaintext.
  static Result<NodeClient> connect(const std::string& node, const std::string& tls_ca);

  // call(&pb::TxService::Stub::Submit, client.tx(), request): the answer, or the failure.
  template <class Stub, class Request, class Response>
  Result<Response> call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                        Stub& stub, const Request& request,
                        std::chrono::milliseconds timeout = kCallTimeout) const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + timeout);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return std::unexpected(failure_of(status, node_));
    return response;
  }

  [[nodiscard]] pb::TxService::Stub& tx() const { return *tx_; }
  [[nodiscard]] pb::GovernanceService::Stub& governance() const { return *governance_; }
  [[nodiscard]] pb::TreasuryService::Stub& treasury() const { return *treasury_; }
  [[nodiscard]] pb::LedgerService::Stub& ledger() const { return *ledger_; }
  [[nodiscard]] pb::NodeService::Stub& info() const { return *info_; }
  [[nodiscard]] const std::string& node() const { return node_; }

  // What is signed on this ledger: organisation and ledger id, asked once.
  Result<ledger::SigningContext> signing() const;
  // The account's next nonce; 1 for an address without an account.
  Result<u64> next_nonce(const Address& address) const;

  // Sends canonical envelopes in batches; with `wait`, answers once all are final or dropped. `progress` hears how many
  // have been written.
  Result<pb::SubmitBatchResponse> submit_all(const std::vector<Bytes>& envelopes, bool wait,
                                             const std::function<void(u64)>& progress = {}) const;
  // Sends one and waits until it is final: its receipt, or the refusal as ExitCode::refused.
  Result<pb::TxStatus> submit_and_wait(const Bytes& envelope) const;

 private:
  std::string node_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<pb::TxService::Stub> tx_;
  std::unique_ptr<pb::GovernanceService::Stub> governance_;
  std::unique_ptr<pb::TreasuryService::Stub> treasury_;
  std::unique_ptr<pb::LedgerService::Stub> ledger_;
  std::unique_ptr<pb::NodeService::Stub> info_;
};

// A signed transaction's envelope. `valid_until` 0 where the kind allows it.
Bytes signed_envelope(const ledger::SigningContext& signing, const crypto::SecretKey& key,
                      ledger::Payload payload, u64 nonce, TimeMs valid_until);

}  // namespace moot::wallet
