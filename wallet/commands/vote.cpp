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

// One above the revision that stands: the first ballot's is 1. A ballot that is not taken, of nobody or once more, gets a
// number too, so that the ledger's own refusal says why.
Result<u64> ballot_nonce(const Sender& sender, u64 proposal) {
  pb::GetBallotRequest request;
  request.set_proposal(proposal);
  auto who = member_name(sender.globals, "");
  if (!who) return std::unexpected(who.error());
  *request.mutable_member() = std::move(*who);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  pb::GetBallotResponse answer;
  const grpc::Status status = sender.client.governance().GetBallot(&context, request, &answer);
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) return 1;  // no member
  if (!status.ok()) return std::unexpected(failure_of(status, sender.client.node()));
  return u64{answer.ballot().ballot().revision()} + 1;
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

// A transaction that tries is done whether or not the attempt succeeds; its receipt's detail is the code of a failure.
Result<void> run_execute(const Globals& globals, const TxOptions& tx, const NumberOption& options) {
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const std::string name = "proposal " + std::to_string(options.number);
  u64 failure = 0;
  const TxRequest request{.payload = ledger::Execute{.proposal = ProposalId{options.number}},
                          .question = "Execute " + name + "?",
                          .outcome = [&](u64 detail) {
                            failure = detail;
                            return detail == 0 ? "The attempt succeeded: " + name + " is executed."
                                               : std::string();
                          }};
  if (auto sent = send_transaction(globals, tx, *client, request); !sent) return sent;
  if (failure == 0) return {};
  const auto code = static_cast<ledger::TxError>(failure);
  return fail("the attempt to execute " + name + " failed: " + std::string(ledger::reason(code)),
              std::string(ledger::advice(code)), ExitCode::refused);
}

void add_execute(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<NumberOption>();
  auto tx = std::make_shared<TxOptions>();
  auto* command = app.add_subcommand("execute", "Try a passed proposal again, after its own attempt failed");
  command->add_option("PROPOSAL", options->number, "Its number")->required();
  add_tx_options(*command, *tx);
  command->footer("Example: moot execute 3");
  command->callback([&globals, options, tx] { globals.finish(run_execute(globals, *tx, *options)); });
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
  add_execute(app, globals);
  add_sending_of_number(app, globals,
                        {.name = "cancel-proposal",
                         .about = "Withdraw your proposal before voting opens",
                         .example = "moot cancel-proposal 3"},
                        "PROPOSAL", cancel_request);
}

}  // namespace moot::wallet
