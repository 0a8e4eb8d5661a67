// What a node shows as an open action, read without trusting it; payouts computed beside the node's; audit reports.
#include "wallet/role_actions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/wallet/support.hpp"
#include "wallet/audit_report.hpp"
#include "wallet/payout_check.hpp"

namespace moot::wallet {
namespace {

using ::testing::HasSubstr;

std::string bytes_of(u8 value, std::size_t count) { return std::string(count, static_cast<char>(value)); }
Hash hash_of(u8 value) {
  Hash out;
  out.bytes.fill(value);
  return out;
}
Address address_of(u8 value) {
  Address out;
  out.bytes.fill(value);
  return out;
}

// Each kind of role action with every field set, as the wire and as the ledger have it.
struct Pair {
  pb::Payload message;
  ledger::Payload payload;
};

std::vector<Pair> membership_pairs() {
  std::vector<Pair> out(4);
  auto& admit = *out[0].message.mutable_admit_members();
  admit.set_share_class(2);
  admit.set_expires(9);
  auto& member = *admit.add_members();
  member.set_address(bytes_of(5, 20));
  member.set_units(11);
  member.set_consent_hash(bytes_of(6, 32));
  out[0].payload = ledger::AdmitMembers{
      .share_class = ClassId{2}, .members = {{address_of(5), Units{11}, hash_of(6)}}, .expires = TimeMs{9}};
  auto& grant = *out[1].message.mutable_grant_units();
  grant.set_share_class(2);
  grant.set_expires(9);
  grant.add_grants()->set_member(4);
  grant.mutable_grants(0)->set_units(8);
  out[1].payload = ledger::GrantUnits{
      .share_class = ClassId{2}, .grants = {{MemberId{4}, Units{8}}}, .expires = TimeMs{9}};
  auto& revoke = *out[2].message.mutable_revoke_units();
  revoke.set_share_class(2);
  revoke.set_member(4);
  revoke.set_units(8);
  revoke.set_reason("twice");
  revoke.set_expires(9);
  out[2].payload = ledger::RevokeUnits{ClassId{2}, MemberId{4}, Units{8}, "twice", TimeMs{9}};
  auto& recover = *out[3].message.mutable_recover_key();
  recover.set_member(4);
  recover.set_new_address(bytes_of(5, 20));
  recover.set_evidence_hash(bytes_of(6, 32));
  recover.set_expires(9);
  out[3].payload = ledger::RecoverKey{MemberId{4}, address_of(5), hash_of(6), TimeMs{9}};
  return out;
}

std::vector<Pair> money_pairs() {
  std::vector<Pair> out(6);
  auto& proceeds = *out[0].message.mutable_record_proceeds();
  proceeds.set_sale(1);
  proceeds.set_amount("340282366920938463463374607431768211455");
  proceeds.set_amount_text("much");
  proceeds.set_reference("wire 7");
  proceeds.set_expires(9);
  out[0].payload = ledger::RecordProceeds{SaleId{1}, Amount{kMaxU128}, "much", "wire 7", TimeMs{9}};
  auto& approve = *out[1].message.mutable_approve_payout();
  approve.set_payout(1);
  approve.set_payout_digest(bytes_of(6, 32));
  approve.set_total("55000");
  approve.set_total_text("55000 X");
  approve.set_expires(9);
  out[1].payload = ledger::ApprovePayout{SaleId{1}, hash_of(6), Amount{55'000}, "55000 X", TimeMs{9}};
  auto& pause = *out[2].message.mutable_pause_payout();
  pause.set_payout(1);
  pause.set_until(77);
  pause.set_reason("look");
  pause.set_expires(9);
  out[2].payload = ledger::PausePayout{SaleId{1}, TimeMs{77}, "look", TimeMs{9}};
  out[3].message.mutable_resume_payout()->set_payout(1);
  out[3].message.mutable_resume_payout()->set_expires(9);
  out[3].payload = ledger::ResumePayout{SaleId{1}, TimeMs{9}};
  auto& settle = *out[4].message.mutable_settle_redemptions();
  settle.add_items()->set_redemption(3);
  settle.mutable_items(0)->set_paid(true);
  settle.mutable_items(0)->set_note("wire 8");
  settle.set_expires(9);
  out[4].payload = ledger::SettleRedemptions{{{RedemptionId{3}, true, "wire 8"}}, TimeMs{9}};
  auto& cancel = *out[5].message.mutable_guardian_cancel();
  cancel.set_proposal(2);
  cancel.set_reason("stolen");
  cancel.set_expires(9);
  out[5].payload = ledger::GuardianCancel{ProposalId{2}, "stolen", TimeMs{9}};
  return out;
}

std::vector<Pair> all_pairs() {
  auto out = membership_pairs();
  for (auto& pair : money_pairs()) out.push_back(std::move(pair));
  return out;
}

TEST(RoleActions, EveryFieldOfEveryKindIsRead) {
  std::set<ledger::TxKind> kinds;
  for (const auto& [message, payload] : all_pairs()) {
    const auto read = role_payload(message);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, payload) << word(ledger::kind_of(payload));
    kinds.insert(ledger::kind_of(payload));
  }
  for (int kind = 1; kind <= static_cast<int>(ledger::TxKind::attest_audit); ++kind) {
    const auto one = static_cast<ledger::TxKind>(kind);
    if (one == ledger::TxKind::attest_audit) continue;  // by one auditor, never an open action
    EXPECT_EQ(kinds.contains(one), !ledger::roles_needed(one).empty()) << word(one);
  }
}

TEST(RoleActions, AnActionWhoseKeyIsAnothersIsRefused) {
  for (const auto& [message, payload] : all_pairs()) {
    pb::OpenAction action;
    *action.mutable_payload() = message;
    action.set_key(as_string(ledger::action_key(payload).view()));
    const auto good = check_action(action);
    ASSERT_TRUE(good) << good.error().what;
    EXPECT_EQ(good->key, ledger::action_key(payload));
    action.set_key(bytes_of(1, 32));
    const auto bad = check_action(action);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, ExitCode::verification_failed);
  }
}

TEST(RoleActions, WhatIsMalformedOrNobodysRoleIsRefused) {
  pb::Payload transfer;
  transfer.mutable_transfer()->set_amount("1");
  EXPECT_EQ(role_payload(transfer).error().code, ExitCode::verification_failed);
  EXPECT_FALSE(role_payload(pb::Payload()));
  for (const char* amount : {"", "-1", "01", "1.0", "1e3", "340282366920938463463374607431768211456"}) {
    pb::Payload proceeds = money_pairs()[0].message;
    proceeds.mutable_record_proceeds()->set_amount(amount);
    EXPECT_FALSE(role_payload(proceeds)) << amount;
  }
  pb::Payload admit = membership_pairs()[0].message;
  admit.mutable_admit_members()->mutable_members(0)->set_address(bytes_of(5, 19));
  EXPECT_THAT(role_payload(admit).error().what, HasSubstr("members.address"));
}

// ---- a payout beside the node's ----

void set_money(pb::Money& money, u128 amount) { money.set_amount(base_units(Amount{amount})); }

class PayoutCheck : public ::testing::Test {
 protected:
  PayoutCheck() {
    ledger_id.bytes.fill(3);
    const ledger::PayoutTerms terms{
        .ledger_id = ledger_id, .sale = SaleId{1}, .amount = Amount{900}, .record_height = Height{12}};
    std::vector<ledger::Share> shares;
    u64 total = 0;
    for (u64 i = 0; i < 7; ++i) {
      shares.push_back({MemberId{i * 2}, Units{i + 1}});
      total += i + 1;
    }
    record = ledger::compute_payout(terms, shares);
    pb::Payout& payout = *preview.totals.mutable_payout();
    payout.set_id(1);
    set_money(*payout.mutable_proceeds(), 1'000);
    set_money(*payout.mutable_reserve(), 100);
    set_money(*payout.mutable_amount(), 900);
    payout.set_total_units(total);
    payout.set_record_height(12);
    payout.set_extras(record.extras);
    digest = ledger::payout_digest(ledger_id, SaleId{1}, Amount{1'000}, Amount{100}, record);
    payout.set_digest(as_string(digest.view()));
    for (const auto& share : shares) {
      pb::Share& one = preview.shares.emplace_back();
      one.set_member(share.member.value);
      one.set_units(share.units.raw());
      set_money(*one.mutable_amount(), ledger::entitlement(terms, record, share.member, share.units).raw());
    }
  }

  std::string problem() const {
    const auto checked = check_payout(ledger_id, Ppm{100'000}, preview);
    if (checked) return "good";
    EXPECT_EQ(checked.error().code, ExitCode::verification_failed);
    return checked.error().what;
  }

  LedgerId ledger_id;
  ledger::PayoutRecord record;
  Hash digest;
  WholePreview preview;
};

TEST_F(PayoutCheck, AnHonestPreviewGivesTheDigest) {
  const auto checked = check_payout(ledger_id, Ppm{100'000}, preview);
  ASSERT_TRUE(checked) << checked.error().what;
  EXPECT_EQ(checked->digest, digest);
  EXPECT_EQ(checked->record, record);
  EXPECT_EQ(checked->proceeds, Amount{1'000});
}

TEST_F(PayoutCheck, AnotherReserveIsFound) {
  set_money(*preview.totals.mutable_payout()->mutable_reserve(), 99);
  EXPECT_THAT(problem(), HasSubstr("the reserve is 100"));
}

TEST_F(PayoutCheck, ABaseUnitMovedFromOneMemberToAnotherIsFound) {
  auto& first = *preview.shares[2].mutable_amount();
  auto& second = *preview.shares[3].mutable_amount();
  set_money(first, parse_base_units(first.amount())->raw() - 1);
  set_money(second, parse_base_units(second.amount())->raw() + 1);
  EXPECT_THAT(problem(), HasSubstr("member 4 is due"));
}

TEST_F(PayoutCheck, UnitsThatDoNotAddUpAreFound) {
  preview.shares[1].set_units(99);
  EXPECT_THAT(problem(), HasSubstr("units do not add up"));
}

TEST_F(PayoutCheck, AMissingOrRepeatedMemberIsFound) {
  preview.shares.back().set_member(preview.shares[0].member());
  EXPECT_THAT(problem(), HasSubstr("units do not add up"));
  preview.shares.pop_back();
  EXPECT_THAT(problem(), HasSubstr("units do not add up"));
}

TEST_F(PayoutCheck, AnotherDigestIsFound) {
  preview.totals.mutable_payout()->set_digest(bytes_of(1, 32));
  EXPECT_THAT(problem(), HasSubstr("its digest"));
}

// ---- audit reports ----

const std::string kHash = "0x" + std::string(64, '1');

std::string report(const std::string& problem) {
  return R"({"verdict":"verified","reportHash":")" + kHash + R"(","ledgerId":")" + kHash +
         R"(","stateRoot":")" + kHash + R"(","fromHeight":"0","toHeight":"17","problem":)" + problem + "}";
}

TEST(AuditReports, AGoodOneIsAttested) {
  const auto read = parse_audit_report(report("null"));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->attestation.to_height, Height{17});
  EXPECT_EQ(read->attestation.verdict, "verified");
  EXPECT_EQ(to_hex(read->attestation.state_root.view()), std::string(64, '1'));
}

TEST(AuditReports, AProblemIsNotAttested) {
  EXPECT_EQ(parse_audit_report(report(R"({"height":"3"})")).error().code, ExitCode::verification_failed);
  for (const char* text : {"", "[]", "{}", R"({"verdict":"verified"})"})
    EXPECT_FALSE(parse_audit_report(text)) << text;
}

}  // namespace
}  // namespace moot::wallet
