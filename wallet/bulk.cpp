#include "wallet/bulk.hpp"

#include <boost/json.hpp>

#include <iostream>

#include "wallet/files.hpp"

namespace moot::wallet {
namespace {

// The action that a trial run approved without completing it.
std::optional<u64> waiting_action(const pb::SimulateResponse& answer) {
  std::optional<u64> action;
  for (const auto& event : answer.events()) {
    if (event.kind() == pb::EVENT_KIND_ACTION_APPROVED) action = event.a();
    if (event.kind() == pb::EVENT_KIND_ACTION_EXECUTED) return std::nullopt;
  }
  return action;
}

// "batch.json", "batch-2.json", "batch-3.json".
std::string part_file(const std::string& out, std::size_t part) {
  if (part == 0) return out;
  const std::filesystem::path path(out);
  const std::string name = path.stem().string() + "-" + std::to_string(part + 1) + path.extension().string();
  return (path.parent_path() / name).string();
}

class Sending {
 public:
  Sending(const Globals& globals, const TxOptions& options, const NodeClient& client,
          const BulkRequest& request)
      : globals_(globals), options_(options), client_(client), request_(request) {}

  Result<void> prepare() {
    auto signing = client_.signing();
    if (!signing) return std::unexpected(signing.error());
    signing_ = std::move(*signing);
    const auto terms = terms_for(globals_, options_, client_, std::nullopt);
    if (!terms) return std::unexpected(terms.error());
    terms_ = *terms;
    if (options_.generate_only && options_.out.empty() && request_.parts.size() > 1)
      return fail("these are " + std::to_string(request_.parts.size()) + " transactions",
                  "Name a file for them with --out", ExitCode::usage);
    return {};
  }

  // Asks, then opens the key unless another wallet signs.
  Result<void> authorise() {
    if (options_.generate_only || request_.dry_run) return {};
    if (auto shown = show(); !shown) return shown;
    if (auto sure = confirm(globals_, request_.question); !sure) return sure;
    if (options_.sign_elsewhere) return {};
    auto key = signing_key(globals_, terms_.signer);
    if (!key) return std::unexpected(key.error());
    key_.emplace(std::move(*key));
    return {};
  }

  Result<void> send(std::size_t part) {
    TransactionFile file = file_of(part);
    const auto waits = try_out(part, file);
    if (!waits) return std::unexpected(waits.error());
    if (request_.dry_run) return {};
    if (options_.generate_only)
      return write_unsigned(file, options_.out.empty() ? "" : part_file(options_.out, part));
    if (auto done = sign(file); !done) return done;
    auto status = submit_to(client_, !options_.no_wait, file);
    if (!status) return std::unexpected(status.error());
    sent_.push_back({.status = std::move(*status), .waits_as = *waits});
    return {};
  }

  [[nodiscard]] std::size_t sent() const { return sent_.size(); }
  std::vector<BulkSent> take() { return std::move(sent_); }

 private:
  [[nodiscard]] TransactionFile file_of(std::size_t part) const {
    return {.signing = signing_,
            .tx = {.payload = request_.parts[part].payload,
                   .signer = terms_.signer,
                   .nonce = terms_.nonce + (request_.dry_run ? 0 : part),
                   .valid_until = terms_.valid_until}};
  }

  // One transaction is shown field by field; of many the caller has told the sum.
  Result<void> show() {
    if (globals_.json || request_.parts.size() != 1) return {};
    const auto assets = AssetBook::load(client_);
    if (!assets) return std::unexpected(assets.error());
    show_before_signing(std::cerr, file_of(0), *assets);
    return {};
  }

  // Parts that follow one that is not final yet have a nonce ahead, and cannot be judged before their time.
  [[nodiscard]] bool runs_ahead(std::size_t part) const {
    return options_.nonce || (part > 0 && (options_.generate_only || options_.no_wait));
  }

  Result<std::optional<u64>> try_out(std::size_t part, const TransactionFile& file) {
    const auto answer = simulate(client_, file.tx);
    if (!answer) return std::unexpected(answer.error());
    if (answer->would_be_done()) return waiting_action(*answer);
    if (runs_ahead(part) && answer->code() == static_cast<u32>(ledger::TxError::nonce_ahead))
      return std::nullopt;
    const std::string where =
        answer->has_bad_index() && request_.place ? request_.place(part, answer->bad_index()) + ": " : "";
    return fail(where + "the ledger would refuse this: " + answer->reason(), answer->advice(),
                ExitCode::refused);
  }

  Result<void> sign(TransactionFile& file) {
    if (!key_) return sign_elsewhere(file);
    file.tx.signature = crypto::sign(*key_, file.id().as<Hash>()).bytes;
    file.is_signed = true;
    return {};
  }

  const Globals& globals_;
  const TxOptions& options_;
  const NodeClient& client_;
  const BulkRequest& request_;
  ledger::SigningContext signing_;
  ledger::Terms terms_;
  std::optional<crypto::SecretKey> key_;
  std::vector<BulkSent> sent_;
};

struct Totals {
  u64 done = 0;     // entries
  u64 waiting = 0;  // entries in actions that wait for approvals
  u64 pending = 0;  // entries sent with --no-wait
  u64 skipped = 0;  // entries that the ledger left out
};
Totals totals_of(const BulkRequest& request, const std::vector<BulkSent>& sent) {
  Totals out;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const u64 entries = request.parts[i].entries;
    const auto skipped = static_cast<u64>(sent[i].status.receipt().skipped_size());
    out.skipped += skipped;
    if (sent[i].status.state() == pb::TX_STATE_PENDING)
      out.pending += entries;
    else if (sent[i].waits_as)
      out.waiting += entries;
    else
      out.done += entries - skipped;
  }
  return out;
}

std::string hex(const std::string& bytes) { return "0x" + to_hex(as_bytes(bytes)); }

}  // namespace

std::vector<Fact> sent_facts(const BulkRequest& request, const std::vector<BulkSent>& sent) {
  const Totals totals = totals_of(request, sent);
  std::vector<Fact> out{{"Done", grouped(totals.done)}};
  if (totals.skipped > 0) out.push_back({"Left out", grouped(totals.skipped)});
  if (totals.pending > 0) out.push_back({"Not final yet", grouped(totals.pending)});
  if (totals.waiting > 0) out.push_back({"Waiting for others", grouped(totals.waiting)});
  for (const auto& one : sent)
    if (one.waits_as) out.push_back({"Action", std::to_string(*one.waits_as)});
  out.push_back({"Transactions", grouped(sent.size())});
  if (!sent.empty() && sent.back().status.state() == pb::TX_STATE_FINAL)
    out.push_back({"Blocks", grouped(sent.front().status.receipt().height()) + " to " +
                                 grouped(sent.back().status.receipt().height())});
  return out;
}

void add_sent(boost::json::object& out, const BulkRequest& request, const std::vector<BulkSent>& sent) {
  const Totals totals = totals_of(request, sent);
  out["done"] = totals.done;
  out["leftOut"] = totals.skipped;
  out["notFinal"] = totals.pending;
  out["waiting"] = totals.waiting;
  boost::json::array list;
  for (const auto& one : sent) {
    boost::json::object item{{"txId", hex(one.status.tx_id())},
                             {"height", std::to_string(one.status.receipt().height())}};
    item["waitsAs"] =
        one.waits_as ? boost::json::value(std::to_string(*one.waits_as)) : boost::json::value(nullptr);
    list.push_back(std::move(item));
  }
  out["transactions"] = std::move(list);
}

Result<pb::SimulateResponse> simulate(const NodeClient& client, const ledger::Transaction& tx) {
  pb::SimulateRequest request;
  const Bytes envelope = ledger::encode_transaction(tx);
  request.mutable_transaction()->set_envelope(envelope.data(), envelope.size());
  return client.call(&pb::TxService::Stub::Simulate, client.tx(), request);
}

Result<std::vector<BulkSent>> send_parts(const Globals& globals, const TxOptions& options,
                                         const NodeClient& client, const BulkRequest& request) {
  Sending sending(globals, options, client, request);
  if (auto ready = sending.prepare(); !ready) return std::unexpected(ready.error());
  if (auto sure = sending.authorise(); !sure) return std::unexpected(sure.error());
  u64 total = 0;
  for (const auto& part : request.parts) total += part.entries;
  Progress progress(request.label, total, {.lines = !globals.json});
  for (std::size_t i = 0; i < request.parts.size(); ++i) {
    if (auto sent = sending.send(i); !sent) {
      progress.finish();
      Failure failure = std::move(sent.error());
      if (sending.sent() > 0)
        failure.advice += (failure.advice.empty() ? "" : ". ") + std::to_string(sending.sent()) + " of " +
                          std::to_string(request.parts.size()) +
                          " transactions were sent and stand; the same command goes on from there";
      return std::unexpected(std::move(failure));
    }
    progress.advance(request.parts[i].entries);
  }
  return sending.take();
}

}  // namespace moot::wallet
