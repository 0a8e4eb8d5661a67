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
                          Globals& globals);  // registers.cpp: members, accounts, classes, roles, actions
void add_treasury_queries(CLI::App& app, Globals& globals);  // treasury.cpp: balance, assets, sales, payouts
void add_event_commands(CLI::App& app, Globals& globals);    // events.cpp: status, history, watch
void add_offline_commands(CLI::App& app, Globals& globals);  // offline.cpp: sign, broadcast
void add_verify_commands(CLI::App& app, Globals& globals);   // offline.cpp: verify signature, verify receipt
void add_receipt_commands(CLI::App& app, Globals& globals);  // receipt.cpp
void add_audit_commands(CLI::App& app, Globals& globals);    // audit.cpp
void add_example_commands(CLI::App& app, Globals& globals);  // example.cpp

void add_verify_receipt(CLI::App& verify, Globals& globals);  // receipt.cpp, below `verify`

}  // namespace moot::wallet
