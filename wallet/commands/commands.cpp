#include "wallet/commands/commands.hpp"

namespace moot::wallet {

void add_commands(CLI::App& app, Globals& globals) {
  add_keys_commands(app, globals);
  add_member_commands(app, globals);
  add_propose_commands(app, globals);
  add_vote_commands(app, globals);
  add_money_commands(app, globals);
  add_registrar_commands(app, globals);
  add_attestor_commands(app, globals);
  add_treasurer_commands(app, globals);
  add_payout_commands(app, globals);
  add_redemption_commands(app, globals);
  add_auditor_commands(app, globals);
  add_action_commands(app, globals);
  add_proposal_queries(app, globals);
  add_register_queries(app, globals);
  add_treasury_queries(app, globals);
  add_event_commands(app, globals);
  add_offline_commands(app, globals);
  add_verify_commands(app, globals);
  add_receipt_commands(app, globals);
  add_audit_commands(app, globals);
  add_genesis_commands(app, globals);
  add_example_commands(app, globals);
}

}  // namespace moot::wallet
