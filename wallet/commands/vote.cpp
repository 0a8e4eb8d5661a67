// Deciding: vote, cancel one's proposal, execute a passed one.
#include "wallet/commands/commands.hpp"
#include "wallet/commands/sending.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

struct VoteOptions {
  u64 proposal = 0;
  std::string choice;
  std::string reason;
};

// "for" as well as "For".
std::optional<ledger::Choice> choice_of(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return ledger::parse_choice(text);
}

// One above the revision that stands: the first ballot's is 1. A ballot the policy no longer takes gets a number too, so
// that the ledger's own refusal says why.
Result<u64> ballot_nonce(const Sender& sender, u64 proposal) {
  pb::GetBallotRequest request;
  request.set_proposal(proposal);
  auto who = member_name(sender.globals, "");
  if (!who) return std::unexpected(who.error());
  *request.mutable_member() = std::move(*who);
  const auto answer =
      sender.client.call(&pb::GovernanceService::Stub::GetBallot, sender.client.governance(), request);
  if (!answer) return std::unexpected(answer.error());
  return u64{answer->ballot().ballot().revision()} + 1;
}

Result<TxRequest> vote_request(const Sender& sender, const VoteOptions& options) {
  const auto choice = choice_of(options.choice);
  if (!choice || *choice == ledger::Choice::none)
    return fail("\"" + options.choice + "\" is no choice", "Write For, Against, Abstain or Veto",
                ExitCode::usage);
  pb::GetProposalRequest request;
  request.set_proposal(options.proposal);
  const auto answer =
      sender.client.call(&pb::GovernanceService::Stub::GetProposal, sender.client.governance(), request);
  if (!answer) return std::unexpected(answer.error());
  const auto nonce = ballot_nonce(sender, options.proposal);
  if (!nonce) return std::unexpected(nonce.error());
  const auto& proposal = answer->proposal();
  const std::string done = "Your ballot is on the ledger: " + std::string(ledger::word(*choice)) +
                           " on proposal " + std::to_string(options.proposal) + ", \"" + proposal.title() +
                           "\".";
  return TxRequest{.payload = ledger::Vote{.proposal = ProposalId{options.proposal},
                                           .proposal_hash = hash_in(proposal.proposal_hash()),
                                           .title = proposal.title(),
                                           .choice = *choice,
                                           .reason = options.reason},
                   .nonce = *nonce,
                   .outcome = [done](u64) { return done; }};
}

Result<TxRequest> execute_request(const Sender&, const NumberOption& options) {
  const std::string done = "Proposal " + std::to_string(options.number) + " is executed.";
  return TxRequest{.payload = ledger::Execute{.proposal = ProposalId{options.number}},
                   .question = "Execute proposal " + std::to_string(options.number) + "?",
                   .outcome = [done](u64) { return done; }};
}

Result<TxRequest> cancel_request(const Sender&, const NumberOption& options) {
  const std::string done = "Proposal " + std::to_string(options.number) + " is withdrawn.";
  return TxRequest{.payload = ledger::CancelProposal{.proposal = ProposalId{options.number}},
                   .outcome = [done](u64) { return done; }};
}

}  // namespace

void add_vote_commands(CLI::App& app, Globals& globals) {
  add_sending<VoteOptions>(
      app, globals,
      {.name = "vote",
       .about = "Cast or change your ballot",
       .example = "moot vote 3 For --reason \"A fair price\""},
      vote_request, [](CLI::App& command, VoteOptions& options) {
        command.add_option("PROPOSAL", options.proposal, "Its number")->required();
        command.add_option("CHOICE", options.choice, "For, Against, Abstain or Veto")->required();
        command.add_option("--reason", options.reason, "Why, at most 280 bytes; everybody reads it")
            ->type_name("TEXT");
      });
  add_sending_of_number(app, globals,
                        {.name = "execute",
                         .about = "Try a passed proposal again, after its own attempt failed",
                         .example = "moot execute 3"},
                        "PROPOSAL", execute_request);
  add_sending_of_number(app, globals,
                        {.name = "cancel-proposal",
                         .about = "Withdraw your proposal before voting opens",
                         .example = "moot cancel-proposal 3"},
                        "PROPOSAL", cancel_request);
}

}  // namespace moot::wallet
