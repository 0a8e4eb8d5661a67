#include "ledger/payout.hpp"
#include "ledger/settlement.hpp"
#include "node/api/paging.hpp"
#include "node/api/payout_cache.hpp"
#include "node/api/redemption_index.hpp"
#include "node/api/services.hpp"
#include "node/api/views.hpp"

namespace moot::node::api {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using grpc::Status;
using ledger::State;

struct Treasury {
  Context& api;
  PayoutCache payouts;
  RedemptionIndex redemptions;
};

Status get_asset(Treasury& self, const pb::GetAssetRequest& request, pb::GetAssetResponse& out) {
  const SnapshotPtr snapshot = self.api.node.snapshot();
  const State& state = snapshot->state;
  fill_context(*snapshot, *out.mutable_context());
  if (request.by_case() == pb::GetAssetRequest::BY_NOT_SET)
    return bad_field("asset", "or symbol must be given");
  for (u64 id = 0; id < state.assets.size(); ++id) {
    if (request.has_asset() ? request.asset() != id : request.symbol() != state.assets[id].symbol) continue;
    view_asset(state, AssetId{id}, *out.mutable_asset());
    return Status::OK;
  }
  return not_found("asset", request.has_asset() ? std::to_string(request.asset()) : request.symbol());
}

Status list_assets(Treasury& self, const pb::ListAssetsRequest& request, pb::ListAssetsResponse& out) {
  const auto page = open_page(self.api, "ListAssets", request);
  if (!page) return page.error();
  const State& state = page->snapshot->state;
  fill_context(*page->snapshot, *out.mutable_context());
  out.set_next_page_token(walk(self.api, *page, state.assets.size(), [&](u64 id) {
    view_asset(state, AssetId{id}, *out.add_assets());
    return true;
  }));
  return Status::OK;
}

Status get_sale(Treasury& self, const pb::GetSaleRequest& request, pb::GetSaleResponse& out) {
  const SnapshotPtr snapshot = self.api.node.snapshot();
  fill_context(*snapshot, *out.mutable_context());
  if (!snapshot->state.sales.contains(request.sale()))
    return not_found("sale", std::to_string(request.sale()));
  view_sale(snapshot->state, SaleId{request.sale()}, *out.mutable_sale());
  return Status::OK;
}

Status list_sales(Treasury& self, const pb::ListSalesRequest& request, pb::ListSalesResponse& out) {
  const auto page = open_page(self.api, "ListSales", request);
  if (!page) return page.error();
  const State& state = page->snapshot->state;
  fill_context(*page->snapshot, *out.mutable_context());
  const u64 count = state.sales.size();
  out.set_next_page_token(walk(self.api, *page, count, [&](u64 position) {
    const u64 id = count - 1 - position;
    const auto stands = enum_to_proto<pb::SaleState>(state.sales[id].state);
    if (!request.states().empty() && std::ranges::count(request.states(), stands) == 0) return false;
    view_sale(state, SaleId{id}, *out.add_sales());
    return true;
  }));
  return Status::OK;
}

// P and the treasury's part, as recorded once funded, or as supposed before.
struct Proceeds {
  Amount total;
  Amount reserve;
  bool supposed = false;
  [[nodiscard]] Amount shared() const { return Amount{total.raw() - reserve.raw()}; }
};

std::expected<Proceeds, Status> proceeds_for(const ledger::Sale& sale, const std::string& supposed) {
  const bool funded = sale.state == ledger::SaleState::funded || sale.state == ledger::SaleState::approved ||
                      sale.state == ledger::SaleState::paid_out;
  if (supposed.empty()) {
    if (funded) return Proceeds{sale.proceeds(), sale.reserve};
    return std::unexpected(
        api_error(grpc::StatusCode::FAILED_PRECONDITION, pb::API_ERROR_REASON_NOT_FUNDED,
                  "The sale is not funded; name proceeds to suppose, or wait for the money."));
  }
  const auto amount = from_decimal(supposed);
  if (!amount)
    return std::unexpected(
        bad_field("suppose_proceeds", "must be the decimal text of an integer of base units"));
  if (funded && *amount != sale.proceeds().raw())
    return std::unexpected(
        bad_field("suppose_proceeds", "must be empty: the sale is funded, its proceeds are known"));
  const Amount total{*amount};
  return Proceeds{total, ledger::reserve_of(total, sale.terms.reserve), !funded};
}

void fill_share(const State& state, AssetId asset, const PayoutShares& all, const ledger::Share& share,
                pb::Share& out) {
  out.set_member(share.member.value);
  out.set_units(share.units.raw());
  view_money(state, asset, all.amount_of(share), *out.mutable_amount());
  out.set_extra(all.has_extra(share));
}

void fill_totals(const State& state, AssetId asset, const PayoutShares& all, pb::PreviewPayoutResponse& out) {
  out.set_members(all.shares.size());
  out.set_members_without_share(all.without_share);
  view_money(state, asset, all.smallest, *out.mutable_smallest());
  view_money(state, asset, all.median, *out.mutable_median());
  view_money(state, asset, all.largest, *out.mutable_largest());
  view_money(state, asset, all.sum, *out.mutable_sum());
  out.set_draw(ledger::is_draw(all.terms.amount, all.shares.size()));
}

Status preview_payout(Treasury& self, const pb::PreviewPayoutRequest& request,
                      pb::PreviewPayoutResponse& out) {
  const auto page = open_page(self.api, "PreviewPayout", request);
  if (!page) return page.error();
  const State& state = page->snapshot->state;
  fill_context(*page->snapshot, *out.mutable_context());
  const ledger::Sale* sale = state.sales.find(request.sale());
  if (!sale) return not_found("sale", std::to_string(request.sale()));
  const SaleId id{request.sale()};
  const auto proceeds = proceeds_for(*sale, request.suppose_proceeds());
  if (!proceeds) return proceeds.error();
  const auto show = [&](const ledger::PayoutRecord& shown, const ledger::PayoutRecord& approved) {
    const Proceeds& p = *proceeds;
    view_payout(state, id, {p.total, p.reserve, shown}, *out.mutable_payout());
    const Hash digest = ledger::payout_digest(state.chain->ledger_id, id, p.total, p.reserve, approved);
    if (!p.supposed) out.mutable_payout()->set_digest(to_bytes(digest.bytes));
  };
  if (proceeds->shared().is_zero()) {  // the reserve takes all: a record of U and R alone (6.4)
    ledger::PayoutRecord nothing;
    nothing.total = Units{state.classes[sale->terms.share_class.value].total.at(sale->record_height)};
    nothing.record_height = sale->record_height;
    show(nothing, nothing);
    view_money(state, sale->terms.asset, Amount{}, *out.mutable_sum());
    return Status::OK;
  }
  const PayoutSharesPtr all = self.payouts.shares(state, id, proceeds->shared());
  if (!all) return not_found("unit of the class", "at the sale's record height");
  show(sale->payout ? *sale->payout : all->record, all->record);
  fill_totals(state, sale->terms.asset, *all, out);
  out.set_next_page_token(walk(self.api, *page, all->shares.size(), [&](u64 position) {
    fill_share(state, sale->terms.asset, *all, all->shares[position], *out.add_shares());
    return true;
  }));
  return Status::OK;
}

Status get_payout(Treasury& self, const pb::GetPayoutRequest& request, pb::GetPayoutResponse& out) {
  const SnapshotPtr snapshot = self.api.node.snapshot();
  const State& state = snapshot->state;
  fill_context(*snapshot, *out.mutable_context());
  const ledger::Sale* sale = state.sales.find(request.payout());
  if (!sale || !sale->payout) return not_found("executed payout", std::to_string(request.payout()));
  const SaleId id{request.payout()};
  view_payout(state, id, {sale->proceeds(), sale->reserve, *sale->payout}, *out.mutable_payout());
  out.mutable_payout()->set_digest(to_bytes(
      ledger::payout_digest(state.chain->ledger_id, id, sale->proceeds(), sale->reserve, *sale->payout)
          .bytes));
  out.set_paid_out_height(sale->paid_out.raw());
  return Status::OK;
}

Status get_entitlement(Treasury& self, const pb::GetEntitlementRequest& request,
                       pb::GetEntitlementResponse& out) {
  const SnapshotPtr snapshot = self.api.node.snapshot();
  const State& state = snapshot->state;
  fill_context(*snapshot, *out.mutable_context());
  const ledger::Sale* sale = state.sales.find(request.payout());
  if (!sale || !sale->payout) return not_found("executed payout", std::to_string(request.payout()));
  const auto member = find_member(state, request.member());
  if (!member) return member.error();
  const ledger::Member& record = state.members[member->value];
  const PayoutShares payout{.terms = {.ledger_id = state.chain->ledger_id,
                                      .sale = SaleId{request.payout()},
                                      .amount = sale->payout->amount,
                                      .record_height = sale->record_height},
                            .record = *sale->payout,
                            .shares = {},
                            .smallest = {},
                            .median = {},
                            .largest = {},
                            .sum = {}};
  const ledger::Share share{*member, record.units_at(sale->terms.share_class, sale->record_height)};
  if (share.units.is_zero()) {
    out.mutable_share()->set_member(member->value);
    view_money(state, sale->terms.asset, Amount{}, *out.mutable_share()->mutable_amount());
    return Status::OK;
  }
  fill_share(state, sale->terms.asset, payout, share, *out.mutable_share());
  const auto& payouts = state.classes[sale->terms.share_class.value].payouts;
  const auto place = std::ranges::find(payouts, SaleId{request.payout()}) - payouts.begin();
  const ledger::Holding* holding = record.holding(sale->terms.share_class);
  out.set_settled(holding && holding->settled > place);
  return Status::OK;
}

std::expected<AccountId, Status> account_of(const State& state, const pb::GetBalanceRequest& request) {
  switch (request.by_case()) {
    case pb::GetBalanceRequest::kAddress: return find_account(state, request.address());
    case pb::GetBalanceRequest::kAccount: return find_account(state, request.account());
    case pb::GetBalanceRequest::kMember: {
      const auto member = find_member(state, request.member());
      if (!member) return std::unexpected(member.error());
      return state.members[member->value].account;
    }
    case pb::GetBalanceRequest::BY_NOT_SET: break;
  }
  return std::unexpected(bad_field("address", "or account or member must be given"));
}

struct Owed {
  Amount amount;
  u64 payouts = 0;
};

// By asset: what executed payouts owe the member of an account.
std::map<AssetId, Owed> owed_to(const State& state, const ledger::Account& account) {
  std::map<AssetId, Owed> out;
  if (account.member == ledger::kNone) return out;
  const MemberId member{account.member};
  for (const ledger::Holding& holding : state.members[member.value].holdings) {
    const u64 count = ledger::unsettled_count(state, member, holding.share_class);
    const auto unsettled = ledger::unsettled(state, member, holding.share_class, count);
    for (const auto& [asset, amount] : unsettled.amounts)
      out[asset].amount = Amount{out[asset].amount.raw() + amount.raw()};
    const auto& payouts = state.classes[holding.share_class.value].payouts;
    for (u64 at = payouts.size() - count; at < payouts.size(); ++at)
      ++out[state.sales[payouts[at].value].terms.asset].payouts;
  }
  return out;
}

Status get_balance(Treasury& self, const pb::GetBalanceRequest& request, pb::GetBalanceResponse& out) {
  const SnapshotPtr snapshot = self.api.node.snapshot();
  const State& state = snapshot->state;
  fill_context(*snapshot, *out.mutable_context());
  auto id = account_of(state, request);
  if (!id) return id.error();
  if (state.accounts[id->value].retired()) id = AccountId{state.accounts[id->value].extra->retired_of};
  const ledger::Account& account = state.accounts[id->value];
  out.set_account(id->value);
  out.set_address(to_bytes(account.address.bytes));
  out.set_frozen_until_ms(account.extra->frozen_until.raw());
  const auto owed = owed_to(state, account);
  const auto locked = self.redemptions.locked(*snapshot, *id);
  for (u64 index = 0; index < state.assets.size(); ++index) {
    const AssetId asset{index};
    const Amount stored = account.balance(asset);
    const Owed due = owed.contains(asset) ? owed.at(asset) : Owed{};
    const Amount held = locked.contains(asset) ? locked.at(asset) : Amount{};
    if (stored.is_zero() && due.payouts == 0 && held.is_zero()) continue;
    pb::AssetBalance& one = *out.add_balances();
    one.set_asset(index);
    one.set_symbol(state.assets[index].symbol);
    view_money(state, asset, stored, *one.mutable_stored());
    view_money(state, asset, due.amount, *one.mutable_entitled());
    view_money(state, asset, held, *one.mutable_locked());
    view_money(state, asset, Amount{stored.raw() + due.amount.raw()}, *one.mutable_spendable());
    one.set_unsettled_payouts(due.payouts);
  }
  return Status::OK;
}

Status list_redemptions(Treasury& self, const pb::ListRedemptionsRequest& request,
                        pb::ListRedemptionsResponse& out) {
  const auto page = open_page(self.api, "ListRedemptions", request);
  if (!page) return page.error();
  const State& state = page->snapshot->state;
  fill_context(*page->snapshot, *out.mutable_context());
  const u64 count = state.redemptions.size();
  out.set_next_page_token(walk(self.api, *page, count, [&](u64 position) {
    const u64 id = count - 1 - position;
    const ledger::Redemption& redemption = state.redemptions[id];
    if (request.state() != pb::REDEMPTION_STATE_UNSPECIFIED &&
        request.state() != enum_to_proto<pb::RedemptionState>(redemption.state))
      return false;
    if (request.has_account() && request.account() != redemption.account.value) return false;
    view_redemption(state, RedemptionId{id}, *out.add_redemptions());
    return true;
  }));
  return Status::OK;
}

class TreasuryService final : public pb::TreasuryService::CallbackService {
 public:
  explicit TreasuryService(Context& context) : treasury_{.api = context, .payouts = {}, .redemptions = {}} {}

  // One method of the generated base class, answered by one function above.
#define MOOT_ANSWER(Method, function, how)                                                    \
  ServerUnaryReactor* Method(CallbackServerContext* call, const pb::Method##Request* request, \
                             pb::Method##Response* response) override {                       \
    return how(treasury_.api, call, request, response,                                        \
               [this](const auto& in, auto& out) { return function(treasury_, in, out); });   \
  }
  MOOT_ANSWER(GetAsset, get_asset, answer_now)
  MOOT_ANSWER(ListAssets, list_assets, answer_now)
  MOOT_ANSWER(GetSale, get_sale, answer_now)
  MOOT_ANSWER(ListSales, list_sales, answer_now)
  MOOT_ANSWER(PreviewPayout, preview_payout, answer_slowly)
  MOOT_ANSWER(GetPayout, get_payout, answer_now)
  MOOT_ANSWER(GetEntitlement, get_entitlement, answer_now)
  MOOT_ANSWER(GetBalance, get_balance, answer_now)
  MOOT_ANSWER(ListRedemptions, list_redemptions, answer_now)
#undef MOOT_ANSWER

 private:
  Treasury treasury_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_treasury_service(Context& context) {
  return std::make_unique<TreasuryService>(context);
}

}  // namespace moot::node::api
