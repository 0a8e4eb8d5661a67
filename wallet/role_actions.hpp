// Actions that m of n role holders agree to (rules.md §4), as the wallet sees them: read from a node, and judged without
// trusting it. The payload that a node shows is decoded here, and its key is computed here: an approval signs that key.
//
// Private to the wallet's source files, as node_client.hpp is.
#pragma once

#include "ledger/transaction.hpp"
#include "wallet/asset_book.hpp"
#include "wallet/node_client.hpp"
#include "wallet/tx_flow.hpp"

namespace CLI {
class App;
}

namespace moot::wallet {

// A role's payload from its message. Refuses kinds that no role decides, and fields that cannot be what they are.
Result<ledger::Payload> role_payload(const pb::Payload& message);

// An open action whose payload has been decoded and found to have the key that the node names.
struct CheckedAction {
  pb::OpenAction action;
  ledger::Payload payload;
  ActionKey key;  // computed here
};
// ExitCode::verification_failed when the node's key is not its payload's.
Result<CheckedAction> check_action(const pb::OpenAction& action);

Result<std::vector<pb::OpenAction>> list_actions(const NodeClient& client);
Result<CheckedAction> find_action(const NodeClient& client, u64 id);

// "2 of 3 approvals".
std::string approvals_text(const pb::OpenAction& action);

// --approval-for of every command whose transaction is an approval.
struct ApprovalOption {
  std::string approval_for;  // empty: as long as the ledger allows
};
void add_approval_option(CLI::App& command, ApprovalOption& option);
// When an approval given now expires; 0, the longest that is allowed, without the option.
Result<TimeMs> approval_expires(const ApprovalOption& option);

// For TxRequest::outcome: says that the payload ran (`done`), or that it waits for others as an action, and how they agree.
std::function<std::string(u64)> role_outcome(const NodeClient& client, const ledger::Payload& payload,
                                             std::string done);

}  // namespace moot::wallet
