#include "wallet/payout_check.hpp"

#include "wallet/asset_book.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

constexpr int kPage = 1'000;
constexpr auto kPreviewTimeout = std::chrono::minutes(5);  // the first page computes the payout

std::unexpected<Failure> differs(const std::string& what) {
  return fail("the payout that this wallet computes is not the node's: " + what,
              "Do not approve it; ask another node, and tell the auditors", ExitCode::verification_failed);
}

Amount amount_of(const pb::Money& money) { return parse_base_units(money.amount()).value_or(Amount{}); }

std::vector<ledger::Share> shares_of(const WholePreview& preview) {
  std::vector<ledger::Share> out;
  out.reserve(preview.shares.size());
  for (const auto& share : preview.shares) out.push_back({MemberId{share.member()}, Units{share.units()}});
  return out;
}

// Units add up, and each member once: what compute_payout relies on.
bool shares_are_sound(const std::vector<ledger::Share>& shares, u64 total) {
  u64 sum = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (i > 0 && shares[i].member <= shares[i - 1].member) return false;
    if (shares[i].units.is_zero() || shares[i].units.raw() > total - sum) return false;
    sum += shares[i].units.raw();
  }
  return sum == total && total > 0;
}

Result<void> check_shares(const ledger::PayoutTerms& terms, const ledger::PayoutRecord& record,
                          const WholePreview& preview) {
  u128 sum = 0;
  for (const auto& share : preview.shares) {
    const Amount due = ledger::entitlement(terms, record, MemberId{share.member()}, Units{share.units()});
    if (due != amount_of(share.amount()))
      return differs("member " + std::to_string(share.member()) + " is due " + base_units(due) +
                     " base units, it says " + share.amount().amount());
    sum += due.raw();
  }
  if (Amount{sum} != terms.amount) return differs("the shares do not add up to " + base_units(terms.amount));
  return {};
}

}  // namespace

Result<WholePreview> fetch_preview(const NodeClient& client, SaleId sale, const std::string& suppose,
                                   bool all_shares) {
  WholePreview out;
  pb::PreviewPayoutRequest request;
  request.set_sale(sale.value);
  request.set_suppose_proceeds(suppose);
  request.set_page_size(all_shares ? kPage : 1);
  do {
    auto page =
        client.call(&pb::TreasuryService::Stub::PreviewPayout, client.treasury(), request, kPreviewTimeout);
    if (!page) return std::unexpected(page.error());
    request.set_page_token(page->next_page_token());
    if (all_shares) out.shares.insert(out.shares.end(), page->shares().begin(), page->shares().end());
    page->clear_shares();
    out.totals = std::move(*page);
  } while (all_shares && !request.page_token().empty());
  return out;
}

Result<ComputedPayout> check_payout(const LedgerId& ledger_id, Ppm reserve_part,
                                    const WholePreview& preview) {
  const pb::Payout& told = preview.totals.payout();
  ComputedPayout out{.proceeds = amount_of(told.proceeds()), .reserve = {}, .record = {}, .digest = {}};
  out.reserve = ledger::reserve_of(out.proceeds, reserve_part);
  if (out.reserve != amount_of(told.reserve())) return differs("the reserve is " + base_units(out.reserve));
  const ledger::PayoutTerms terms{.ledger_id = ledger_id,
                                  .sale = SaleId{told.id()},
                                  .amount = Amount{out.proceeds.raw() - out.reserve.raw()},
                                  .record_height = Height{told.record_height()}};
  if (terms.amount.is_zero()) {  // the reserve takes all: a record without shares (6.4)
    out.record.total = Units{told.total_units()};
    out.record.record_height = terms.record_height;
  } else {
    const auto shares = shares_of(preview);
    if (!shares_are_sound(shares, told.total_units())) return differs("the members' units do not add up");
    out.record = ledger::compute_payout(terms, shares);
    if (auto same = check_shares(terms, out.record, preview); !same) return std::unexpected(same.error());
    if (out.record.extras != told.extras()) return differs("its number of extras");
  }
  out.digest = ledger::payout_digest(ledger_id, terms.sale, out.proceeds, out.reserve, out.record);
  if (!told.digest().empty() && out.digest != hash_in(told.digest())) return differs("its digest");
  return out;
}

}  // namespace moot::wallet
