#include "bench/goals/voters.hpp"

#include <numeric>

#include "crypto/ecdsa.hpp"
#include "crypto/verify_pool.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::bench {
namespace {

constexpr std::size_t kGrain = 64;

crypto::SecretKey voter_key(u64 voter) { return test::test_key("voter " + std::to_string(voter)); }

crypto::VerifyPool& cores() {
  static crypto::VerifyPool pool;
  return pool;
}

// A step that visits every voter once and jumps about: near the golden section, and prime to the count.
u64 stride(u64 count) {
  u64 step = std::max<u64>(1, count * 618 / 1'000);
  while (std::gcd(step, count) != 1) ++step;
  return step;
}

}  // namespace

Voters::Voters(u64 voters, u64 members) : members_(members), addresses_(voters) {
  MOOT_CHECK(voters > 0 && voters <= members, "voters are members");
  cores().parallel_for(voters, kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) addresses_[i] = crypto::address_of(voter_key(i));
  });
}

Address Voters::address_of_member(u64 member) const {
  const u64 every = members_ / count();
  const bool votes = member % every == 0 && member / every < count();
  return votes ? addresses_[member / every] : member_address(member);
}

ledger::Genesis Voters::genesis(TimeMs created) const {
  ledger::Genesis genesis = test::test_genesis({.members = 0});
  genesis.created = created;
  for (ledger::Policy& policy : genesis.rules.policies) {
    policy.period = DurationMs{test::kDay};
    policy.min_open = policy.period;
  }
  genesis.roles[ledger::Role::guardian].holders[0].expires = TimeMs{created.raw() + 300 * test::kDay};
  genesis.members.reserve(members_);
  for (u64 i = 0; i < members_; ++i)
    genesis.members.push_back({.address = address_of_member(i),
                               .holdings = {{ClassId{0}, Units{1 + i % 1'000}}},
                               .consent_hash = {}});
  return genesis;
}

Bytes Voters::sign(const ledger::SigningContext& signing, u64 voter, ledger::Payload payload,
                   u64 nonce) const {
  ledger::Transaction tx{.payload = std::move(payload), .signer = addresses_[voter], .nonce = nonce};
  tx.signature = crypto::sign(voter_key(voter), ledger::transaction_id(signing, tx).as<Hash>()).bytes;
  return ledger::encode_transaction(tx);
}

std::vector<Bytes> Voters::ballots(const ledger::SigningContext& signing, ProposalId id,
                                   const Hash& proposal_hash) const {
  std::vector<Bytes> out(count());
  const std::string title = proposal().title;
  const u64 step = stride(count());
  cores().parallel_for(count(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto choice = i % 200 == 0 ? ledger::Choice::against : ledger::Choice::in_favour;
      out[i] = sign(signing, i * step % count(),
                    ledger::Vote{.proposal = id,
                                 .proposal_hash = proposal_hash,
                                 .title = title,
                                 .choice = choice,
                                 .reason = ""});
    }
  });
  return out;
}

ledger::Propose Voters::proposal() {
  return {.title = "Sell the listening data set",
          .body = {"Shall we?"},
          .kind = ledger::ProposalKind::text,
          .actions = {}};
}

u64 ballot_field_bytes() {
  // signature, proposal id, its hash, title, choice, reason's length, voter, nonce, valid until
  return 65 + 8 + 32 + Voters::proposal().title.size() + 1 + 4 + 20 + 8 + 8;
}

}  // namespace moot::bench
