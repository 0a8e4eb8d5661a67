#include "wallet/event_text.hpp"

#include <array>

#include "ledger/payloads/proposals.hpp"
#include "ledger/transaction.hpp"
#include "wallet/inputs.hpp"
#include "wallet/message_view.hpp"

namespace moot::wallet {
namespace {

using moot::v1::Event;

// A sentence for each kind, in the order of EventKind. {x:r}: field x (a, b or c) read as r:
//   m member   A account   n number   t time   P proposal's state   D tests failed   S member's status   Q sale's state
//   E redemption's state   R role   C change of a role   X error   K kind of transaction   B ballot   W why a deadline
//   moved   d delegate + 1   r rules changed   $ the amount, of the asset in that field   * the amount, asset not told
constexpr std::array<std::string_view, 45> kSentences{
    "",
    "account {a:A} is made",
    "member {a:m} is admitted, with account {b:A}",
    "somebody asks to join",
    "member {a:m} has {c:n} units of class {b:n}",
    "member {a:m} is {b:S}",
    "member {a:m} {b:d}",
    "account {a:A} has a new key",
    "a recovery of member {a:m}'s key is open until {b:t}",
    "the recovery of member {a:m}'s key has ended",
    "proposal {a:n} is open; its electorate is that of height {b:n}, voting begins {c:t}",
    "voting on proposal {a:n} begins",
    "member {b:m} votes {c:B} on proposal {a:n}",
    "the deadline of proposal {a:n} moves to {b:t}: {c:W}",
    "the vote on proposal {a:n} ends: {b:P}{c:D}",
    "proposal {a:n} is executed",
    "the execution of proposal {a:n} failed: {b:X}",
    "proposal {a:n} is canceled",
    "proposal {a:n} has expired",
    "sale {a:n} is authorised by proposal {b:n}",
    "{*} came in for sale {a:n}",
    "sale {a:n} is funded with {*}",
    "sale {a:n} is {b:Q}",
    "the payout of sale {a:n} is approved, due {b:t}",
    "the payout of sale {a:n} is paused until {b:t}",
    "the payout of sale {a:n} goes on",
    "the payout of sale {a:n} is done: {*} over {b:n} units",
    "member {a:m} is paid {c:$} out of what class {b:n} was owed",
    "account {a:A} pays {c:$} to account {b:A}",
    "the treasury pays {c:$} to account {a:A}",
    "account {b:A} asks for redemption {a:n} of {c:$}",
    "redemption {a:n} is {b:E}",
    "{a:R}: account {b:A} {c:C}",
    "action {a:n} is open: {b:K}",
    "account {b:A} approves action {a:n}",
    "action {a:n} is done",
    "{a:r}",
    "asset {a:n} is created",
    "share class {a:n} is created",
    "rules version {a:n} is decided, from {b:t}",
    "rules version {a:n} is in force",
    "account {c:A} attests the audit of heights {a:n} to {b:n}",
    "account {b:A} takes back its approval of action {a:n}",
    "action {a:n} is dropped",
    "member {a:m} confirms the membership",
};
static_assert(kSentences.size() == moot::v1::EventKind_ARRAYSIZE);

std::string lower(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

template <class E>
std::string word_of(u64 value) {
  return lower(enum_text(static_cast<E>(value)));
}

std::string tests_failed(u64 mask) {
  std::string out;
  constexpr std::array<std::string_view, 4> kTests{"quorum", "approval", "support", "veto"};
  for (std::size_t bit = 0; bit < kTests.size(); ++bit)
    if ((mask >> bit & 1) != 0) out += (out.empty() ? ", failing: " : ", ") + std::string(kTests[bit]);
  return out;
}

std::string role_change(u64 value) {
  constexpr std::array<std::string_view, 7> kChanges{
      "changes",  "is granted it",         "loses it", "gets a new term", "and the threshold changes",
      "resigned", "reached its term's end"};
  return std::string(kChanges[value < kChanges.size() ? value : 0]);
}

std::string why_moved(u64 value) {
  constexpr std::array<std::string_view, 4> kWhy{"", "a late quorum", "a late change of the result",
                                                 "an outage"};
  return std::string(kWhy[value < kWhy.size() ? value : 0]);
}

std::string error_name(u64 code) { return std::string(ledger::reason(static_cast<ledger::TxError>(code))); }

std::string rules_changed(const Event& event) {
  if (event.a() == 255) return "a parameter is " + std::to_string(event.c());
  return "the policy of " + std::string(ledger::word(static_cast<ledger::ProposalKind>(event.a()))) +
         " proposals changed";
}

std::string amount_of(const Event& event, const AssetBook& assets, std::optional<AssetId> asset) {
  const auto amount = parse_base_units(event.amount());
  if (!amount) return "nothing";
  if (!asset) return base_units(*amount) + " base units";
  return assets.render(*asset, *amount);
}

std::string rendered(const Event& event, const AssetBook& assets, u64 value, char role) {
  switch (role) {
    case 't': return time_text(TimeMs{value});
    case 'P': return word_of<moot::v1::ProposalState>(value);
    case 'D': return tests_failed(value);
    case 'S': return word_of<moot::v1::MemberStatus>(value);
    case 'Q': return word_of<moot::v1::SaleState>(value);
    case 'E': return word_of<moot::v1::RedemptionState>(value);
    case 'R': return word_of<moot::v1::Role>(value);
    case 'C': return role_change(value);
    case 'X': return error_name(value);
    case 'K': return std::string(ledger::word(static_cast<ledger::TxKind>(value)));
    case 'B': return enum_text(static_cast<moot::v1::Choice>(value >> 56));
    case 'W': return why_moved(value);
    case 'd':
      return value == 0 ? "has no delegate" : "names member " + std::to_string(value - 1) + " as delegate";
    case 'r': return rules_changed(event);
    case '$': return amount_of(event, assets, AssetId{value});
    default: return std::to_string(value);
  }
}

u64 field_of(const Event& event, char name) {
  return name == 'a' ? event.a() : name == 'b' ? event.b() : event.c();
}

std::string_view sentence_of(const Event& event) {
  const auto kind = static_cast<std::size_t>(event.kind());
  return kind < kSentences.size() ? kSentences[kind] : std::string_view{};
}

// The next {…} in a sentence; its two letters, the second '*' for the amount alone.
struct Place {
  std::size_t begin;
  std::size_t end;
  char field;
  char role;
};
std::optional<Place> next_place(std::string_view sentence, std::size_t from) {
  const auto begin = sentence.find('{', from);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto end = sentence.find('}', begin);
  const bool alone = end - begin == 2;
  return Place{begin, end + 1, sentence[begin + 1], alone ? '*' : sentence[begin + 3]};
}

}  // namespace

std::string event_text(const Event& event, const AssetBook& assets) {
  const auto sentence = sentence_of(event);
  if (sentence.empty()) return "an event of kind " + std::to_string(event.kind());
  std::string out;
  std::size_t at = 0;
  while (const auto place = next_place(sentence, at)) {
    out += sentence.substr(at, place->begin - at);
    out += place->role == '*' ? amount_of(event, assets, assets.only())
                              : rendered(event, assets, field_of(event, place->field), place->role);
    at = place->end;
  }
  return out + std::string(sentence.substr(at));
}

bool concerns(const Event& event, const Party& party) {
  const auto sentence = sentence_of(event);
  std::size_t at = 0;
  while (const auto place = next_place(sentence, at)) {
    const u64 value = place->role == '*' ? 0 : field_of(event, place->field);
    if (place->role == 'm' && party.member == value) return true;
    if (place->role == 'A' && party.account == value) return true;
    if (place->role == 'd' && party.member && value == *party.member + 1) return true;
    at = place->end;
  }
  return false;
}

}  // namespace moot::wallet
