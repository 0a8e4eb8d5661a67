#include "audit/report.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/clock.hpp"
#include "crypto/sha256.hpp"
#include "ledger/text.hpp"

namespace moot::audit {
namespace {

using boost::json::array;
using boost::json::object;
using ledger::Choice;

constexpr u64 kNanoseconds = 1'000'000'000;

std::string grouped(u64 number) {
  std::string digits = std::to_string(number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string text(u64 number) { return std::to_string(number); }
std::string text(Amount amount) {
  std::string out = ledger::render_amount(amount, 0, "");
  out.pop_back();  // the space before the symbol
  return out;
}
std::string hex(const auto& digest) { return "0x" + to_hex(digest.view()); }

u64 per_second(u64 count, u64 duration_ns) {
  return duration_ns == 0 ? 0 : static_cast<u64>(static_cast<u128>(count) * kNanoseconds / duration_ns);
}

std::string seconds(u64 duration_ns) {
  return fmt::format("{}.{:03} s", duration_ns / kNanoseconds, duration_ns % kNanoseconds / 1'000'000);
}

const AssetFinding* asset_of(const Findings& findings, AssetId id) {
  for (const AssetFinding& asset : findings.assets)
    if (asset.asset == id) return &asset;
  return nullptr;
}

std::string money(const Findings& findings, AssetId id, Amount amount) {
  const AssetFinding* asset = asset_of(findings, id);
  return asset ? ledger::render_amount(amount, asset->decimals, asset->symbol) : text(amount);
}

Power cast_in(const ProposalFinding& proposal) {
  return Power{proposal.power[1].raw() + proposal.power[2].raw() + proposal.power[3].raw() +
               proposal.power[4].raw()};
}

// ---- for people ----

void add_proposals(std::string& out, const Findings& findings) {
  if (findings.proposals.empty()) return;
  out += "\nProposals, recounted from their ballots\n";
  for (const ProposalFinding& one : findings.proposals) {
    out += fmt::format("  {:>4}  {}  ({}, {})\n", one.id.value, one.title, ledger::word(one.kind),
                       ledger::word(one.state));
    out += fmt::format(
        "        For {}  Against {}  Abstain {}  Veto {}  of {}; turnout {}; {} ballots; record height {}\n",
        grouped(one.power[2].raw()), grouped(one.power[1].raw()), grouped(one.power[3].raw()),
        grouped(one.power[4].raw()), grouped(one.electorate.raw()), grouped(cast_in(one).raw()),
        grouped(one.ballots), grouped(one.record_height.raw()));
  }
}

void add_payouts(std::string& out, const Findings& findings) {
  if (findings.payouts.empty()) return;
  out += "\nPayouts, recomputed\n";
  for (const PayoutFinding& one : findings.payouts) {
    const auto shown = [&](Amount amount) { return money(findings, one.asset, amount); };
    out += fmt::format("  {:>4}  block {}: {} shared by {} members with {} units at height {}; reserve {}\n",
                       one.sale.value, one.height.raw(), shown(one.amount), grouped(one.members),
                       grouped(one.units.raw()), one.record_height.raw(), shown(one.reserve));
    if (one.members == 0) continue;
    out += fmt::format("        smallest share {}, median {}, largest {}; sum of shares {}\n",
                       shown(one.smallest), shown(one.median), shown(one.largest), shown(one.sum));
  }
}

void add_assets(std::string& out, const Findings& findings) {
  if (findings.assets.empty()) return;
  out += "\nMoney: supply = stored + owed + treasury + escrow + locked, summed over every record\n";
  for (const AssetFinding& one : findings.assets) {
    const auto shown = [&](Amount amount) { return ledger::render_amount(amount, one.decimals, one.symbol); };
    out += fmt::format("  {} = {} + {} + {} + {} + {}\n", shown(one.supply), shown(one.stored),
                       shown(one.owed), shown(one.treasury), shown(one.escrow), shown(one.locked));
  }
}

// ---- for programs ----

object as_json(const ProposalFinding& one) {
  return {{"id", text(one.id.value)},
          {"title", one.title},
          {"kind", ledger::word(one.kind)},
          {"state", ledger::word(one.state)},
          {"recordHeight", text(one.record_height.raw())},
          {"electorate", text(one.electorate.raw())},
          {"for", text(one.power[2].raw())},
          {"against", text(one.power[1].raw())},
          {"abstain", text(one.power[3].raw())},
          {"veto", text(one.power[4].raw())},
          {"ballots", text(one.ballots)},
          {"countedAt", text(one.counted_at.raw())}};
}

object as_json(const PayoutFinding& one) {
  return {{"sale", text(one.sale.value)},     {"asset", text(one.asset.value)},
          {"height", text(one.height.raw())}, {"recordHeight", text(one.record_height.raw())},
          {"proceeds", text(one.proceeds)},   {"reserve", text(one.reserve)},
          {"amount", text(one.amount)},       {"units", text(one.units.raw())},
          {"members", text(one.members)},     {"extras", text(one.extras)},
          {"smallest", text(one.smallest)},   {"median", text(one.median)},
          {"largest", text(one.largest)},     {"sum", text(one.sum)}};
}

object as_json(const AssetFinding& one) {
  return {{"asset", text(one.asset.value)}, {"symbol", one.symbol},       {"decimals", one.decimals},
          {"supply", text(one.supply)},     {"stored", text(one.stored)}, {"owed", text(one.owed)},
          {"treasury", text(one.treasury)}, {"escrow", text(one.escrow)}, {"locked", text(one.locked)}};
}

object as_json(const Problem& problem) {
  object out{{"height", text(problem.height.raw())}};
  out["transaction"] = nullptr;
  if (problem.transaction) out["transaction"] = text(*problem.transaction);
  out["check"] = word(problem.check);
  out["what"] = problem.what;
  return out;
}

template <class T>
array list_of(const std::vector<T>& items) {
  array out;
  for (const T& item : items) out.push_back(as_json(item));
  return out;
}

}  // namespace

std::string_view word(Check check) {
  switch (check) {
    case Check::source: return "source";
    case Check::damage: return "damage";
    case Check::genesis: return "genesis";
    case Check::ledger: return "ledger";
    case Check::encoding: return "encoding";
    case Check::link: return "link";
    case Check::transaction: return "transaction";
    case Check::signature: return "signature";
    case Check::includable: return "includable";
    case Check::tx_root: return "tx root";
    case Check::receipts_root: return "receipts root";
    case Check::faults_root: return "faults root";
    case Check::state_root: return "state root";
    case Check::law: return "law";
    case Check::tally: return "tally";
    case Check::payout: return "payout";
    case Check::sums: return "sums";
    case Check::footer: return "footer";
  }
  return "";
}

std::string_view verdict(const Findings& findings) {
  if (findings.problem) return "not verified";
  return findings.signatures_checked ? "verified" : "verified without signatures";
}

Hash report_hash(const Findings& findings) {
  return crypto::tagged_hash("moot/audit-report", encoded(findings));
}

std::string sentence(const Problem& problem) {
  if (problem.check == Check::source || problem.check == Check::damage) return problem.what;
  const std::string place = problem.transaction ? fmt::format("block {}, transaction {}",
                                                              problem.height.raw(), *problem.transaction)
                                                : fmt::format("block {}", problem.height.raw());
  return fmt::format("{}: {}: {}", place, word(problem.check), problem.what);
}

std::string to_text(const Report& report) {
  const Findings& found = report.findings;
  std::string out;
  const auto fact = [&out](std::string_view title, const std::string& value) {
    out += fmt::format("{:<16}{}\n", title, value);
  };
  fact("Source", report.source);
  fact("Organisation", found.organisation);
  fact("Ledger id", hex(found.ledger));
  fact("Blocks", fmt::format("{} to {}", found.from.raw(), found.to.raw()));
  fact("Time", to_iso8601(found.time));
  fact("State root", hex(found.state_root));
  fact("Transactions", fmt::format("{}, of which {} failed and {} are ballots", grouped(found.transactions),
                                   grouped(found.failed), grouped(found.ballots)));
  fact("Signatures", found.signatures_checked ? grouped(found.signatures) + " verified" : "not checked");
  fact("Members", grouped(found.members));
  fact("Took", fmt::format("{} on {} threads: {} blocks/s, {} transactions/s, {} signatures/s",
                           seconds(report.duration_ns), report.threads,
                           grouped(per_second(found.to.raw(), report.duration_ns)),
                           grouped(per_second(found.transactions, report.duration_ns)),
                           grouped(per_second(found.signatures, report.duration_ns))));
  add_proposals(out, found);
  add_payouts(out, found);
  add_assets(out, found);
  out += "\n";
  fact("Report hash", hex(report_hash(found)));
  if (found.problem) fact("First problem", sentence(*found.problem));
  fact("Verdict", std::string(verdict(found)));
  return out;
}

std::string to_json(const Report& report) {
  const Findings& found = report.findings;
  object out{{"verdict", verdict(found)},
             {"reportHash", hex(report_hash(found))},
             {"source", report.source},
             {"ledgerId", hex(found.ledger)},
             {"organisation", found.organisation},
             {"fromHeight", text(found.from.raw())},
             {"toHeight", text(found.to.raw())},
             {"timeMs", text(found.time.raw())},
             {"stateRoot", hex(found.state_root)},
             {"transactions", text(found.transactions)},
             {"failed", text(found.failed)},
             {"ballots", text(found.ballots)},
             {"members", text(found.members)},
             {"signaturesChecked", found.signatures_checked},
             {"signatures", text(found.signatures)},
             {"proposals", list_of(found.proposals)},
             {"payouts", list_of(found.payouts)},
             {"assets", list_of(found.assets)}};
  out["problem"] = nullptr;
  if (found.problem) out["problem"] = as_json(*found.problem);
  out["durationMs"] = text(report.duration_ns / 1'000'000);
  out["threads"] = report.threads;
  out["transactionsPerSecond"] = text(per_second(found.transactions, report.duration_ns));
  out["signaturesPerSecond"] = text(per_second(found.signatures, report.duration_ns));
  return boost::json::serialize(out);
}

}  // namespace moot::audit
