// The payloads of roles from their messages. One function a kind: what is approved is read field by field, on purpose.
#include "wallet/role_actions.hpp"

namespace moot::wallet {
namespace {

// Collects the first field that is not what it should be.
class Fields {
 public:
  Address address(const std::string& bytes, const char* name) { return fixed<Address>(bytes, name); }
  Hash hash(const std::string& bytes, const char* name) { return fixed<Hash>(bytes, name); }
  Amount amount(const std::string& text, const char* name) {
    const auto value = parse_base_units(text);
    if (!value) complain(name);
    return value.value_or(Amount{});
  }
  void complain(const char* name) {
    if (problem_.empty()) problem_ = name;
  }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  template <class Fixed>
  Fixed fixed(const std::string& bytes, const char* name) {
    Fixed out;
    if (bytes.size() == out.bytes.size())
      std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    else
      complain(name);
    return out;
  }

  std::string problem_;
};

ledger::AdmitMembers read(const pb::AdmitMembers& in, Fields& fields) {
  ledger::AdmitMembers out{
      .share_class = ClassId{in.share_class()}, .members = {}, .expires = TimeMs{in.expires()}};
  for (const auto& member : in.members())
    out.members.push_back({.address = fields.address(member.address(), "members.address"),
                           .units = Units{member.units()},
                           .consent_hash = fields.hash(member.consent_hash(), "members.consentHash")});
  return out;
}

ledger::GrantUnits read(const pb::GrantUnits& in, Fields&) {
  ledger::GrantUnits out{
      .share_class = ClassId{in.share_class()}, .grants = {}, .expires = TimeMs{in.expires()}};
  for (const auto& grant : in.grants())
    out.grants.push_back({.member = MemberId{grant.member()}, .units = Units{grant.units()}});
  return out;
}

ledger::RevokeUnits read(const pb::RevokeUnits& in, Fields&) {
  return {.share_class = ClassId{in.share_class()},
          .member = MemberId{in.member()},
          .units = Units{in.units()},
          .reason = in.reason(),
          .expires = TimeMs{in.expires()}};
}

ledger::RecoverKey read(const pb::RecoverKey& in, Fields& fields) {
  return {.member = MemberId{in.member()},
          .new_address = fields.address(in.new_address(), "newAddress"),
          .evidence_hash = fields.hash(in.evidence_hash(), "evidenceHash"),
          .expires = TimeMs{in.expires()}};
}

ledger::GuardianCancel read(const pb::GuardianCancel& in, Fields&) {
  return {.proposal = ProposalId{in.proposal()}, .reason = in.reason(), .expires = TimeMs{in.expires()}};
}

ledger::RecordProceeds read(const pb::RecordProceeds& in, Fields& fields) {
  return {.sale = SaleId{in.sale()},
          .amount = fields.amount(in.amount(), "amount"),
          .amount_text = in.amount_text(),
          .reference = in.reference(),
          .expires = TimeMs{in.expires()}};
}

ledger::ApprovePayout read(const pb::ApprovePayout& in, Fields& fields) {
  return {.payout = SaleId{in.payout()},
          .payout_digest = fields.hash(in.payout_digest(), "payoutDigest"),
          .total = fields.amount(in.total(), "total"),
          .total_text = in.total_text(),
          .expires = TimeMs{in.expires()}};
}

ledger::PausePayout read(const pb::PausePayout& in, Fields&) {
  return {.payout = SaleId{in.payout()},
          .until = TimeMs{in.until()},
          .reason = in.reason(),
          .expires = TimeMs{in.expires()}};
}

ledger::ResumePayout read(const pb::ResumePayout& in, Fields&) {
  return {.payout = SaleId{in.payout()}, .expires = TimeMs{in.expires()}};
}

ledger::SettleRedemptions read(const pb::SettleRedemptions& in, Fields&) {
  ledger::SettleRedemptions out{.items = {}, .expires = TimeMs{in.expires()}};
  for (const auto& item : in.items())
    out.items.push_back(
        {.redemption = RedemptionId{item.redemption()}, .paid = item.paid(), .note = item.note()});
  return out;
}

std::optional<ledger::Payload> read_kind(const pb::Payload& message, Fields& fields) {
  switch (message.kind_case()) {
    case pb::Payload::kAdmitMembers: return read(message.admit_members(), fields);
    case pb::Payload::kGrantUnits: return read(message.grant_units(), fields);
    case pb::Payload::kRevokeUnits: return read(message.revoke_units(), fields);
    case pb::Payload::kRecoverKey: return read(message.recover_key(), fields);
    case pb::Payload::kGuardianCancel: return read(message.guardian_cancel(), fields);
    case pb::Payload::kRecordProceeds: return read(message.record_proceeds(), fields);
    case pb::Payload::kApprovePayout: return read(message.approve_payout(), fields);
    case pb::Payload::kPausePayout: return read(message.pause_payout(), fields);
    case pb::Payload::kResumePayout: return read(message.resume_payout(), fields);
    case pb::Payload::kSettleRedemptions: return read(message.settle_redemptions(), fields);
    default: return std::nullopt;  // kinds of the wire that no role decides, and those of a newer node
  }
}

}  // namespace

Result<ledger::Payload> role_payload(const pb::Payload& message) {
  Fields fields;
  auto payload = read_kind(message, fields);
  if (!payload)
    return fail("the node shows an action of a kind that this wallet does not know", "Use a newer `moot`",
                ExitCode::verification_failed);
  if (!fields.problem().empty())
    return fail("the node shows an action whose field " + fields.problem() + " is malformed",
                "Ask another node", ExitCode::verification_failed);
  return std::move(*payload);
}

}  // namespace moot::wallet
