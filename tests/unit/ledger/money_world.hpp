// A LedgerWorld for money: one treasurer is enough, and a sale's whole life is a few calls.
#pragma once

#include "ledger/payout_preview.hpp"
#include "ledger/settlement.hpp"
#include "ledger/text.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {

using namespace ledger;

inline const AssetId kUsdx{0};
inline const AssetId kTok{1};
inline const ClassId kData{0};

inline Genesis money_genesis() {
  Genesis genesis = test_genesis();
  genesis.roles[Role::treasurer].threshold = 1;
  return genesis;
}

class MoneyWorld : public LedgerWorld {
 public:
  MoneyWorld() : LedgerWorld(money_genesis()) {}
  explicit MoneyWorld(const Genesis& genesis) : LedgerWorld(genesis) {}

  [[nodiscard]] std::string text(AssetId asset, u128 amount) const {
    const Asset& of = state().assets[asset.value];
    return render_amount(Amount{amount}, of.decimals, of.symbol);
  }
  [[nodiscard]] TimeMs soon() const { return TimeMs{now().raw() + kHour}; }

  [[nodiscard]] static SaleTerms terms(AssetId asset, u128 minimum, u128 maximum, u32 reserve = 0) {
    return {.share_class = kData,
            .buyer = test_address("buyer"),
            .asset = asset,
            .min_price = Amount{minimum},
            .max_price = Amount{maximum},
            .terms_hash = {},
            .reserve = Ppm{reserve},
            .funding = DurationMs{kDay}};
  }
  // Proposes, passes early with every vote, and executes in the next block.
  void pass(ProposalKind kind, std::vector<Action> actions) {
    const ProposalId id = propose(kind, std::move(actions));
    for (const char* voter : {"m0", "m1", "m2", "m3", "m4"})
      if (state().proposals[id.value].state == ProposalState::active) vote(voter, id, Choice::in_favour);
    block();
    ASSERT_EQ(state().proposals[id.value].state, ProposalState::executed);
  }
  SaleId authorise(const SaleTerms& sale) {
    pass(ProposalKind::sale, {sale});
    return SaleId{state().sales.size() - 1};
  }

  [[nodiscard]] RecordProceeds proceeds(SaleId sale, u128 amount, std::string reference = {}) const {
    if (reference.empty()) reference = "wire " + std::to_string(height().raw());
    return {.sale = sale,
            .amount = Amount{amount},
            .amount_text = text(this->sale(sale).terms.asset, amount),
            .reference = std::move(reference),
            .expires = soon()};
  }
  [[nodiscard]] PaySale payment(SaleId sale, u128 amount) const {
    return {
        .sale = sale, .amount = Amount{amount}, .amount_text = text(this->sale(sale).terms.asset, amount)};
  }
  [[nodiscard]] ApprovePayout approval(SaleId sale) const {
    const PayoutPreview preview = preview_payout(state(), nullptr, sale);
    return {.payout = sale,
            .payout_digest = preview.digest,
            .total = preview.proceeds,
            .total_text = text(this->sale(sale).terms.asset, preview.proceeds.raw()),
            .expires = soon()};
  }
  [[nodiscard]] PausePayout pause(SaleId sale, u64 for_ms) const {
    return {.payout = sale, .until = TimeMs{now().raw() + for_ms}, .reason = "a question", .expires = soon()};
  }
  [[nodiscard]] Transfer transfer(AssetId asset, std::string_view to, u128 amount) const {
    return {
        .asset = asset, .to = test_address(to), .amount = Amount{amount}, .amount_text = text(asset, amount)};
  }
  [[nodiscard]] RequestRedemption redemption(u128 amount, AssetId asset = kUsdx) const {
    return {
        .asset = asset, .amount = Amount{amount}, .amount_text = text(asset, amount), .destination = "IBAN"};
  }
  // An authorised sale that recorded proceeds have funded.
  SaleId funded(u128 amount, u32 reserve = 0, AssetId asset = kUsdx) {
    const SaleId id = authorise(terms(asset, amount, amount, reserve));
    run("t0", proceeds(id, amount));
    return id;
  }
  // A sale's whole life: `amount` USDX shared out over class 0.
  SaleId paid_out(u128 amount, u32 reserve = 0) {
    const SaleId id = funded(amount, reserve);
    run("t0", approval(id));
    block();
    return id;
  }

  [[nodiscard]] const Sale& sale(SaleId id) const { return state().sales[id.value]; }
  [[nodiscard]] const Asset& asset(AssetId id) const { return state().assets[id.value]; }
  [[nodiscard]] u128 stored(std::string_view label, AssetId id = kUsdx) const {
    return state().accounts[account(label).value].balance(id).raw();
  }
  [[nodiscard]] u128 owns(std::string_view label, AssetId id = kUsdx) const {
    return spendable(state(), account(label), id).raw();
  }
};

}  // namespace moot::test
