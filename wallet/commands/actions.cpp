// Agreeing with others: actions, approve, revoke-approval; and what a holder does about the office itself: resign-role,
// guardian-cancel.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "wallet/asset_book.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/payout.hpp"
#include "wallet/commands/sending.hpp"
#include "wallet/inputs.hpp"
#include "wallet/payload_view.hpp"
#include "wallet/people.hpp"
#include "wallet/role_actions.hpp"

namespace moot::wallet {
namespace {

// ---- actions ----

std::string approvers(const pb::OpenAction& action) {
  std::string out;
  for (const auto& approval : action.approvals())
    out += (out.empty() ? "" : ", ") + crypto::to_eip55(address_in(approval.address())) +
           (approval.counts() ? "" : " (does not count)");
  return out.empty() ? "nobody" : out;
}

void print_action(const CheckedAction& checked, const AssetBook& assets) {
  const pb::OpenAction& action = checked.action;
  std::vector<Fact> facts{
      {"Action", std::to_string(action.id()) + ": " + std::string(word(ledger::kind_of(checked.payload)))}};
  for (auto& fact : payload_facts(checked.payload, assets)) facts.push_back(std::move(fact));
  facts.push_back({"opened", "block " + grouped(action.opened_height())});
  facts.push_back({"approvals", approvals_text(action) + ": " + approvers(action)});
  facts.push_back({"key", "0x" + to_hex(checked.key.view())});
  print_facts(std::cout, facts);
}

Result<void> run_actions(const Globals& globals) {
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const auto actions = list_actions(*client);
  if (!actions) return std::unexpected(actions.error());
  if (globals.json) {
    boost::json::array list;
    for (const auto& action : *actions) list.push_back(message_json(action));
    print_json(std::cout, boost::json::object{{"actions", std::move(list)}});
    return {};
  }
  const auto assets = AssetBook::load(*client);
  if (!assets) return std::unexpected(assets.error());
  if (actions->empty()) std::cout << "No action waits for approvals.\n";
  const char* separator = "";
  for (const auto& action : *actions) {
    const auto checked = check_action(action);
    if (!checked) return std::unexpected(checked.error());
    std::cout << separator;
    print_action(*checked, *assets);
    separator = "\n";
  }
  return {};
}

// ---- approve ----

struct ApproveOptions {
  u64 action = 0;
  ApprovalOption approval;
};

// Shows what the action does; for a payout, computes it first, so that nobody approves a digest on trust.
Result<void> show_action(const Sender& sender, const CheckedAction& checked) {
  if (const auto* payout = std::get_if<ledger::ApprovePayout>(&checked.payload)) {
    const auto computed = fetch_and_check(sender.client, payout->payout);
    if (!computed) return std::unexpected(computed.error());
    if (computed->computed.digest != payout->payout_digest)
      return fail("the action approves another payout than the one that this wallet computes",
                  "Do not approve it; find out who opened it", ExitCode::verification_failed);
    if (!sender.globals.json) print_preview(std::cerr, computed->sale, computed->preview);
  }
  if (sender.globals.json) return {};
  const auto assets = AssetBook::load(sender.client);
  if (!assets) return std::unexpected(assets.error());
  std::cerr << "Action " << checked.action.id() << " does: " << word(ledger::kind_of(checked.payload))
            << "\n";
  print_facts(std::cerr, payload_facts(checked.payload, *assets));
  std::cerr << approvals_text(checked.action) << ": " << approvers(checked.action) << "\n" << std::endl;
  return {};
}

Result<TxRequest> approve_request(const Sender& sender, const ApproveOptions& options) {
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const auto checked = find_action(sender.client, options.action);
  if (!checked) return std::unexpected(checked.error());
  if (auto shown = show_action(sender, *checked); !shown) return std::unexpected(shown.error());
  const std::string what = "action " + std::to_string(options.action) + " (" +
                           std::string(word(ledger::kind_of(checked->payload))) + ")";
  return TxRequest{
      .payload = ledger::ApproveAction{.action = options.action, .key = checked->key, .expires = *expires},
      .question = "Approve " + what + "?",
      .outcome = role_outcome(sender.client, checked->payload,
                              "It was the last approval needed: " + what + " is done.")};
}

// ---- revoke-approval, resign-role, guardian-cancel ----

Result<TxRequest> revoke_request(const Sender&, const NumberOption& options) {
  const std::string id = std::to_string(options.number);
  return TxRequest{.payload = ledger::RevokeApproval{.action = options.number},
                   .question = {},
                   .outcome = [id](u64) { return "You approve action " + id + " no longer."; }};
}

struct ResignOptions {
  std::string role;
};

Result<TxRequest> resign_request(const Sender&, const ResignOptions& options) {
  const auto role = ledger::parse_role(options.role);
  if (!role)
    return fail(options.role + " is no role",
                "Roles are registrar, attestor, treasurer, auditor, guardian and validator", ExitCode::usage);
  const std::string name = options.role;
  return TxRequest{.payload = ledger::ResignRole{.role = *role},
                   .question = "Give up the role of " + name + "? Only a proposal can give it back.",
                   .outcome = [name](u64) { return "You are " + name + " no longer."; }};
}

struct GuardianOptions {
  u64 proposal = 0;
  std::string reason;
  ApprovalOption approval;
};

Result<TxRequest> guardian_request(const Sender& sender, const GuardianOptions& options) {
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const ledger::Payload payload = ledger::GuardianCancel{
      .proposal = ProposalId{options.proposal}, .reason = options.reason, .expires = *expires};
  const std::string what = "proposal " + std::to_string(options.proposal);
  return TxRequest{.payload = payload,
                   .question = "Cancel " + what + ", which members have passed?",
                   .outcome = role_outcome(sender.client, payload, "Canceled " + what + ".")};
}

}  // namespace

void add_action_commands(CLI::App& app, Globals& globals) {
  auto* actions = app.add_subcommand("actions", "What waits for the approval of role holders");
  actions->footer("Example: moot actions");
  actions->callback([&globals] { globals.finish(run_actions(globals)); });
  add_sending<ApproveOptions>(
      app, globals,
      {.name = "approve",
       .about = "Role holders: look at an action that waits, and agree to it",
       .example = "moot approve 4 --from treasurer2"},
      approve_request, [](CLI::App& command, ApproveOptions& options) {
        command.add_option("ACTION", options.action, "Its number, as `moot actions` shows it")->required();
        add_approval_option(command, options.approval);
      });
  add_sending_of_number(app, globals,
                        {.name = "revoke-approval",
                         .about = "Role holders: take an approval back while the action waits",
                         .example = "moot revoke-approval 4 --from treasurer2"},
                        "ACTION", revoke_request);
  add_sending<ResignOptions>(app, globals,
                             {.name = "resign-role",
                              .about = "Role holders: give up a role",
                              .example = "moot resign-role auditor --from auditor"},
                             resign_request, [](CLI::App& command, ResignOptions& options) {
                               command.add_option("ROLE", options.role, "Which")->required();
                             });
  add_sending<GuardianOptions>(
      app, globals,
      {.name = "guardian-cancel",
       .about = "Guardians: cancel a proposal that has passed and waits to be executed",
       .example = "moot guardian-cancel 7 --reason \"the buyer's address was stolen\" --from guardian"},
      guardian_request, [](CLI::App& command, GuardianOptions& options) {
        command.add_option("PROPOSAL", options.proposal, "Its number")->required();
        command.add_option("--reason", options.reason, "Why, for everybody to read")
            ->type_name("TEXT")
            ->required();
        add_approval_option(command, options.approval);
      });
}

}  // namespace moot::wallet
