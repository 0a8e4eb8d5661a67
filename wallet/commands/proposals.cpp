// Reading what is decided: proposals, a proposal whole, its tally, its ballots; policies and parameters.
#include "wallet/commands/asking.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/inputs.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

std::string when(u64 ms) { return time_text(TimeMs{ms}); }

// "62.5% (5 of 8)", rounded down to a tenth.
std::string part_of(u64 part, u64 whole) {
  if (whole == 0) return grouped(part);
  const u128 tenths = u128{part} * 1'000 / whole;
  return grouped(part) + " (" + std::to_string(static_cast<u64>(tenths / 10)) + "." +
         std::to_string(static_cast<u64>(tenths % 10)) + "%)";
}

// ---- proposals ----

struct ProposalsOptions : ListOptions {
  std::string state;
  std::string kind;
};

Result<void> add_filters(const ProposalsOptions& options, pb::ListProposalsRequest& request) {
  if (!options.state.empty()) {
    for (int number = 1; number < pb::ProposalState_ARRAYSIZE; ++number) {
      std::string word = enum_text(static_cast<pb::ProposalState>(number));
      word[0] = static_cast<char>(word[0] - 'A' + 'a');
      if (word == options.state) request.add_states(static_cast<pb::ProposalState>(number));
    }
    if (request.states().empty())
      return fail("\"" + options.state + "\" is no state of a proposal",
                  "Write pending, active, defeated, succeeded, queued, executed, expired or canceled",
                  ExitCode::usage);
  }
  if (!options.kind.empty()) {
    const auto kind = ledger::parse_proposal_kind(options.kind);
    if (!kind)
      return fail("\"" + options.kind + "\" is no kind of proposal", "`moot policies` names them",
                  ExitCode::usage);
    request.set_kind(static_cast<pb::ProposalKind>(static_cast<int>(*kind) + 1));
  }
  return {};
}

void show_proposals(const pb::ListProposalsResponse& answer, const AssetBook&) {
  Table table({{"ID", Align::right},
               {"KIND"},
               {"STATE"},
               {"FOR", Align::right},
               {"AGAINST", Align::right},
               {"CAST", Align::right},
               {"OF", Align::right},
               {"DEADLINE"},
               {"TITLE"}});
  for (const auto& one : answer.proposals()) {
    const auto& counts = one.tally().counts();
    table.add_row({std::to_string(one.id()), enum_text(one.kind()), enum_text(one.state()),
                   grouped(counts.in_favour()), grouped(counts.against() + counts.veto()),
                   grouped(counts.cast()), grouped(one.tally().electorate()), when(one.deadline_ms()),
                   one.title()});
  }
  print_listing(table, answer, "There are no such proposals.");
}

Result<void> ask_proposals(const Asker& asker, const ProposalsOptions& options) {
  pb::ListProposalsRequest request;
  if (auto filtered = add_filters(options, request); !filtered) return filtered;
  return print_answer(asker,
                      all_pages(asker.client, &pb::GovernanceService::Stub::ListProposals,
                                asker.client.governance(), request, options.limit),
                      show_proposals);
}

// ---- one proposal ----

std::vector<Fact> tally_facts(const pb::Tally& tally) {
  const auto& counts = tally.counts();
  std::vector<Fact> facts{{"For", part_of(counts.in_favour(), tally.electorate())},
                          {"Against", part_of(counts.against(), tally.electorate())},
                          {"Abstain", part_of(counts.abstain(), tally.electorate())}};
  if (counts.veto() > 0) facts.push_back({"Veto", part_of(counts.veto(), tally.electorate())});
  facts.push_back(
      {"Cast", part_of(counts.cast(), tally.electorate()) + " by " + grouped(tally.ballots()) + " ballots"});
  facts.push_back({"Electorate", grouped(tally.electorate())});
  facts.push_back({"Quorum", grouped(tally.quorum_needed())});
  if (tally.approval_needed() > 0) facts.push_back({"For needed", grouped(tally.approval_needed())});
  return facts;
}

// What stands between an open vote and passing.
std::string outlook(const pb::Tally& tally) {
  if (tally.would_pass()) return "would pass";
  if (tally.cannot_pass()) return "cannot pass any more";
  std::string out = "would fail:";
  for (const int reason : tally.failing())
    out += " " + enum_text(static_cast<pb::DefeatReason>(reason)) + ",";
  return out + " " + grouped(tally.further_for_needed()) + " further For needed";
}

bool is_open(pb::ProposalState state) {
  return state == pb::PROPOSAL_STATE_ACTIVE || state == pb::PROPOSAL_STATE_PENDING;
}

std::vector<Fact> course_facts(const pb::Proposal& one) {
  std::vector<Fact> facts{{"Opens", when(one.opens_at_ms())}, {"Deadline", when(one.deadline_ms())}};
  std::string moved;
  if (one.quorum_extended()) moved += " late quorum";
  if (one.flip_extended()) moved += " late change";
  if (one.outage_extended()) moved += " outage";
  if (!moved.empty()) facts.push_back({"Moved", "from " + when(one.first_deadline_ms()) + ":" + moved});
  if (one.closed_at_ms() != 0) facts.push_back({"Closed", when(one.closed_at_ms())});
  std::string defeat;
  for (const int reason : one.defeat())
    defeat += (defeat.empty() ? "" : ", ") + enum_text(static_cast<pb::DefeatReason>(reason));
  if (!defeat.empty()) facts.push_back({"Failed", defeat});
  if (one.state() == pb::PROPOSAL_STATE_QUEUED || one.state() == pb::PROPOSAL_STATE_SUCCEEDED)
    facts.push_back({"Executes", when(one.eta_ms()) + ", at the latest " + when(one.window_end_ms())});
  if (!one.failure().empty())
    facts.push_back({"Attempt", "failed at height " + grouped(one.failure_height()) + ": " + one.failure()});
  if (one.executed_height() != 0) facts.push_back({"Executed", "in block " + grouped(one.executed_height())});
  return facts;
}

void show_proposal(const pb::GetProposalResponse& answer, const AssetBook& assets) {
  const auto& one = answer.proposal();
  std::vector<Fact> facts{
      {"Proposal", std::to_string(one.id()) + ": " + one.title()},
      {"Kind", enum_text(one.kind())},
      {"State", enum_text(one.state())},
      {"Proposer", "member " + std::to_string(one.proposer()) + ", " +
                       crypto::to_eip55(address_in(one.proposer_address()))},
      {"Votes weigh", one.by_units() ? "units of class " + std::to_string(one.basis_class()) : "one each"},
      {"Electorate of", "height " + grouped(one.record_height())}};
  for (auto& fact : course_facts(one)) facts.push_back(std::move(fact));
  for (auto& fact : tally_facts(one.tally())) facts.push_back(std::move(fact));
  if (is_open(one.state())) facts.push_back({"Now", outlook(one.tally())});
  facts.push_back({"Hash", "0x" + to_hex(as_bytes(one.proposal_hash()))});
  print_facts(std::cout, facts);
  for (const auto& action : one.actions()) {
    std::cout << '\n';
    print_facts(std::cout, message_facts(action, assets));
  }
  if (one.body().empty()) return;
  std::cout << '\n';
  for (std::size_t at = 0; at <= one.body().size();) {  // line by line: printable() takes line ends away
    const std::size_t end = std::min(one.body().find('\n', at), one.body().size());
    std::cout << printable(std::string_view(one.body()).substr(at, end - at)) << '\n';
    at = end + 1;
  }
}

Result<void> ask_proposal(const Asker& asker, const NumberOption& options) {
  pb::GetProposalRequest request;
  request.set_proposal(options.number);
  return print_answer(
      asker, asker.client.call(&pb::GovernanceService::Stub::GetProposal, asker.client.governance(), request),
      show_proposal);
}

void show_tally(const pb::GetTallyResponse& answer, const AssetBook&) {
  std::vector<Fact> facts{{"State", enum_text(answer.state())}, {"Deadline", when(answer.deadline_ms())}};
  for (auto& fact : tally_facts(answer.tally())) facts.push_back(std::move(fact));
  if (is_open(answer.state())) facts.push_back({"Now", outlook(answer.tally())});
  print_facts(std::cout, facts);
}

Result<void> ask_tally(const Asker& asker, const NumberOption& options) {
  pb::GetTallyRequest request;
  request.set_proposal(options.number);
  return print_answer(
      asker, asker.client.call(&pb::GovernanceService::Stub::GetTally, asker.client.governance(), request),
      show_tally);
}

// ---- ballots ----

struct BallotsOptions : ListOptions {
  u64 proposal = 0;
  std::string member;
};

void show_ballots(const pb::ListBallotsResponse& answer, const AssetBook&) {
  Table table({{"MEMBER", Align::right},
               {"CHOICE"},
               {"POWER", Align::right},
               {"REVISION", Align::right},
               {"BLOCK", Align::right}});
  for (const auto& one : answer.ballots())
    table.add_row({std::to_string(one.member()), enum_text(one.choice()), grouped(one.power()),
                   std::to_string(one.revision()), grouped(one.height())});
  print_listing(table, answer, "No ballots yet.");
}

void show_ballot(const pb::GetBallotResponse& answer, const AssetBook&) {
  const auto& one = answer.ballot();
  std::vector<Fact> facts{{"In the electorate", one.eligible() ? "yes" : "no"},
                          {"Own power", grouped(one.power())},
                          {"Delegated power", grouped(one.delegated_power()) + ", of which taken back " +
                                                  grouped(one.taken_back())},
                          {"Own ballot", one.has_ballot() ? enum_text(one.ballot().choice()) + ", revision " +
                                                                std::to_string(one.ballot().revision())
                                                          : "none"},
                          {"Counts as", enum_text(one.counted())}};
  if (one.has_delegate()) facts.push_back({"Delegate", "member " + std::to_string(one.delegate())});
  facts.push_back({"A further ballot", one.next_nonce() == 0
                                           ? "is not taken"
                                           : "with nonce " + std::to_string(one.next_nonce())});
  print_facts(std::cout, facts);
}

Result<void> ask_ballots(const Asker& asker, const BallotsOptions& options) {
  if (!options.member.empty()) {
    pb::GetBallotRequest request;
    request.set_proposal(options.proposal);
    auto who = member_name(asker.globals, options.member);
    if (!who) return std::unexpected(who.error());
    *request.mutable_member() = std::move(*who);
    return print_answer(
        asker, asker.client.call(&pb::GovernanceService::Stub::GetBallot, asker.client.governance(), request),
        show_ballot);
  }
  pb::ListBallotsRequest request;
  request.set_proposal(options.proposal);
  return print_answer(asker,
                      all_pages(asker.client, &pb::GovernanceService::Stub::ListBallots,
                                asker.client.governance(), request, options.limit),
                      show_ballots);
}

// ---- rules ----

void show_policies(const pb::GetPoliciesResponse& answer, const AssetBook& assets) {
  for (const auto& one : answer.policies()) {
    std::cout << enum_text(one.kind()) << '\n';
    print_facts(std::cout, message_facts(one.policy(), assets));
    std::cout << '\n';
  }
}

Result<void> ask_policies(const Asker& asker, const NoOptions&) {
  return print_answer(asker,
                      asker.client.call(&pb::GovernanceService::Stub::GetPolicies, asker.client.governance(),
                                        pb::GetPoliciesRequest{}),
                      show_policies);
}

void show_parameters(const pb::ListParametersResponse& answer, const AssetBook&) {
  Table table({{"NAME"},
               {"VALUE", Align::right},
               {"DEFAULT", Align::right},
               {"FROM", Align::right},
               {"TO", Align::right},
               {"CHANGED BY"},
               {"MEANING"}});
  for (const auto& one : answer.parameters())
    table.add_row({one.name(), std::to_string(one.value()), std::to_string(one.default_value()),
                   std::to_string(one.minimum()), std::to_string(one.maximum()), enum_text(one.changed_by()),
                   one.meaning()});
  table.print(std::cout);
}

Result<void> ask_parameters(const Asker& asker, const NoOptions&) {
  return print_answer(asker,
                      asker.client.call(&pb::GovernanceService::Stub::ListParameters,
                                        asker.client.governance(), pb::ListParametersRequest{}),
                      show_parameters);
}

void add_number(CLI::App& command, NumberOption& options) {
  command.add_option("PROPOSAL", options.number, "Its number")->required();
}

}  // namespace

void add_proposal_queries(CLI::App& app, Globals& globals) {
  add_asking<ProposalsOptions>(
      app, globals,
      {.name = "proposals", .about = "Proposals, newest first", .example = "moot proposals --state active"},
      ask_proposals, [](CLI::App& command, ProposalsOptions& options) {
        command.add_option("--state", options.state, "Only these, such as active")->type_name("STATE");
        command.add_option("--kind", options.kind, "Only these, such as sale")->type_name("KIND");
        add_limit(command, options);
      });
  add_asking<NumberOption>(app, globals,
                           {.name = "proposal", .about = "A proposal, whole", .example = "moot proposal 3"},
                           ask_proposal, add_number);
  add_asking<NumberOption>(
      app, globals,
      {.name = "tally", .about = "How a vote stands, and what it still needs", .example = "moot tally 3"},
      ask_tally, add_number);
  add_asking<BallotsOptions>(
      app, globals,
      {.name = "ballots",
       .about = "The ballots of a proposal, or how one member stands in it",
       .example = "moot ballots 3 --member 12"},
      ask_ballots, [](CLI::App& command, BallotsOptions& options) {
        command.add_option("PROPOSAL", options.proposal, "Its number")->required();
        command.add_option("--member", options.member, "A number, an address or a key's name")
            ->type_name("MEMBER");
        add_limit(command, options);
      });
  add_asking<NoOptions>(
      app, globals,
      {.name = "policies", .about = "How each kind of proposal is decided", .example = "moot policies"},
      ask_policies, [](CLI::App&, NoOptions&) {});
  add_asking<NoOptions>(
      app, globals,
      {.name = "parameters", .about = "The named numbers of the rules", .example = "moot parameters --json"},
      ask_parameters, [](CLI::App&, NoOptions&) {});
}

}  // namespace moot::wallet
