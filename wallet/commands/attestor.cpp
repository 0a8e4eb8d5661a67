// moot attest and moot record-contributions: contributions signed by an attestor, and carried to the ledger by anybody.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "base/clock.hpp"
#include "wallet/attestations.hpp"
#include "wallet/bulk.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/files.hpp"
#include "wallet/inputs.hpp"
#include "wallet/member_list.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

constexpr std::size_t kContributionsPerTransaction = 500;  // contributions_per_transaction of the ledger

// ---- attest ----

struct AttestOptions {
  std::string file;
  std::string out;
  std::string share_class;
  std::string valid_for = "0";
};

Result<TimeMs> statement_until(const std::string& valid_for) {
  const auto duration = parse_duration(valid_for);
  if (duration && duration->is_zero()) return TimeMs{};
  const auto until = duration ? SystemClock().now_ms().checked_add(TimeMs{duration->raw()}) : std::nullopt;
  if (!until)
    return fail("--for " + valid_for + " is no duration", "Write it as 12h or 30d; 0 is for ever",
                ExitCode::usage);
  return *until;
}

// Rows of member, units, content_hash, made contributions that nobody has signed yet.
Result<std::vector<ledger::Contribution>> read_contributions(const NodeClient& client, const CsvTable& table,
                                                             TimeMs until) {
  const auto members = members_in(client, table, 0);
  if (!members) return std::unexpected(members.error());
  std::vector<ledger::Contribution> out;
  OnceInList<Hash> contents("content hash", "; a content counts once");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const CsvRow& row = table.rows[i];
    const auto units = table.number(row, 1, "number of units");
    if (!units) return std::unexpected(units.error());
    if (*units == 0) return table.wrong(row.line, "a contribution is of one unit at least");
    const auto hash = table.hash(row, 2, "content hash");
    if (!hash) return std::unexpected(hash.error());
    if (const auto once = contents.add(table, row, *hash); !once) return std::unexpected(once.error());
    out.push_back({.member = (*members)[i],
                   .units = Units{*units},
                   .content_hash = *hash,
                   .attestor = {},
                   .valid_until = until,
                   .signature = {}});
  }
  return out;
}

Result<Attestations> prepare(const NodeClient& client, const AttestOptions& options) {
  const auto until = statement_until(options.valid_for);
  if (!until) return std::unexpected(until.error());
  const auto table = read_csv(options.file, {{"member"}, {"units"}, {"content_hash"}});
  if (!table) return std::unexpected(table.error());
  const auto share_class = find_class(client, options.share_class);
  if (!share_class) return std::unexpected(share_class.error());
  auto signing = client.signing();
  if (!signing) return std::unexpected(signing.error());
  auto contributions = read_contributions(client, *table, *until);
  if (!contributions) return std::unexpected(contributions.error());
  return Attestations{.signing = std::move(*signing),
                      .share_class = *share_class,
                      .contributions = std::move(*contributions)};
}

u64 units_of(const Attestations& attestations) {
  u64 sum = 0;
  for (const auto& one : attestations.contributions) sum += one.units.raw();
  return sum;
}

Result<void> run_attest(const Globals& globals, const AttestOptions& options) {
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  auto attestations = prepare(*client, options);
  if (!attestations) return std::unexpected(attestations.error());
  const auto attestor = acting_address(globals);
  if (!attestor) return std::unexpected(attestor.error());
  const u64 count = attestations->contributions.size();
  const std::string what = grouped(count) + " contributions of " + grouped(units_of(*attestations)) +
                           " units in class " + std::to_string(attestations->share_class.value);
  if (auto sure = confirm(globals, "Attest " + what + " to " + attestations->signing.organisation + "?");
      !sure)
    return sure;
  const auto key = signing_key(globals, *attestor);
  if (!key) return std::unexpected(key.error());
  Progress progress("Signing", count, {.lines = !globals.json});
  sign_contributions(*key, *attestations, [&](u64 done) { progress.set(done); });
  progress.finish();
  if (auto written = write_private_file(options.out, to_json_lines(*attestations), Existing::refuse);
      !written)
    return written;
  if (globals.json) {
    print_json(std::cout, boost::json::object{{"file", options.out},
                                              {"contributions", count},
                                              {"units", std::to_string(units_of(*attestations))},
                                              {"shareClass", std::to_string(attestations->share_class.value)},
                                              {"attestor", crypto::to_eip55(*attestor)}});
    return {};
  }
  std::cout << "Signed " << what << ".\nAnybody with an account can record them: moot record-contributions "
            << options.out << "\n";
  return {};
}

void add_attest(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<AttestOptions>();
  auto* command = app.add_subcommand("attest", "Attestors: sign what members contributed; sends nothing");
  command
      ->add_option(
          "FILE", options->file,
          "CSV with the columns member (number or address), units, content_hash (SHA-256, 0x and 64 digits)")
      ->required();
  command->add_option("--out", options->out, "The file of attestations to make")
      ->type_name("FILE")
      ->required();
  command->add_option("--class", options->share_class, "The class, by name or number")->type_name("CLASS");
  command->add_option("--for", options->valid_for, "How long they may wait to be recorded; 0 is for ever")
      ->type_name("TIME")
      ->capture_default_str();
  command->footer("Example: moot attest july.csv --class recordings --out july.jsonl --from attestor");
  command->callback([&globals, options] { globals.finish(run_attest(globals, *options)); });
}

// ---- record-contributions ----

struct RecordOptions {
  std::string file;
};

ledger::RecordContributions part_of(const Attestations& all, std::size_t begin, std::size_t end) {
  ledger::RecordContributions out{.share_class = all.share_class, .contributions = {}};
  out.contributions.assign(all.contributions.begin() + static_cast<std::ptrdiff_t>(begin),
                           all.contributions.begin() + static_cast<std::ptrdiff_t>(end));
  return out;
}

// Whether the ledger has recorded this content already; asked by a trial run of it alone.
Result<bool> is_recorded(const NodeClient& client, const Attestations& all, std::size_t index,
                         const ledger::Terms& terms) {
  const auto answer = simulate(client, {.payload = part_of(all, index, index + 1),
                                        .signer = terms.signer,
                                        .nonce = terms.nonce,
                                        .valid_until = terms.valid_until});
  if (!answer) return std::unexpected(answer.error());
  return answer->code() == static_cast<u32>(ledger::TxError::contribution_used);
}

// What a run that broke off has recorded is taken out, so that the same command goes on from there. Only a part in which
// the ledger finds a content that it has is looked through one by one.
Result<std::vector<std::size_t>> still_to_record(const NodeClient& client, const Attestations& all,
                                                 const ledger::Terms& terms) {
  std::vector<std::size_t> out;
  const std::size_t count = all.contributions.size();
  Progress progress("Looking for recorded ones", count);
  for (std::size_t begin = 0; begin < count; begin += kContributionsPerTransaction) {
    const std::size_t end = std::min(begin + kContributionsPerTransaction, count);
    const auto whole = simulate(client, {.payload = part_of(all, begin, end),
                                         .signer = terms.signer,
                                         .nonce = terms.nonce,
                                         .valid_until = terms.valid_until});
    if (!whole) return std::unexpected(whole.error());
    const bool some_used = whole->code() == static_cast<u32>(ledger::TxError::contribution_used);
    for (std::size_t i = begin; i < end; ++i) {
      const auto recorded = some_used ? is_recorded(client, all, i, terms) : Result<bool>(false);
      if (!recorded) return std::unexpected(recorded.error());
      if (!*recorded) out.push_back(i);
    }
    progress.set(end);
  }
  return out;
}

BulkRequest record_parts(const Attestations& all, const std::vector<std::size_t>& open,
                         const std::string& name) {
  BulkRequest bulk;
  for (std::size_t begin = 0; begin < open.size(); begin += kContributionsPerTransaction) {
    const std::size_t end = std::min(begin + kContributionsPerTransaction, open.size());
    ledger::RecordContributions part{.share_class = all.share_class, .contributions = {}};
    for (std::size_t i = begin; i < end; ++i) part.contributions.push_back(all.contributions[open[i]]);
    bulk.parts.push_back({.payload = std::move(part), .entries = end - begin});
  }
  bulk.label = "Recording";
  bulk.question = "Record " + grouped(open.size()) + " contributions in class " +
                  std::to_string(all.share_class.value) + "?";
  bulk.place = [&open, name](std::size_t part, u32 index) {
    const std::size_t at = part * kContributionsPerTransaction + index;
    return name + (at < open.size() ? " line " + std::to_string(open[at] + 2) : "");
  };
  return bulk;
}

Result<Attestations> read_attestations(const NodeClient& client, const std::string& path) {
  const auto text = read_text_file(path, kMaxAttestationsFile);
  if (!text) return std::unexpected(text.error());
  auto all = parse_attestations(std::filesystem::path(path).filename().string(), *text);
  if (!all) return std::unexpected(all.error());
  const auto signing = client.signing();
  if (!signing) return std::unexpected(signing.error());
  if (signing->ledger_id != all->signing.ledger_id || signing->organisation != all->signing.organisation)
    return fail(shown(path) + " was signed for " + all->signing.organisation + ", ledger 0x" +
                    to_hex(all->signing.ledger_id.view()) + ", which is not the node's",
                "Name the right node with --node");
  return all;
}

Result<void> run_record(const Globals& globals, const TxOptions& tx, const RecordOptions& options) {
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const auto all = read_attestations(*client, options.file);
  if (!all) return std::unexpected(all.error());
  const auto terms = terms_for(globals, tx, *client, std::nullopt);
  if (!terms) return std::unexpected(terms.error());
  const auto open = still_to_record(*client, *all, *terms);
  if (!open) return std::unexpected(open.error());
  const std::size_t before = all->contributions.size() - open->size();
  const BulkRequest bulk = record_parts(*all, *open, std::filesystem::path(options.file).filename().string());
  std::vector<BulkSent> done;
  if (!open->empty()) {
    auto sent = send_parts(globals, tx, *client, bulk);
    if (!sent) return std::unexpected(sent.error());
    if (tx.generate_only) return {};
    done = std::move(*sent);
  }
  if (globals.json) {
    boost::json::object out{{"recordedBefore", before}};
    add_sent(out, bulk, done);
    print_json(std::cout, out);
    return {};
  }
  if (before > 0) std::cout << grouped(before) << " of them were recorded before.\n";
  if (!done.empty()) print_facts(std::cout, sent_facts(bulk, done));
  return {};
}

void add_record(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<RecordOptions>();
  auto tx = std::make_shared<TxOptions>();
  auto* command = app.add_subcommand(
      "record-contributions", "Carry attested contributions to the ledger; anybody with an account may");
  command->add_option("FILE", options->file, "A file of `moot attest`")->required();
  add_tx_options(*command, *tx);
  command->footer(
      "What is recorded already is passed over: after a failure run the same command again.\n"
      "Example: moot record-contributions july.jsonl --from registrar");
  command->callback([&globals, options, tx] { globals.finish(run_record(globals, *tx, *options)); });
}

}  // namespace

void add_attestor_commands(CLI::App& app, Globals& globals) {
  add_attest(app, globals);
  add_record(app, globals);
}

}  // namespace moot::wallet
