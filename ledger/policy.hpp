// How one kind of proposal is decided. A proposal copies the policy of its kind when it opens; nothing that changes
// later touches it (product.md §5, rules.md §5).
#pragma once

#include "ledger/tx_error.hpp"
#include "ledger/types.hpp"

namespace moot::ledger {

// What a vote weighs: one per member, the units of a named class, or the units of the class that a sale sells.
enum class BasisKind : u8 { members = 0, units_of_class = 1, units_of_sale_class = 2 };
constexpr bool is_known(BasisKind v) { return v <= BasisKind::units_of_sale_class; }
std::string_view word(BasisKind value);  // "members", "units-of-class", "units-of-sale-class"
std::optional<BasisKind> parse_basis_kind(std::string_view text);

struct Policy {
  BasisKind basis = BasisKind::members;
  ClassId basis_class;          // only with units_of_class
  bool confirmed_only = false;  // a member counts from its own first transaction (3.8)
  bool vote_change = false;     // on: ballots may change, and there are no early results (5.6, 5.7)
  u8 max_changes = 0;           // per member, with vote_change
  Ppm quorum;                   // q of W that must be cast
  Ppm approval;                 // p of W that must be For
  Ppm support{500'000};         // t: For against For + Against + Veto, strictly more
  Ppm veto;                     // z of cast; 0 means no veto
  DurationMs delay;             // from opening block to opens_at
  DurationMs period{7 * kDayMs};
  DurationMs min_open;                // earliest early pass after opens_at
  DurationMs extension;               // late quorum and late flip (5.8); ≤ period
  DurationMs timelock;                // close to eta
  DurationMs grace{14 * kDayMs};      // eta to the end of the window
  DurationMs record_lag{7 * kDayMs};  // how far back the record height lies (3.5)
  ClassId minimum_class;              // class of the proposer's minimum units
  Units minimum_units;                // 0: no minimum
  u8 reserved_live = 0;               // of max_live_proposals, kept free for this kind (5.1)

  template <class Self, class V>
  static void describe(Self& self, V&& v) {
    v("basis", self.basis);
    v("basisClass", self.basis_class);
    v("confirmedOnly", self.confirmed_only);
    v("voteChange", self.vote_change);
    v("maxChanges", self.max_changes);
    v("quorum", self.quorum);
    v("approval", self.approval);
    v("support", self.support);
    v("veto", self.veto);
    v("delay", self.delay);
    v("period", self.period);
    v("minOpen", self.min_open);
    v("extension", self.extension);
    v("timelock", self.timelock);
    v("grace", self.grace);
    v("recordLag", self.record_lag);
    v("minimumClass", self.minimum_class);
    v("minimumUnits", self.minimum_units);
    v("reservedLive", self.reserved_live);
  }
  friend bool operator==(const Policy&, const Policy&) = default;
};

// Kinds that move money, roles, policies or members: stricter floors (5.5) and a default record lag of 7 days (3.5).
bool is_weighty(ProposalKind kind);

// The bounds of rule 5.5, and that durations are sane (period > 0, extension and min_open ≤ period, each ≤ 366 days, the
// record lag ≤ 30 days). A basis by the sale's class is for sales only. bad_value for what no kind allows,
// policy_too_weak below the floor of a weighty kind. `min_timelock` is the parameter of that name.
Verdict check_policy(ProposalKind kind, const Policy& policy, DurationMs min_timelock);

// Field by field the stricter of two (5.5): what a policy change itself must meet. What has no stricter side (basis,
// vote change, reserved places, minimum units of different classes) is taken from `a`, the change's own policy.
Policy stricter(const Policy& a, const Policy& b);

// What a genesis that says nothing about this kind gets (docs/genesis.md): one member one vote, quorum 20 %, more For
// than Against, no veto, seven days. Weighty kinds add a record lag of 7 days, a day before early results and a timelock
// of a day; kinds that change who decides (roles, policy, membership, upgrade) need two thirds and wait two days.
Policy default_policy(ProposalKind kind);

}  // namespace moot::ledger
