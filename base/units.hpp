// Quantities and identifiers that mix only with their own kind.
//
// A Quantity is something counted (units, voting power, money, milliseconds); an Id is a position given by the ledger.
// Neither converts implicitly and neither does unchecked arithmetic: the caller decides what an overflow means.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>

namespace moot {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
__extension__ using u128 = unsigned __int128;

inline constexpr u128 kMaxU128 = ~u128{0};

template <class Tag, class Raw = u64>
class Quantity {
 public:
  using raw_type = Raw;

  constexpr Quantity() = default;
  constexpr explicit Quantity(Raw raw) : raw_(raw) {}

  [[nodiscard]] constexpr Raw raw() const { return raw_; }
  [[nodiscard]] constexpr bool is_zero() const { return raw_ == 0; }

  // The sum, or nothing when it would not fit.
  [[nodiscard]] constexpr std::optional<Quantity> checked_add(Quantity other) const {
    const Raw sum = static_cast<Raw>(raw_ + other.raw_);
    if (sum < raw_) return std::nullopt;
    return Quantity{sum};
  }

  // The difference, or nothing when it would fall below zero.
  [[nodiscard]] constexpr std::optional<Quantity> checked_sub(Quantity other) const {
    if (other.raw_ > raw_) return std::nullopt;
    return Quantity{static_cast<Raw>(raw_ - other.raw_)};
  }

  friend constexpr auto operator<=>(Quantity, Quantity) = default;

 private:
  Raw raw_ = 0;
};

// A dense number given by the ledger: position is identity (docs/protocol.md, "State tree").
template <class Tag>
struct Id {
  u64 value = 0;

  constexpr Id() = default;
  constexpr explicit Id(u64 v) : value(v) {}
  friend constexpr auto operator<=>(Id, Id) = default;
};

using Units = Quantity<struct UnitsTag>;          // units a member holds in a share class
using Power = Quantity<struct PowerTag>;          // voting power: members or units, by the proposal's basis
using Amount = Quantity<struct AmountTag, u128>;  // an asset's base units, never whole tokens
using Height = Quantity<struct HeightTag>;        // block number; genesis is 0
using TimeMs = Quantity<struct TimeTag>;          // milliseconds since the Unix epoch, ledger time
using DurationMs = Quantity<struct DurationTag>;  // milliseconds
using Ppm = Quantity<struct PpmTag, u32>;         // parts per million

using AccountId = Id<struct AccountIdTag>;
using MemberId = Id<struct MemberIdTag>;
using ClassId = Id<struct ClassIdTag>;
using AssetId = Id<struct AssetIdTag>;
using ProposalId = Id<struct ProposalIdTag>;
using SaleId = Id<struct SaleIdTag>;  // also the id of the sale's payout
using RedemptionId = Id<struct RedemptionIdTag>;

inline constexpr u64 kMillion = 1'000'000;  // the whole, in parts per million
inline constexpr u64 kDayMs = 86'400'000;   // a day, in milliseconds

// The time `after` a moment; the end of time when it would not fit.
constexpr TimeMs later(TimeMs time, DurationMs after) {
  return time.checked_add(TimeMs{after.raw()}).value_or(TimeMs{~u64{0}});
}

}  // namespace moot
