// What registrars do beside admitting: grant, revoke-units, invite, recover-key.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "wallet/bulk.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/sending.hpp"
#include "wallet/files.hpp"
#include "wallet/inputs.hpp"
#include "wallet/invite_file.hpp"
#include "wallet/member_list.hpp"
#include "wallet/people.hpp"
#include "wallet/role_actions.hpp"

namespace moot::wallet {
namespace {

constexpr std::size_t kGrantsPerTransaction = 1'000;  // admissions_per_transaction bounds them too

// ---- grant ----

struct GrantOptions {
  std::string member;
  std::optional<u64> units;
  std::string file;
  std::string share_class;
  ApprovalOption approval;
};

// What is granted, and the line of each grant where a file named it.
struct Grants {
  std::string name;
  std::vector<ledger::Grant> list;
  std::vector<std::size_t> lines;
  u64 units = 0;
};

Result<Grants> grants_in_file(const NodeClient& client, const std::string& file) {
  const auto table = read_csv(file, {{"member"}, {"units"}});
  if (!table) return std::unexpected(table.error());
  const auto members = members_in(client, *table, 0);
  if (!members) return std::unexpected(members.error());
  Grants out{.name = table->name, .list = {}, .lines = {}};
  OnceInList<MemberId> once_each("member");
  for (std::size_t i = 0; i < members->size(); ++i) {
    const CsvRow& row = table->rows[i];
    const auto units = table->number(row, 1, "number of units");
    if (!units) return std::unexpected(units.error());
    if (*units == 0 || *units > ~u64{0} - out.units)
      return table->wrong(row.line, "a grant is of one unit at least, and all of them fit 2^64");
    if (const auto once = once_each.add(*table, row, (*members)[i]); !once)
      return std::unexpected(once.error());
    out.units += *units;
    out.list.push_back({.member = (*members)[i], .units = Units{*units}});
    out.lines.push_back(row.line);
  }
  return out;
}

Result<Grants> grants_of(const Globals& globals, const NodeClient& client, const GrantOptions& options) {
  if (!options.file.empty()) return grants_in_file(client, options.file);
  if (options.member.empty() || !options.units)
    return fail("it is not said who gets how many units", "Name MEMBER and UNITS, or a list with --csv",
                ExitCode::usage);
  const auto member = find_member(globals, client, options.member);
  if (!member) return std::unexpected(member.error());
  return Grants{.name = {},
                .list = {{.member = MemberId{member->id()}, .units = Units{*options.units}}},
                .lines = {},
                .units = *options.units};
}

BulkRequest grant_parts(const Grants& grants, ClassId share_class, TimeMs expires) {
  BulkRequest bulk;
  for (std::size_t begin = 0; begin < grants.list.size(); begin += kGrantsPerTransaction) {
    const std::size_t end = std::min(begin + kGrantsPerTransaction, grants.list.size());
    ledger::GrantUnits part{.share_class = share_class, .grants = {}, .expires = expires};
    part.grants.assign(grants.list.begin() + static_cast<std::ptrdiff_t>(begin),
                       grants.list.begin() + static_cast<std::ptrdiff_t>(end));
    bulk.parts.push_back({.payload = std::move(part), .entries = end - begin});
  }
  bulk.label = "Granting";
  bulk.question = "Grant " + grouped(grants.units) + " units of class " + std::to_string(share_class.value) +
                  " to " + grouped(grants.list.size()) + (grants.list.size() == 1 ? " member?" : " members?");
  bulk.place = [&grants](std::size_t part, u32 index) {
    const std::size_t at = part * kGrantsPerTransaction + index;
    return at < grants.lines.size() ? grants.name + " line " + std::to_string(grants.lines[at])
                                    : std::string("the grant");
  };
  return bulk;
}

Result<void> run_grant(const Globals& globals, const TxOptions& tx, const GrantOptions& options) {
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const auto share_class = find_class(*client, options.share_class);
  if (!share_class) return std::unexpected(share_class.error());
  const auto grants = grants_of(globals, *client, options);
  if (!grants) return std::unexpected(grants.error());
  const BulkRequest bulk = grant_parts(*grants, *share_class, *expires);
  const auto sent = send_parts(globals, tx, *client, bulk);
  if (!sent) return std::unexpected(sent.error());
  if (tx.generate_only) return {};
  if (globals.json) {
    boost::json::object out{{"units", std::to_string(grants->units)}};
    add_sent(out, bulk, *sent);
    print_json(std::cout, out);
  } else {
    print_facts(std::cout, sent_facts(bulk, *sent));
  }
  return {};
}

void add_grant(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<GrantOptions>();
  auto tx = std::make_shared<TxOptions>();
  auto* command =
      app.add_subcommand("grant", "Registrars: give members units of a class that needs no attestation");
  auto* member = command->add_option("MEMBER", options->member, "A member's number or address");
  auto* units = command->add_option("UNITS", options->units, "How many");
  command->add_option("--csv", options->file, "A list instead: columns member (number or address) and units")
      ->type_name("FILE")
      ->excludes(member, units);
  command->add_option("--class", options->share_class, "The class, by name or number")->type_name("CLASS");
  add_approval_option(*command, options->approval);
  add_tx_options(*command, *tx);
  command->footer(
      "Example: moot grant 12 5 --class recordings --from registrar\n"
      "         moot grant --csv units.csv --class recordings --from registrar");
  command->callback([&globals, options, tx] { globals.finish(run_grant(globals, *tx, *options)); });
}

// ---- revoke-units ----

struct RevokeOptions {
  std::string member;
  u64 units = 0;
  std::string share_class;
  std::string reason;
  ApprovalOption approval;
};

Result<TxRequest> revoke_request(const Sender& sender, const RevokeOptions& options) {
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const auto share_class = find_class(sender.client, options.share_class);
  if (!share_class) return std::unexpected(share_class.error());
  const auto member = find_member(sender.globals, sender.client, options.member);
  if (!member) return std::unexpected(member.error());
  const ledger::Payload payload = ledger::RevokeUnits{.share_class = *share_class,
                                                      .member = MemberId{member->id()},
                                                      .units = Units{options.units},
                                                      .reason = options.reason,
                                                      .expires = *expires};
  const std::string what = grouped(options.units) + " units of member " + std::to_string(member->id());
  return TxRequest{.payload = payload,
                   .question = "Take back " + what + "?",
                   .outcome = role_outcome(sender.client, payload, "Took back " + what + ".")};
}

void add_revoke(CLI::App& app, Globals& globals) {
  add_sending<RevokeOptions>(
      app, globals,
      {.name = "revoke-units",
       .about = "Registrars with an auditor: take units back, for later votes and payouts only",
       .example = "moot revoke-units 12 5 --class recordings --reason \"recorded twice\" --from registrar"},
      revoke_request, [](CLI::App& command, RevokeOptions& options) {
        command.add_option("MEMBER", options.member, "A member's number or address")->required();
        command.add_option("UNITS", options.units, "How many")->required();
        command.add_option("--class", options.share_class, "The class, by name or number")
            ->type_name("CLASS");
        command.add_option("--reason", options.reason, "Why, for everybody to read")
            ->type_name("TEXT")
            ->required();
        add_approval_option(command, options.approval);
      });
}

// ---- recover-key ----

struct RecoverOptions {
  std::string member;
  std::string new_address;
  std::string evidence_hash, evidence_file;
  ApprovalOption approval;
};

Result<TxRequest> recover_request(const Sender& sender, const RecoverOptions& options) {
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const auto member = find_member(sender.globals, sender.client, options.member);
  if (!member) return std::unexpected(member.error());
  const auto next = parse_party(sender.globals, options.new_address);
  if (!next) return std::unexpected(next.error());
  const auto evidence = hash_option(options.evidence_hash, options.evidence_file, "--evidence-hash");
  if (!evidence) return std::unexpected(evidence.error());
  const ledger::Payload payload = ledger::RecoverKey{.member = MemberId{member->id()},
                                                     .new_address = *next,
                                                     .evidence_hash = *evidence,
                                                     .expires = *expires};
  const std::string who = "member " + std::to_string(member->id());
  return TxRequest{
      .payload = payload,
      .question =
          "Begin to hand the membership and money of " + who + " to the key " + crypto::to_eip55(*next) + "?",
      .outcome = role_outcome(sender.client, payload,
                              "The recovery for " + who +
                                  " has begun. It completes after the ledger's delay, unless the old "
                                  "key sends anything but a ballot.")};
}

void add_recover(CLI::App& app, Globals& globals) {
  add_sending<RecoverOptions>(
      app, globals,
      {.name = "recover-key",
       .about = "Registrars: begin to give a member who lost the key a new one",
       .example = "moot recover-key 12 --new 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --evidence-file "
                  "id.pdf --from registrar"},
      recover_request, [](CLI::App& command, RecoverOptions& options) {
        command.add_option("MEMBER", options.member, "A member's number or address")->required();
        command.add_option("--new", options.new_address, "The new key's address")
            ->type_name("ADDRESS")
            ->required();
        auto* hash =
            command.add_option("--evidence-hash", options.evidence_hash, "SHA-256 of what was shown to you")
                ->type_name("0x…");
        command
            .add_option("--evidence-file", options.evidence_file, "The file itself; only its hash is sent")
            ->type_name("FILE")
            ->excludes(hash);
        add_approval_option(command, options.approval);
      });
}

// ---- invite ----

struct InviteOptions {
  std::string out;
  std::string valid_for = "30d";
  bool sign_elsewhere = false;
};

// By the key here, or by a wallet elsewhere that shows the typed data.
Result<crypto::Signature> sign_invite(const Globals& globals, const InviteOptions& options,
                                      const ledger::SigningContext& signing, const ledger::Invite& invite) {
  const Hash digest = ledger::statement_digest(signing, invite);
  if (options.sign_elsewhere)
    return pasted_signature(invite.registrar, digest,
                            ledger::typed_data_json(signing, ledger::signed_message(signing, invite)));
  const auto key = signing_key(globals, invite.registrar);
  if (!key) return std::unexpected(key.error());
  return crypto::sign(*key, digest);
}

Result<ledger::Invite> new_invite(const Globals& globals, const InviteOptions& options) {
  const auto registrar = acting_address(globals);
  if (!registrar) return std::unexpected(registrar.error());
  const auto duration = parse_duration(options.valid_for);
  if (!duration)
    return fail("--for " + options.valid_for + " is no duration", "Write it as 12h or 30d; 0 is for ever",
                ExitCode::usage);
  TimeMs until;
  if (!duration->is_zero()) {
    const auto end = SystemClock().now_ms().checked_add(TimeMs{duration->raw()});
    if (!end) return fail("--for " + options.valid_for + " is too long", "0 is for ever", ExitCode::usage);
    until = *end;
  }
  return ledger::Invite{.code = Hash{random_array<32>()}, .registrar = *registrar, .valid_until = until};
}

Result<void> run_invite(const Globals& globals, const InviteOptions& options) {
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const auto signing = client->signing();
  if (!signing) return std::unexpected(signing.error());
  const auto invite = new_invite(globals, options);
  if (!invite) return std::unexpected(invite.error());
  const auto signature = sign_invite(globals, options, *signing, *invite);
  if (!signature) return std::unexpected(signature.error());
  const InviteFile file{.signing = *signing, .invite = *invite, .signature = {signature->bytes}};
  if (options.out.empty()) {
    std::cout << to_json(file);
    return {};
  }
  if (auto written = write_private_file(options.out, to_json(file), Existing::refuse); !written)
    return written;
  if (globals.json) {
    print_json(std::cout,
               boost::json::object{{"file", options.out}, {"code", "0x" + to_hex(invite->code.view())}});
    return {};
  }
  print_facts(std::cout, {{"Invite", shown(options.out)},
                          {"Good until", limit_text(invite->valid_until)},
                          {"For", "one person, who joins with: moot join --invite " + options.out}});
  return {};
}

void add_invite(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<InviteOptions>();
  auto* command = app.add_subcommand("invite", "Registrars: sign an invite that one person can join with");
  command->add_option("--out", options->out, "A new file that only you can read; standard output without")
      ->type_name("FILE");
  command->add_option("--for", options->valid_for, "How long it is good; 0 is for ever")
      ->type_name("TIME")
      ->capture_default_str();
  command->add_flag("--sign-elsewhere", options->sign_elsewhere,
                    "Print the typed data for another wallet, and read its signature");
  command->footer(
      "Nothing is sent: the applicant's `moot join` carries the invite to the ledger.\n"
      "Example: moot invite --out invite-ada.json --from registrar");
  command->callback([&globals, options] { globals.finish(run_invite(globals, *options)); });
}

}  // namespace

void add_registrar_commands(CLI::App& app, Globals& globals) {
  add_admit_command(app, globals);
  add_grant(app, globals);
  add_revoke(app, globals);
  add_invite(app, globals);
  add_recover(app, globals);
}

}  // namespace moot::wallet
