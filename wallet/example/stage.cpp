#include "wallet/example/stage.hpp"

#include <fmt/format.h>

#include <charconv>
#include <thread>

#include "base/clock.hpp"
#include "ledger/text.hpp"
#include "wallet/output.hpp"

namespace moot::wallet::example {
namespace {

constexpr Milliseconds kPoll{20};
constexpr u64 kHour = 3'600'000;
constexpr std::size_t kGrain = 32;

std::string refusals_text(const pb::SubmitBatchResponse& answer) {
  if (answer.refusals().empty()) return {};
  const pb::BatchRefusal& first = answer.refusals(0);
  return fmt::format("; the first one, at place {}, with {}", first.position(), first.reason());
}

}  // namespace

Stage::Stage(Plan given, NodeClient to, Narrator& narrator)
    : plan(std::move(given)),
      cast(make_cast(plan.seed)),
      client(std::move(to)),
      say(narrator),
      members(make_members(plan.seed, plan.numbers.members, pool)) {
  auto context = client.signing();
  if (context)
    signing = std::move(*context);
  else
    fail_with(std::move(context.error()));
}

void Stage::fail_with(Failure failure) {
  if (!failure_) failure_ = std::move(failure);
}

void Stage::expect(std::string_view what, u64 expected, u64 actual) {
  if (ok() && expected != actual)
    fail_with(
        {.code = ExitCode::verification_failed,
         .what =
             fmt::format("{}: {} was expected, the node says {}", what, grouped(expected), grouped(actual)),
         .advice = "The data is left as it is; `moot audit replay` tells where it departs from the rules"});
}

void Stage::expect_text(std::string_view what, std::string_view expected, std::string_view actual) {
  if (ok() && expected != actual)
    fail_with(
        {.code = ExitCode::verification_failed,
         .what = fmt::format("{}: {} was expected, the node says {}", what, expected, printable(actual)),
         .advice = {}});
}

pb::Proposal Stage::proposal(u64 id) {
  pb::GetProposalRequest request;
  request.set_proposal(id);
  return call(&pb::GovernanceService::Stub::GetProposal, client.governance(), request).proposal();
}

pb::Sale Stage::sale_record() {
  pb::GetSaleRequest request;
  request.set_sale(sale);
  return call(&pb::TreasuryService::Stub::GetSale, client.treasury(), request).sale();
}

pb::Asset Stage::asset() {
  pb::GetAssetRequest request;
  request.set_symbol(kSymbol);
  return call(&pb::TreasuryService::Stub::GetAsset, client.treasury(), request).asset();
}

pb::ReadContext Stage::head() {
  return call(&pb::NodeService::Stub::GetStatus, client.info(), pb::GetStatusRequest{}).context();
}

void Stage::wait_until(std::string_view what, Milliseconds limit, const std::function<bool()>& seen) {
  const Stopwatch waited;
  while (ok() && !seen()) {
    if (waited.elapsed() > limit)
      return fail_with({.code = ExitCode::verification_failed,
                        .what = fmt::format("{} did not happen within {}", what, seconds_text(limit)),
                        .advice = {}});
    std::this_thread::sleep_for(kPoll);
  }
}

TimeMs Stage::in_an_hour() { return TimeMs{SystemClock().now_ms().raw() + kHour}; }

u64 Stage::next_nonce(const Person& person) const {
  const auto known = nonces_.find(person.address);
  return known == nonces_.end() ? 1 : known->second;
}

Bytes Stage::attempt(const Person& person, ledger::Payload payload) const {
  return signed_envelope(signing, person.key, std::move(payload), next_nonce(person), in_an_hour());
}

Bytes Stage::sign(const Person& person, ledger::Payload payload) {
  Bytes envelope = attempt(person, std::move(payload));
  nonces_[person.address] = next_nonce(person) + 1;
  return envelope;
}

Bytes Stage::ballot(const OpenProposal& on, const PlannedBallot& ballot) const {
  return signed_envelope(signing, members[ballot.member].key, vote_of(on, ballot.choice), ballot.revision,
                         {});
}

std::vector<Bytes> Stage::sign_ballots(const OpenProposal& on, std::span<const PlannedBallot> list) {
  std::vector<Bytes> out(list.size());
  pool.parallel_for(list.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = ballot(on, list[i]);
  });
  return out;
}

Milliseconds Stage::send(std::string_view what, const std::vector<Bytes>& envelopes) {
  if (!ok()) return {};
  Progress progress(std::string{what}, envelopes.size());
  const Stopwatch watch;
  const auto answer =
      value_of(client.submit_all(envelopes, true, [&](u64 written) { progress.set(written); }));
  const Milliseconds took = watch.elapsed();
  progress.finish();
  if (!ok()) return took;
  if (answer.done() != envelopes.size())
    fail_with({.code = ExitCode::verification_failed,
               .what = fmt::format("{}: {} of {} were done{}", what, grouped(answer.done()),
                                   grouped(envelopes.size()), refusals_text(answer)),
               .advice = {}});
  done += answer.done();
  return took;
}

pb::Receipt Stage::act(const Person& person, ledger::Payload payload) {
  if (!ok()) return {};
  const auto kind = ledger::kind_of(payload);
  auto status = client.submit_and_wait(sign(person, std::move(payload)));
  if (!status) {
    Failure failure = std::move(status.error());
    failure.what = fmt::format("{} by {}: {}", ledger::word(kind), person.name, failure.what);
    fail_with(std::move(failure));
    return {};
  }
  ++done;
  return status->receipt();
}

void Stage::refuse(const std::vector<Attempt>& attempts) {
  if (!ok()) return;
  std::vector<Bytes> envelopes;
  for (const Attempt& one : attempts) envelopes.push_back(one.envelope);
  const auto answer = value_of(client.submit_all(envelopes, true));
  std::map<u64, std::string> reasons;
  for (const pb::BatchRefusal& refusal : answer.refusals()) reasons[refusal.position()] = refusal.reason();
  for (u64 i = 0; i < attempts.size() && ok(); ++i) {
    const std::string_view wanted = ledger::reason(attempts[i].code);
    const auto given = reasons.find(i);
    expect_text(attempts[i].what, wanted, given == reasons.end() ? "that it was accepted" : given->second);
    if (ok()) say.refused(attempts[i].what, wanted);
  }
}

ledger::Vote vote_of(const OpenProposal& on, ledger::Choice choice, std::string reason) {
  return {.proposal = ProposalId{on.id},
          .proposal_hash = on.hash,
          .title = on.title,
          .choice = choice,
          .reason = std::move(reason)};
}

std::string signed_text(u64 amount) { return ledger::render_amount(Amount{amount}, kDecimals, kSymbol); }

u64 base_units(const std::string& amount) {
  u64 out = 0;
  const auto [end, error] = std::from_chars(amount.data(), amount.data() + amount.size(), out);
  return error == std::errc{} && end == amount.data() + amount.size() ? out : ~u64{0};
}

}  // namespace moot::wallet::example
