// Members come in through the API: registrars admit them by the thousand, attested contributions give them units, and some
// name a delegate.
#include <fmt/format.h>

#include "crypto/ecdsa.hpp"
#include "wallet/example/stage.hpp"
#include "wallet/output.hpp"

namespace moot::wallet::example {
namespace {

constexpr u64 kAdmissions = 1'000;       // in a transaction
constexpr u64 kContributions = 500;      // in a transaction
constexpr u64 kTransactionsAtOnce = 32;  // of one account; the node keeps a bounded queue for each
constexpr std::size_t kGrain = 32;

using ledger::TxError;

Hash digest_of(std::string_view what, u64 index) {
  Writer out;
  out.put(what);
  out.put(index);
  return crypto::tagged_hash("moot/example-text", out.view());
}

ledger::AdmitMembers admission(const Stage& stage, u64 from) {
  ledger::AdmitMembers tx{.share_class = ClassId{0}, .members = {}, .expires = Stage::in_an_hour()};
  const u64 end = std::min(from + kAdmissions, stage.plan.numbers.members);
  for (u64 i = from; i < end; ++i)
    tx.members.push_back(
        {.address = stage.members[i].address, .units = {}, .consent_hash = digest_of("consent", i)});
  return tx;
}

// Registrars take turns, each when the other's lists are final, so that members get the ids of the plan.
void admit_everybody(Stage& stage) {
  const u64 members = stage.plan.numbers.members;
  const Stopwatch watch;
  u64 transactions = 0;
  Progress progress("Admitting members", members);
  for (u64 from = 0; from < members && stage.ok();) {
    const Person& registrar =
        stage.cast.registrars[transactions / kTransactionsAtOnce % stage.cast.registrars.size()];
    std::vector<Bytes> envelopes;
    for (; from < members && envelopes.size() < kTransactionsAtOnce / 4; from += kAdmissions, ++transactions)
      envelopes.push_back(stage.sign(registrar, admission(stage, from)));
    stage.send("Admitting members", envelopes);
    progress.set(std::min(from, members));
  }
  progress.finish();
  if (!stage.ok()) return;
  stage.say.work(fmt::format("{} members admitted in {} transactions", grouped(members), transactions),
                 members, watch.elapsed());
}

ledger::Contribution contribution(const Stage& stage, const Person& attestor, u64 member) {
  ledger::Contribution out{.member = MemberId{member},
                           .units = Units{stage.plan.units[member]},
                           .content_hash = digest_of("contribution", member),
                           .attestor = attestor.address,
                           .valid_until = Stage::in_an_hour(),
                           .signature = {}};
  const Hash digest = ledger::statement_digest(stage.signing, ledger::statement_of(ClassId{0}, out));
  out.signature.bytes = crypto::sign(attestor.key, digest).bytes;
  return out;
}

std::vector<ledger::Contribution> attest_everybody(Stage& stage) {
  const Person& attestor = stage.cast.attestors.front();
  std::vector<ledger::Contribution> out(stage.plan.units.size());
  stage.pool.parallel_for(out.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = contribution(stage, attestor, i);
  });
  return out;
}

void record_contributions(Stage& stage) {
  const std::vector<ledger::Contribution> all = attest_everybody(stage);
  const Person& attestor = stage.cast.attestors.front();
  const Stopwatch watch;
  u64 transactions = 0;
  for (std::size_t from = 0; from < all.size() && stage.ok();) {
    std::vector<Bytes> envelopes;
    for (; from < all.size() && envelopes.size() < kTransactionsAtOnce; from += kContributions) {
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
      const auto end = begin + static_cast<std::ptrdiff_t>(std::min(kContributions, all.size() - from));
      envelopes.push_back(stage.sign(
          attestor, ledger::RecordContributions{.share_class = ClassId{0}, .contributions = {begin, end}}));
    }
    transactions += envelopes.size();
    stage.send("Recording contributions", envelopes);
  }
  if (!stage.ok()) return;
  stage.say.work(
      fmt::format("{} attested contributions recorded in {} transactions", grouped(all.size()), transactions),
      all.size(), watch.elapsed());
  ledger::Contribution unattested = all.front();
  unattested.content_hash = digest_of("unattested", 0);
  const auto alone = [&](const ledger::Contribution& one) {
    return stage.attempt(attestor,
                         ledger::RecordContributions{.share_class = ClassId{0}, .contributions = {one}});
  };
  const ledger::AdmitMembers again = admission(stage, 0);
  const ledger::GrantUnits grant{.share_class = ClassId{0},
                                 .grants = {{.member = MemberId{0}, .units = Units{1}}},
                                 .expires = Stage::in_an_hour()};
  stage.refuse({{"a contribution that is recorded already", alone(all.front()), TxError::contribution_used},
                {"a contribution that its attestor did not sign", alone(unattested),
                 TxError::carried_signature_mismatch},
                {"units granted by a registrar in an attested class",
                 stage.attempt(stage.cast.registrars[0], grant), TxError::grants_need_attestation},
                {"the first thousand members once more", stage.attempt(stage.cast.registrars[1], again),
                 TxError::already_member},
                {"members admitted by a treasurer", stage.attempt(stage.cast.treasurers[0], again),
                 TxError::role_needed}});
}

void check_registers(Stage& stage) {
  const auto classes = stage.call(&pb::GovernanceService::Stub::ListShareClasses, stage.client.governance(),
                                  pb::ListShareClassesRequest{});
  const u64 total = std::accumulate(stage.plan.units.begin(), stage.plan.units.end(), u64{0});
  if (!stage.ok()) return;
  stage.expect("number of share classes", 1, static_cast<u64>(classes.share_classes_size()));
  if (!stage.ok()) return;
  stage.expect("units of the class", total, classes.share_classes(0).total_units());
  pb::ListMembersRequest request;
  request.set_page_size(1'000);
  u64 id = 0;
  do {
    const auto page =
        stage.call(&pb::GovernanceService::Stub::ListMembers, stage.client.governance(), request);
    for (const pb::Member& member : page.members()) {
      stage.expect("id of a member in the list", id, member.id());
      if (!stage.ok() || id >= stage.members.size()) break;
      stage.expect_text(fmt::format("address of member {}", id), to_hex(stage.members[id].address.view()),
                        to_hex(as_bytes(member.address())));
      stage.expect(fmt::format("units of member {}", id), stage.plan.units[id],
                   member.holdings_size() == 1 ? member.holdings(0).units() : 0);
      ++id;
    }
    request.set_page_token(page.next_page_token());
  } while (stage.ok() && !request.page_token().empty());
  stage.expect("members on the ledger", stage.plan.numbers.members, id);
  if (!stage.ok()) return;
  const auto largest = *std::ranges::max_element(stage.plan.units);
  stage.say.line(
      fmt::format("{} units in all; from {} to {} a member", grouped(total), kLeastUnits, grouped(largest)));
}

void delegate(Stage& stage) {
  std::vector<Bytes> envelopes;
  for (u64 i = 0; i < stage.plan.delegates.size(); ++i)
    if (const auto to = stage.plan.delegates[i])
      envelopes.push_back(
          stage.sign(stage.members[i], ledger::SetDelegate{.delegate = stage.members[*to].address}));
  const Milliseconds took = stage.send("Naming delegates", envelopes);
  if (!stage.ok()) return;
  stage.say.work(fmt::format("{} members named one of {} delegates", grouped(envelopes.size()),
                             stage.plan.numbers.delegates),
                 envelopes.size(), took);
  const Person& one = stage.members[stage.plan.quiet_member];
  stage.refuse({{"a delegation to oneself", stage.attempt(one, ledger::SetDelegate{.delegate = one.address}),
                 TxError::self_delegation}});
}

}  // namespace

void play_membership(Stage& stage) {
  stage.say.act("Members, their contributions and their delegates");
  admit_everybody(stage);
  record_contributions(stage);
  check_registers(stage);
  delegate(stage);
  if (!stage.ok()) return;
  stage.say.fact("members", "Members", grouped(stage.plan.numbers.members), stage.plan.numbers.members);
}

}  // namespace moot::wallet::example
