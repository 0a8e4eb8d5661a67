// The ledger as it happens: watch follows it, history looks back for one party, status tells how the node does.
#include <boost/json.hpp>

#include <google/protobuf/util/json_util.h>

#include <map>
#include <set>

#include "wallet/commands/asking.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/event_text.hpp"
#include "wallet/inputs.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

// Takes an event; false ends the stream.
using OnEvent = std::function<bool(const pb::Event&)>;

struct Stream {
  pb::WatchEventsRequest request;
  bool to_head_only = false;  // end where the ledger stands, instead of waiting for more
};

Result<void> follow(const NodeClient& client, const Stream& stream, const OnEvent& on_event) {
  grpc::ClientContext context;
  const auto reader = client.ledger().WatchEvents(&context, stream.request);
  pb::WatchEventsResponse message;
  while (reader->Read(&message)) {
    bool more = true;
    for (const auto& event : message.events()) {
      more = on_event(event);
      if (!more) break;
    }
    if (!more || (stream.to_head_only && message.next_height() > message.head_height())) {
      context.TryCancel();
      reader->Finish();
      return {};
    }
  }
  const grpc::Status status = reader->Finish();
  if (status.ok()) return {};
  Failure failure = failure_of(status, client.node());
  failure.advice =
      "`moot watch --from-height " + std::to_string(message.next_height()) + "` goes on from here";
  return std::unexpected(failure);
}

void print_event(const Globals& globals, const pb::Event& event, const AssetBook& assets) {
  if (!globals.json) {
    std::cout << time_text(TimeMs{event.time_ms()}) << "  " << event.height() << '.' << event.index() << "  "
              << printable(event_text(event, assets)) << std::endl;
    return;
  }
  std::string line;  // one event a line, so that a reader need not wait for the end
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  if (google::protobuf::util::MessageToJsonString(event, &line, options).ok()) std::cout << line << std::endl;
}

// ---- watch ----

struct WatchOptions {
  std::optional<u64> from;
  u64 count = 0;
};

Result<void> run_watch(const Asker& asker, const WatchOptions& options) {
  const auto assets = AssetBook::load(asker.client);
  if (!assets) return std::unexpected(assets.error());
  Stream stream;
  if (options.from)
    stream.request.set_from_height(*options.from);
  else
    stream.request.set_from_now(true);
  u64 seen = 0;
  return follow(asker.client, stream, [&](const pb::Event& event) {
    print_event(asker.globals, event, *assets);
    return options.count == 0 || ++seen < options.count;
  });
}

// ---- history ----

struct HistoryOptions {
  std::string party;
  u64 from = 0;
};

Result<pb::Account> account_of(const Asker& asker, const std::string& text) {
  pb::GetAccountRequest request;
  if (parse_number(text)) {
    const auto member = find_member(asker.globals, asker.client, text);
    if (!member) return std::unexpected(member.error());
    request.set_account(member->account());
  } else {
    const auto address = text.empty() ? acting_address(asker.globals) : parse_party(asker.globals, text);
    if (!address) return std::unexpected(address.error());
    request.set_address(as_string(address->view()));
  }
  auto answer =
      asker.client.call(&pb::GovernanceService::Stub::GetAccount, asker.client.governance(), request);
  if (answer &&
      answer->account().has_retired_of()) {  // an address of the past: its account goes on under another
    request.set_account(answer->account().retired_of());
    answer = asker.client.call(&pb::GovernanceService::Stub::GetAccount, asker.client.governance(), request);
  }
  if (!answer) return std::unexpected(answer.error());
  return std::move(*answer->mutable_account());
}

using TxPlace = std::pair<u64, u32>;  // height, place in the block
struct SentTransaction {
  Address signer;
  ledger::TxKind kind;
};

// What the blocks hold, and how keys followed one another: the party's own transactions are those of all its keys.
struct Sent {
  std::map<TxPlace, SentTransaction> all;
  std::map<Address, Address> key_before;

  void keep_only(const Address& present) {
    std::set<Address> keys{present};
    for (auto key = key_before.find(present); key != key_before.end() && keys.insert(key->second).second;)
      key = key_before.find(key->second);
    std::erase_if(all, [&](const auto& one) { return !keys.contains(one.second.signer); });
  }
};

Result<Sent> sent_transactions(const NodeClient& client, u64 from, const Address& present) {
  Sent sent;
  const auto status = client.call(&pb::NodeService::Stub::GetStatus, client.info(), pb::GetStatusRequest{});
  if (!status) return std::unexpected(status.error());
  const u64 head = status->context().height();
  if (head == 0 || from > head) return sent;
  pb::WatchBlocksRequest request;
  request.set_from_height(from);
  request.set_to_height(head);
  grpc::ClientContext context;
  const auto reader = client.ledger().WatchBlocks(&context, request);
  pb::WatchBlocksResponse message;
  while (reader->Read(&message))
    for (const auto& block : message.blocks())
      for (int i = 0; i < block.envelopes_size(); ++i) {
        const auto tx = ledger::decode_transaction(as_bytes(block.envelopes(i)));
        if (!tx)
          return fail("block " + std::to_string(block.height()) + " holds what is no transaction",
                      "Ask another node");
        sent.all[{block.height(), static_cast<u32>(i)}] = {tx->signer, tx->kind()};
        if (const auto* rotate = std::get_if<ledger::RotateKey>(&tx->payload))
          sent.key_before[rotate->new_address] = tx->signer;
      }
  if (const auto end = reader->Finish(); !end.ok()) return std::unexpected(failure_of(end, client.node()));
  sent.keep_only(present);
  return sent;
}

// Prints the party's transactions that no event tells of before `place`: they failed, or had no effect of their own.
void print_silent(Sent& sent, const TxPlace& place) {
  while (!sent.all.empty() && sent.all.begin()->first < place) {
    const auto& [at, one] = *sent.all.begin();
    std::cout << "block " << at.first << ", place " << at.second + 1 << "  sends " << ledger::word(one.kind)
              << ", which did nothing\n";
    sent.all.erase(sent.all.begin());
  }
}

Result<void> run_history(const Asker& asker, const HistoryOptions& options) {
  const auto account = account_of(asker, options.party);
  if (!account) return std::unexpected(account.error());
  Party party{.account = account->id(), .member = {}};
  if (account->has_member()) party.member = account->member();
  auto sent = sent_transactions(asker.client, options.from, address_in(account->address()));
  if (!sent) return std::unexpected(sent.error());
  const auto assets = AssetBook::load(asker.client);
  if (!assets) return std::unexpected(assets.error());
  Stream stream{.request = {}, .to_head_only = true};
  stream.request.set_from_height(options.from);
  std::set<TxPlace> told;  // own transactions an event of which has been printed
  const auto done = follow(asker.client, stream, [&](const pb::Event& event) {
    const TxPlace place{event.height(), event.tx_index()};
    const bool own = event.has_tx_index() && (told.contains(place) || sent->all.erase(place) > 0);
    if (own) told.insert(place);
    if (!asker.globals.json) print_silent(*sent, place);
    if (own || concerns(event, party)) print_event(asker.globals, event, *assets);
    return true;
  });
  if (done && !asker.globals.json) print_silent(*sent, {~u64{0}, 0});
  return done;
}

// ---- status ----

Result<void> run_status(const Asker& asker, const NoOptions&) {
  const auto info =
      asker.client.call(&pb::NodeService::Stub::GetInfo, asker.client.info(), pb::GetInfoRequest{});
  if (!info) return std::unexpected(info.error());
  const auto status =
      asker.client.call(&pb::NodeService::Stub::GetStatus, asker.client.info(), pb::GetStatusRequest{});
  if (!status) return std::unexpected(status.error());
  if (asker.globals.json) {
    std::ostringstream about, now;
    print_message(about, *info);
    print_message(now, *status);
    print_json(std::cout, boost::json::object{{"info", boost::json::parse(about.str())},
                                              {"status", boost::json::parse(now.str())}});
    return {};
  }
  const auto& context = status->context();
  print_facts(
      std::cout,
      {{"Organisation", info->organisation()},
       {"Ledger", "0x" + to_hex(as_bytes(info->ledger_id()))},
       {"Node", info->version() + ", rules version " + std::to_string(info->rules_version()) +
                    (status->validating() ? ", a validator" : "") + (status->ready() ? "" : ", NOT READY") +
                    (status->halted().empty() ? "" : ", MAKES NO BLOCKS: " + status->halted())},
       {"Height", grouped(context.height()) + " at " + time_text(TimeMs{context.time_ms()})},
       {"State root", "0x" + to_hex(as_bytes(context.state_root()))},
       {"Members", grouped(status->members()) + ", of which active " + grouped(status->active_members())},
       {"Proposals", grouped(status->proposals())},
       {"Transactions", grouped(status->transactions()) + ", of which ballots " + grouped(status->ballots())},
       {"Waiting", grouped(status->mempool_transactions())},
       {"Next due", status->has_next_due_ms() ? time_text(TimeMs{status->next_due_ms()}) : "nothing"},
       {"Node's clock", time_text(TimeMs{status->clock_ms()})}});
  return {};
}

}  // namespace

void add_event_commands(CLI::App& app, Globals& globals) {
  add_asking<NoOptions>(
      app, globals, {.name = "status", .about = "How the ledger and its node do", .example = "moot status"},
      run_status, [](CLI::App&, NoOptions&) {});
  add_asking<HistoryOptions>(
      app, globals,
      {.name = "history",
       .about = "What happened to an account and its member",
       .example = "moot history 0x7099…79C8"},
      run_history, [](CLI::App& command, HistoryOptions& options) {
        command.add_option("PARTY", options.party,
                           "An address, a key's name or a member's number; you without");
        command.add_option("--from-height", options.from, "Not before that block")->type_name("HEIGHT");
      });
  add_asking<WatchOptions>(
      app, globals,
      {.name = "watch",
       .about = "Events as they happen, until Ctrl-C; with --json one a line",
       .example = "moot watch --from-height 0"},
      run_watch, [](CLI::App& command, WatchOptions& options) {
        command.add_option("--from-height", options.from, "First what happened since that block")
            ->type_name("HEIGHT");
        command.add_option("--count", options.count, "Stop after so many events")->type_name("COUNT");
      });
}

}  // namespace moot::wallet
