// moot admit: members from a list, thousands at once.
//
// The list is cut at fixed places, so that registrars who must agree and run the same command on the same file propose the
// same actions, whatever was admitted in between.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "wallet/admissions.hpp"
#include "wallet/bulk.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/member_list.hpp"
#include "wallet/people.hpp"
#include "wallet/role_actions.hpp"

namespace moot::wallet {
namespace {

struct AdmitOptions {
  std::string file;
  std::string share_class;
  u64 per_transaction = kAdmissionsPerTransaction;
  bool dry_run = false;
  ApprovalOption approval;
};

// What is left of a file once everybody who belongs already, and every part that was approved before, is taken out.
struct Work {
  BulkRequest bulk;
  std::vector<std::vector<std::size_t>> lines;  // of each part's entries
  u64 units = 0;
  u64 entries = 0;
  u64 already_members = 0;
  u64 already_approved = 0;
};

// Actions that wait for others although this account has agreed.
Result<std::vector<ActionKey>> approved_before(const NodeClient& client, const Address& account) {
  const auto actions = list_actions(client);
  if (!actions) return std::unexpected(actions.error());
  std::vector<ActionKey> out;
  for (const auto& action : *actions)
    for (const auto& approval : action.approvals())
      if (approval.counts() && address_in(approval.address()) == account)
        out.push_back(hash_in(action.key()).as<ActionKey>());
  return out;
}

struct Cut {
  ClassId share_class;
  TimeMs expires;
  std::size_t per_transaction;
};

Result<Work> plan(const NodeClient& client, const std::vector<AdmissionRow>& rows, const Cut& cut,
                  const Address& sender) {
  std::vector<Address> addresses;
  for (const auto& row : rows) addresses.push_back(row.admission.address);
  const auto known = look_up_members(client, addresses);
  if (!known) return std::unexpected(known.error());
  const auto approved = approved_before(client, sender);
  if (!approved) return std::unexpected(approved.error());
  Work work;
  for (std::size_t begin = 0; begin < rows.size(); begin += cut.per_transaction) {
    ledger::AdmitMembers part{.share_class = cut.share_class, .members = {}, .expires = cut.expires};
    std::vector<std::size_t> lines;
    u64 units = 0;
    for (std::size_t i = begin; i < std::min(begin + cut.per_transaction, rows.size()); ++i) {
      const auto member = known->find(rows[i].admission.address);
      if (member != known->end() && member->second.belongs()) {
        ++work.already_members;
        continue;
      }
      units += rows[i].admission.units.raw();
      part.members.push_back(rows[i].admission);
      lines.push_back(rows[i].line);
    }
    if (part.members.empty()) continue;
    if (std::ranges::count(*approved, ledger::action_key(part)) != 0) {
      work.already_approved += part.members.size();
      continue;
    }
    work.units += units;
    work.entries += part.members.size();
    work.bulk.parts.push_back({.payload = part, .entries = part.members.size()});
    work.lines.push_back(std::move(lines));
  }
  return work;
}

void print_plan(const Globals& globals, const AdmitOptions& options, const Work& work, ClassId share_class) {
  if (globals.json) return;
  print_facts(std::cerr, {{"List", options.file},
                          {"To admit", grouped(work.entries)},
                          {"Members already", grouped(work.already_members)},
                          {"Approved by you already", grouped(work.already_approved)},
                          {"Class", std::to_string(share_class.value)},
                          {"Units", grouped(work.units)},
                          {"Transactions", grouped(work.bulk.parts.size())}});
  std::cerr << std::endl;
}

void print_result(const Globals& globals, const AdmitOptions& options, const Work& work,
                  const std::vector<BulkSent>& sent) {
  if (globals.json) {
    boost::json::object out{{"toAdmit", work.entries},
                            {"membersAlready", work.already_members},
                            {"approvedAlready", work.already_approved},
                            {"units", std::to_string(work.units)},
                            {"dryRun", options.dry_run}};
    add_sent(out, work.bulk, sent);
    return print_json(std::cout, out);
  }
  if (options.dry_run) {
    std::cout << "Nothing was sent. The ledger would take each of these transactions as it stands.\n";
    return;
  }
  if (work.bulk.parts.empty()) {
    std::cout << "Nothing is left to do.\n";
    return;
  }
  print_facts(std::cout, sent_facts(work.bulk, sent));
}

Result<void> run_admit(const Globals& globals, const TxOptions& tx, const AdmitOptions& options) {
  const auto table = read_csv(options.file, {{"address"}, {"units", false}, {"consent_hash", false}});
  if (!table) return std::unexpected(table.error());
  const auto rows = read_admissions(*table);
  if (!rows) return std::unexpected(rows.error());
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const auto share_class = find_class(*client, options.share_class);
  if (!share_class) return std::unexpected(share_class.error());
  const auto sender = acting_address(globals);
  if (!sender) return std::unexpected(sender.error());
  auto work =
      plan(*client, *rows,
           {.share_class = *share_class, .expires = *expires, .per_transaction = options.per_transaction},
           *sender);
  if (!work) return std::unexpected(work.error());
  print_plan(globals, options, *work, *share_class);
  std::vector<BulkSent> done;
  if (!work->bulk.parts.empty()) {
    work->bulk.label = options.dry_run ? "Trying" : "Admitting";
    work->bulk.dry_run = options.dry_run;
    work->bulk.question =
        "Admit " + grouped(work->entries) + " members with " + grouped(work->units) + " units in all?";
    work->bulk.place = [&](std::size_t part, u32 index) {
      const auto& lines = work->lines[part];
      return table->name + (index < lines.size() ? " line " + std::to_string(lines[index]) : "");
    };
    auto sent = send_parts(globals, tx, *client, work->bulk);
    if (!sent) return std::unexpected(sent.error());
    if (tx.generate_only) return {};
    done = std::move(*sent);
  }
  print_result(globals, options, *work, done);
  return {};
}

}  // namespace

void add_admit_command(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<AdmitOptions>();
  auto tx = std::make_shared<TxOptions>();
  auto* command = app.add_subcommand("admit", "Registrars: admit the members of a list");
  command
      ->add_option("FILE", options->file,
                   "CSV with the columns address, units, consent_hash; the last two may be left out")
      ->required();
  command->add_option("--class", options->share_class, "The class of the units, by name or number")
      ->type_name("CLASS");
  command->add_option("--per-transaction", options->per_transaction, "Members in one transaction")
      ->check(CLI::Range(u64{1}, u64{kAdmissionsPerTransaction}).description(""))
      ->type_name("COUNT")
      ->capture_default_str();
  command->add_flag("--dry-run", options->dry_run, "Check the list against the ledger, and send nothing");
  add_approval_option(*command, options->approval);
  add_tx_options(*command, *tx);
  command->footer(
      "Whoever is a member already is passed over: after a failure run the same command again.\n"
      "Example: moot admit members.csv --class recordings --from registrar");
  command->callback([&globals, options, tx] { globals.finish(run_admit(globals, *tx, *options)); });
}

}  // namespace moot::wallet
