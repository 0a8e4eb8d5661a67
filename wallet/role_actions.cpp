#include "wallet/role_actions.hpp"

#include <CLI/CLI.hpp>

#include "base/clock.hpp"
#include "wallet/inputs.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

constexpr int kPage = 1'000;

std::string waiting_text(const pb::OpenAction& action) {
  const std::string id = std::to_string(action.id());
  return "This waits as action " + id + ": " + approvals_text(action) + ". Others agree with `moot approve " +
         id + "`.";
}

}  // namespace

Result<CheckedAction> check_action(const pb::OpenAction& action) {
  auto payload = role_payload(action.payload());
  if (!payload) return std::unexpected(payload.error());
  const ActionKey key = ledger::action_key(*payload);
  if (key != hash_in(action.key()).as<ActionKey>())
    return fail(
        "the node shows action " + std::to_string(action.id()) + " with a key that is not its payload's",
        "Do not approve it; ask another node", ExitCode::verification_failed);
  return CheckedAction{.action = action, .payload = std::move(*payload), .key = key};
}

Result<std::vector<pb::OpenAction>> list_actions(const NodeClient& client) {
  std::vector<pb::OpenAction> actions;
  pb::ListActionsRequest request;
  request.set_page_size(kPage);
  do {
    const auto page = client.call(&pb::GovernanceService::Stub::ListActions, client.governance(), request);
    if (!page) return std::unexpected(page.error());
    actions.insert(actions.end(), page->actions().begin(), page->actions().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return actions;
}

Result<CheckedAction> find_action(const NodeClient& client, u64 id) {
  const auto actions = list_actions(client);
  if (!actions) return std::unexpected(actions.error());
  for (const auto& action : *actions)
    if (action.id() == id) return check_action(action);
  return fail("there is no open action " + std::to_string(id), "`moot actions` shows those that wait");
}

std::string approvals_text(const pb::OpenAction& action) {
  return std::to_string(action.counting()) + " of " + std::to_string(action.needed()) + " approvals";
}

void add_approval_option(CLI::App& command, ApprovalOption& option) {
  command
      .add_option(
          "--approval-for", option.approval_for,
          "How long this approval counts while others are waited for: 12h, 7d (default: the longest allowed)")
      ->type_name("TIME");
}

Result<TimeMs> approval_expires(const ApprovalOption& option) {
  if (option.approval_for.empty()) return TimeMs{};
  const auto duration = parse_duration(option.approval_for);
  const auto until = duration && !duration->is_zero()
                         ? SystemClock().now_ms().checked_add(TimeMs{duration->raw()})
                         : std::nullopt;
  if (!until)
    return fail("--approval-for " + option.approval_for + " is no duration", "Write it as 12h or 7d",
                ExitCode::usage);
  return *until;
}

std::function<std::string(u64)> role_outcome(const NodeClient& client, const ledger::Payload& payload,
                                             std::string done) {
  return [&client, key = ledger::action_key(payload), done = std::move(done)](u64) -> std::string {
    const auto actions = list_actions(client);
    if (!actions) return "It is on the ledger; `moot actions` shows whether it waits for others.";
    for (const auto& action : *actions)
      if (hash_in(action.key()).as<ActionKey>() == key) return waiting_text(action);
    return done;
  };
}

}  // namespace moot::wallet
