// The commands of `moot`, one function for each group; commands.cpp puts them into the program in the order of its help.
#pragma once

namespace CLI {
class App;
}

namespace moot::wallet {

struct Globals;

void add_commands(CLI::App& app, Globals& globals);

void add_keys_commands(CLI::App& app, Globals& globals);  // keys.cpp
void add_member_commands(CLI::App& app,
                         Globals& globals);  // member.cpp: join, confirm, delegate, rotate-key, leave
void add_propose_commands(CLI::App& app, Globals& globals);  // propose.cpp
void add_vote_commands(CLI::App& app, Globals& globals);     // vote.cpp: vote, execute, cancel-proposal
void add_money_commands(CLI::App& app, Globals& globals);    // money.cpp: transfer, pay-sale, redeem, settle
void add_proposal_queries(CLI::App& app,
                          Globals& globals);  // proposals.cpp: proposals, tally, ballots, rules
void add_register_queries(CLI::App& app,
                          Globals& globals);  // registers.cpp: members, accounts, classes, roles, joins
void add_treasury_queries(CLI::App& app,
                          Globals& globals);  // treasury.cpp: balance, assets, sales, shares, redemptions
void add_event_commands(CLI::App& app, Globals& globals);    // events.cpp: status, history, watch
void add_offline_commands(CLI::App& app, Globals& globals);  // offline.cpp: sign, broadcast
void add_verify_commands(CLI::App& app, Globals& globals);   // offline.cpp: verify signature, verify receipt
void add_receipt_commands(CLI::App& app, Globals& globals);  // receipt.cpp
void add_registrar_commands(CLI::App& app,
                            Globals& globals);  // registrar.cpp: grant, revoke-units, invite, recover-key
void add_admit_command(CLI::App& app, Globals& globals);       // admit.cpp
void add_attestor_commands(CLI::App& app, Globals& globals);   // attestor.cpp: attest, record-contributions
void add_treasurer_commands(CLI::App& app, Globals& globals);  // treasurer.cpp: record-proceeds
void add_payout_commands(CLI::App& app,
                         Globals& globals);  // payout.cpp: payout preview, show, approve, pause, resume
void add_redemption_commands(CLI::App& app,
                             Globals& globals);              // redemptions.cpp: settle-redemptions
void add_auditor_commands(CLI::App& app, Globals& globals);  // auditor.cpp: attest-audit
void add_action_commands(
    CLI::App& app,
    Globals& globals);  // actions.cpp: actions, approve, revoke-approval, resign-role, guardian-cancel
void add_audit_commands(CLI::App& app, Globals& globals);    // audit.cpp
void add_genesis_commands(CLI::App& app, Globals& globals);  // genesis.cpp
void add_example_commands(CLI::App& app, Globals& globals);  // example.cpp

void add_verify_receipt(CLI::App& verify, Globals& globals);  // receipt.cpp, below `verify`

}  // namespace moot::wallet
