// Reading who belongs and who may what: members, accounts, classes, roles, people who ask to join.
#include "wallet/commands/asking.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/inputs.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

std::string address_text(const std::string& bytes) { return crypto::to_eip55(address_in(bytes)); }

// ---- members ----

struct MemberOptions {
  std::string member;
  u64 height = 0;
};

void show_member(const pb::GetMemberResponse& answer, const AssetBook& assets) {
  print_facts(std::cout, message_facts(answer.member(), assets));
}

Result<void> ask_member(const Asker& asker, const MemberOptions& options) {
  pb::GetMemberRequest request;
  auto who = member_name(asker.globals, options.member);
  if (!who) return std::unexpected(who.error());
  *request.mutable_member() = std::move(*who);
  request.set_at_height(options.height);
  return print_answer(
      asker, asker.client.call(&pb::GovernanceService::Stub::GetMember, asker.client.governance(), request),
      show_member);
}

struct MembersOptions : ListOptions {
  u64 height = 0;
  bool active = false;
};

void show_members(const pb::ListMembersResponse& answer, const AssetBook&) {
  Table table({{"ID", Align::right},
               {"ADDRESS"},
               {"STATUS"},
               {"UNITS", Align::right},
               {"DELEGATE", Align::right},
               {"SINCE BLOCK", Align::right}});
  for (const auto& one : answer.members()) {
    std::string units;
    for (const auto& holding : one.holdings())
      units += (units.empty() ? "" : ", ") + grouped(holding.units()) +
               (one.holdings_size() > 1 ? " of class " + std::to_string(holding.share_class()) : "");
    table.add_row({std::to_string(one.id()), address_text(one.address()), enum_text(one.status()),
                   units.empty() ? "0" : units, one.has_delegate() ? std::to_string(one.delegate()) : "-",
                   grouped(one.joined_height())});
  }
  print_listing(table, answer, "There are no such members.");
  std::cout << grouped(answer.total_members()) << " members, " << grouped(answer.active_members())
            << " active.\n";
}

Result<void> ask_members(const Asker& asker, const MembersOptions& options) {
  pb::ListMembersRequest request;
  request.set_at_height(options.height);
  if (options.active) request.set_status(pb::MEMBER_STATUS_ACTIVE);
  return print_answer(asker,
                      all_pages(asker.client, &pb::GovernanceService::Stub::ListMembers,
                                asker.client.governance(), request, options.limit),
                      show_members);
}

// ---- accounts ----

struct AccountOptions {
  std::string account;
};

void show_account(const pb::GetAccountResponse& answer, const AssetBook& assets) {
  auto facts = message_facts(answer.account(), assets);
  std::string roles;
  for (const int role : answer.roles())
    roles += (roles.empty() ? "" : ", ") + enum_text(static_cast<pb::Role>(role));
  if (!roles.empty()) facts.push_back({"roles", roles});
  print_facts(std::cout, facts);
}

Result<void> ask_account(const Asker& asker, const AccountOptions& options) {
  pb::GetAccountRequest request;
  if (const auto number = parse_number(options.account)) {
    request.set_account(*number);
  } else {
    const auto address =
        options.account.empty() ? acting_address(asker.globals) : parse_party(asker.globals, options.account);
    if (!address) return std::unexpected(address.error());
    request.set_address(as_string(address->view()));
  }
  return print_answer(
      asker, asker.client.call(&pb::GovernanceService::Stub::GetAccount, asker.client.governance(), request),
      show_account);
}

// ---- classes, roles, joins ----

void show_classes(const pb::ListShareClassesResponse& answer, const AssetBook&) {
  Table table({{"ID", Align::right},
               {"NAME"},
               {"UNITS COME"},
               {"UNITS", Align::right},
               {"OF ACTIVE", Align::right},
               {"PAYOUTS", Align::right}});
  for (const auto& one : answer.share_classes())
    table.add_row({std::to_string(one.id()), one.name(),
                   one.attested_only() ? "by attestation" : "by grant too", grouped(one.total_units()),
                   grouped(one.active_units()), std::to_string(one.payouts_size())});
  print_listing(table, answer, "There are no share classes.");
}

Result<void> ask_classes(const Asker& asker, const ListOptions& options) {
  return print_answer(asker,
                      all_pages(asker.client, &pb::GovernanceService::Stub::ListShareClasses,
                                asker.client.governance(), pb::ListShareClassesRequest{}, options.limit),
                      show_classes);
}

void show_roles(const pb::ListRolesResponse& answer, const AssetBook&) {
  Table table({{"ROLE"}, {"MUST AGREE"}, {"HOLDER"}, {"UNTIL"}});
  for (const auto& role : answer.roles()) {
    const std::string need = std::to_string(role.threshold()) + " of " + std::to_string(role.holders_size());
    if (role.holders().empty()) table.add_row({enum_text(role.role()), need, "-", "-"});
    for (const auto& holder : role.holders())
      table.add_row({enum_text(role.role()), need, address_text(holder.address()),
                     holder.expired() ? "ended" : time_text(TimeMs{holder.expires_ms()})});
    for (const auto& one : role.thresholds())
      table.add_row(
          {enum_text(role.role()), std::to_string(one.threshold()) + " for " + one.tx_name(), "", ""});
  }
  table.print(std::cout);
}

Result<void> ask_roles(const Asker& asker, const NoOptions&) {
  return print_answer(asker,
                      asker.client.call(&pb::GovernanceService::Stub::ListRoles, asker.client.governance(),
                                        pb::ListRolesRequest{}),
                      show_roles);
}

void show_joins(const pb::ListPendingJoinsResponse& answer, const AssetBook&) {
  Table table({{"ADDRESS"}, {"ASKED IN BLOCK", Align::right}, {"CONSENT"}});
  for (const auto& one : answer.joins())
    table.add_row({address_text(one.address()), grouped(one.asked_height()),
                   "0x" + to_hex(as_bytes(one.consent_hash()))});
  print_listing(table, answer, "Nobody asks to join.");
}

Result<void> ask_joins(const Asker& asker, const ListOptions& options) {
  return print_answer(asker,
                      all_pages(asker.client, &pb::GovernanceService::Stub::ListPendingJoins,
                                asker.client.governance(), pb::ListPendingJoinsRequest{}, options.limit),
                      show_joins);
}

void add_people(CLI::App& app, Globals& globals) {
  add_asking<MemberOptions>(
      app, globals,
      {.name = "member", .about = "A member: units, delegate, standing", .example = "moot member 12"},
      ask_member, [](CLI::App& command, MemberOptions& options) {
        command.add_option("MEMBER", options.member, "A number, an address or a key's name; you without");
        command.add_option("--at-height", options.height, "As it stood after that block")
            ->type_name("HEIGHT");
      });
  add_asking<MembersOptions>(
      app, globals,
      {.name = "members", .about = "Members, by number", .example = "moot members --limit 0 --json"},
      ask_members, [](CLI::App& command, MembersOptions& options) {
        command.add_flag("--active", options.active, "Only active ones");
        command.add_option("--at-height", options.height, "As they stood after that block")
            ->type_name("HEIGHT");
        add_limit(command, options);
      });
  add_asking<AccountOptions>(app, globals,
                             {.name = "account",
                              .about = "An account: nonce, balances, roles",
                              .example = "moot account 0x7099…79C8"},
                             ask_account, [](CLI::App& command, AccountOptions& options) {
                               command.add_option("ACCOUNT", options.account,
                                                  "An address, a key's name or a number; yours without");
                             });
}

}  // namespace

void add_register_queries(CLI::App& app, Globals& globals) {
  add_people(app, globals);
  add_asking<ListOptions>(app, globals,
                          {.name = "classes", .about = "Share classes", .example = "moot classes"},
                          ask_classes, add_limit);
  add_asking<NoOptions>(
      app, globals,
      {.name = "roles", .about = "Who holds which role, and how many must agree", .example = "moot roles"},
      ask_roles, [](CLI::App&, NoOptions&) {});
  add_asking<ListOptions>(app, globals,
                          {.name = "joins", .about = "People who ask to join", .example = "moot joins"},
                          ask_joins, add_limit);
}

}  // namespace moot::wallet
