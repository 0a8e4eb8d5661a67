#include "wallet/attestations.hpp"

#include <boost/json.hpp>

#include <set>

#include "crypto/verify_pool.hpp"
#include "wallet/statement_json.hpp"

namespace moot::wallet {
namespace {

constexpr std::string_view kFormat = "moot-attestations/1";
constexpr std::size_t kSignedAtOnce = 4'096;  // between two reports of progress
constexpr std::size_t kGrain = 32;

std::unexpected<Failure> wrong(const std::string& name, std::size_t line, const std::string& what,
                               ExitCode code = ExitCode::failed) {
  return fail(name + " line " + std::to_string(line) + ": " + what,
              "Nothing was sent; take the file as `moot attest` wrote it", code);
}

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

std::expected<Attestations, std::string> parse_header(std::string_view line) {
  StatementReader in(line);
  if (in.text("format") != kFormat) in.complain("its format is not " + std::string(kFormat));
  const std::string organisation = in.text("organisation");
  const auto ledger_id = in.fixed<LedgerId>("ledgerId");
  const ClassId share_class{in.number("shareClass")};
  if (const auto whole = in.finish(); !whole) return std::unexpected(whole.error());
  return Attestations{.signing = ledger::signing_context(organisation, ledger_id),
                      .share_class = share_class,
                      .contributions = {}};
}

std::expected<ledger::Contribution, std::string> parse_contribution(std::string_view line) {
  StatementReader in(line);
  ledger::Contribution out{.member = MemberId{in.number("member")},
                           .units = Units{in.number("units")},
                           .content_hash = in.fixed<Hash>("contentHash"),
                           .attestor = in.address("attestor"),
                           .valid_until = TimeMs{in.number("validUntilMs")},
                           .signature = {}};
  out.signature.bytes = in.fixed<crypto::Signature>("signature").bytes;
  if (const auto whole = in.finish(); !whole) return std::unexpected(whole.error());
  return out;
}

Result<void> check_signatures(const std::string& name, const Attestations& all) {
  std::vector<crypto::VerifyJob> jobs;
  jobs.reserve(all.contributions.size());
  for (const auto& one : all.contributions)
    jobs.push_back(
        {.signature = crypto::Signature{one.signature.bytes},
         .digest = ledger::statement_digest(all.signing, ledger::statement_of(all.share_class, one)),
         .expected = one.attestor});
  crypto::VerifyPool pool;
  const auto results = pool.verify_all(jobs);
  for (std::size_t i = 0; i < results.size(); ++i)
    if (results[i] != crypto::VerifyResult::good)
      return wrong(name, i + 2, "the signature is not that of its attestor", ExitCode::verification_failed);
  return {};
}

}  // namespace

void sign_contributions(const crypto::SecretKey& key, Attestations& attestations,
                        const std::function<void(u64)>& progress) {
  crypto::VerifyPool pool;
  const Address attestor = crypto::address_of(key);
  auto& all = attestations.contributions;
  for (std::size_t begin = 0; begin < all.size(); begin += kSignedAtOnce) {
    const std::size_t count = std::min(kSignedAtOnce, all.size() - begin);
    pool.parallel_for(count, kGrain, [&](std::size_t from, std::size_t to) {
      for (std::size_t i = begin + from; i < begin + to; ++i) {
        all[i].attestor = attestor;
        const auto statement = ledger::statement_of(attestations.share_class, all[i]);
        all[i].signature.bytes =
            crypto::sign(key, ledger::statement_digest(attestations.signing, statement)).bytes;
      }
    });
    if (progress) progress(begin + count);
  }
}

std::string to_json_lines(const Attestations& attestations) {
  namespace json = boost::json;
  std::string out =
      json::serialize(json::object{{"format", kFormat},
                                   {"organisation", attestations.signing.organisation},
                                   {"ledgerId", hex_text(attestations.signing.ledger_id.view())},
                                   {"shareClass", std::to_string(attestations.share_class.value)}}) +
      "\n";
  for (const auto& one : attestations.contributions)
    out += json::serialize(json::object{{"member", std::to_string(one.member.value)},
                                        {"units", std::to_string(one.units.raw())},
                                        {"contentHash", hex_text(one.content_hash.view())},
                                        {"attestor", crypto::to_eip55(one.attestor)},
                                        {"validUntilMs", std::to_string(one.valid_until.raw())},
                                        {"signature", hex_text(one.signature.bytes)}}) +
           "\n";
  return out;
}

Result<Attestations> parse_attestations(const std::string& name, std::string_view text) {
  auto all = parse_header(take_line(text));
  if (!all) return wrong(name, 1, all.error());
  std::set<Hash> contents;
  while (!text.empty()) {
    const std::size_t line = all->contributions.size() + 2;
    auto one = parse_contribution(take_line(text));
    if (!one) return wrong(name, line, one.error());
    if (!contents.insert(one->content_hash).second)
      return wrong(name, line, "this content hash stands on an earlier line; a content counts once");
    all->contributions.push_back(std::move(*one));
  }
  if (all->contributions.empty()) return fail(name + " holds no contributions", "Nothing was sent");
  if (auto good = check_signatures(name, *all); !good) return std::unexpected(good.error());
  return std::move(*all);
}

}  // namespace moot::wallet
