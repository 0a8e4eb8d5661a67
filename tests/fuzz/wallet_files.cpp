// The files that people hand to the wallet: CSV lists (of members to admit, of founders, of any cells), transactions, invites, attestations, proposals, reports of audits,
// receipts. The first byte chooses.
#include <fmt/format.h>

#include <google/protobuf/util/json_util.h>

#include "audit/replay.hpp"
#include "crypto/ecdsa.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/receipt_answer.hpp"
#include "wallet/action_input.hpp"
#include "wallet/admissions.hpp"
#include "wallet/attestations.hpp"
#include "wallet/audit_report.hpp"
#include "wallet/genesis_plan.hpp"
#include "wallet/invite_file.hpp"
#include "wallet/receipt_check.hpp"
#include "wallet/tx_file.hpp"

namespace moot::wallet {
namespace {

namespace pb = moot::v1;
using moot::test::test_address;
using moot::test::test_key;

const ledger::SigningContext& signing() {
  static const ledger::SigningContext context = [] {
    const ledger::Genesis genesis = moot::test::test_genesis({.members = 2});
    return ledger::signing_context(genesis.organisation, ledger::ledger_id(genesis));
  }();
  return context;
}

template <class T>
bool told(const Result<T>& result) {
  if (!result) MOOT_CHECK(!result.error().what.empty(), "what is wrong is said");
  return result.has_value();
}

bool admissions(std::string_view text) {
  const auto table = parse_csv("list.csv", text, {{"address"}, {"units", false}, {"consent", false}});
  if (!told(table)) return false;
  const auto read = read_admissions(*table);
  if (!told(read)) return false;
  std::string written = "address,units,consent\n";
  for (const auto& [line, one] : *read)
    written += crypto::to_eip55(one.address) + "," + std::to_string(one.units.raw()) + ",0x" +
               to_hex(one.consent_hash.view()) + "\n";
  const auto again = parse_csv("list.csv", written, {{"address"}, {"units", false}, {"consent", false}});
  MOOT_CHECK(again && again->rows.size() == table->rows.size(), "a list came back");
  return true;
}

const std::vector<ledger::GenesisClass> kClasses{{.name = "data set"}, {.name = "house"}};

u64 units_of(const ledger::GenesisMember& member, ClassId id) {
  for (const auto& [share_class, units] : member.holdings)
    if (share_class == id) return units.raw();
  return 0;
}

bool founders(std::string_view text) {
  const auto read = founding_members("members.csv", text, kClasses);
  if (!told(read)) return false;
  std::string written = "address,data set,house,consent\n";
  for (const auto& member : *read)
    written += fmt::format("{},{},{},0x{}\n", crypto::to_eip55(member.address), units_of(member, ClassId{0}),
                           units_of(member, ClassId{1}), to_hex(member.consent_hash.view()));
  const auto again = founding_members("members.csv", written, kClasses);
  MOOT_CHECK(again && *again == *read, "members came back");
  return true;
}

// Cells that hold anything at all, quoted or not.
bool cells(std::string_view text) {
  const auto table = parse_csv("list.csv", text, {{"redemption"}, {"result"}, {"note"}});
  if (!told(table)) return false;
  std::string written = "redemption,result,note\n";
  for (const CsvRow& row : table->rows)
    written += csv_cell(row.cells[0]) + "," + csv_cell(row.cells[1]) + "," + csv_cell(row.cells[2]) + "\n";
  const auto again = parse_csv("list.csv", written, {{"redemption"}, {"result"}, {"note"}});
  MOOT_CHECK(again && again->rows.size() == table->rows.size(), "a list came back");
  for (std::size_t i = 0; i < table->rows.size(); ++i)
    MOOT_CHECK(again->rows[i].cells == table->rows[i].cells, "its cells came back");
  return true;
}

bool transaction(std::string_view text) {
  const auto read = parse_transaction_file(text);
  if (!told(read)) return false;
  const auto again = parse_transaction_file(to_json(*read));
  MOOT_CHECK(
      again && again->tx == read->tx && again->id() == read->id() && again->is_signed == read->is_signed,
      "a transaction came back");
  return true;
}

bool invite(std::string_view text) {
  const auto read = parse_invite_file(text);
  if (!told(read)) return false;
  const std::string written = to_json(*read);
  const auto again = parse_invite_file(written);
  MOOT_CHECK(again && to_json(*again) == written, "an invite came back");
  return true;
}

bool attestations(std::string_view text) {
  const auto read = parse_attestations("july.jsonl", text);
  if (!told(read)) return false;
  const std::string written = to_json_lines(*read);
  const auto again = parse_attestations("july.jsonl", written);
  MOOT_CHECK(again && to_json_lines(*again) == written, "attestations came back");
  return true;
}

// A policy is read with the node's own beside it, and a name or a file leads outside: none of them belongs here.
bool leads_outside(std::string_view text) {
  return text.contains("policy") || text.contains("File") || text.contains("\\u");
}

bool proposal(std::string_view text) {
  static const Globals globals{.keystore = "/nonexistent"};
  static const auto client = NodeClient::connect("127.0.0.1:1", "");
  static const AssetBook assets({{AssetId{0}, "USDX", 6}});
  if (leads_outside(text)) return false;
  const auto read = read_proposal({.globals = globals, .client = *client, .assets = assets}, text);
  if (!told(read)) return false;
  const ledger::Payload payload = *read;
  MOOT_CHECK(decoded<ledger::Payload>(encoded(payload)) == payload, "a proposal came back from its bytes");
  return true;
}

bool report(std::string_view text) { return told(parse_audit_report(text)); }

struct OneReceipt {
  ledger::Genesis genesis = moot::test::test_genesis({.members = 2});
  pb::GetReceiptResponse answer;
  OneReceipt() {
    moot::test::Chronicle chronicle(genesis);
    moot::test::LedgerWorld world(genesis);
    const auto tx = world.sign("m0", ledger::Confirm{});
    const auto result = world.block(std::span(&tx, 1));
    chronicle.add(std::span(&tx, 1), result);
    answer = moot::test::receipt_answer(chronicle.blocks().back(), result.receipts, 0);
  }
};
const OneReceipt& one_receipt() {
  static const OneReceipt made;
  return made;
}

// Nothing that is proven is another receipt than the one that there is.
bool receipt(std::string_view text) {
  pb::GetReceiptResponse answer;
  if (!google::protobuf::util::JsonStringToMessage(std::string(text), &answer).ok()) return false;
  const auto checked = check_receipt(answer, one_receipt().genesis);
  if (!told(checked)) return false;
  MOOT_CHECK(answer.receipt().encoded() == one_receipt().answer.receipt().encoded(),
             "another receipt is proven");
  return true;
}

bool feed(ByteView in) {
  if (in.empty()) return false;
  const std::string text = as_string(in.subspan(1));
  switch (in[0]) {
    case 'a': return admissions(text);
    case 'f': return founders(text);
    case 'c': return cells(text);
    case 't': return transaction(text);
    case 'i': return invite(text);
    case 'l': return attestations(text);
    case 'p': return proposal(text);
    case 'r': return report(text);
    case 'R': return receipt(text);
    default: return false;
  }
}

// ---- good samples ----

std::string transaction_text(bool with_signature) {
  TransactionFile file{.signing = signing(),
                       .tx = {.payload = ledger::SetDelegate{test_address("m1")},
                              .signer = test_address("m0"),
                              .nonce = 3,
                              .valid_until = TimeMs{1'800'000'000'000}}};
  file.is_signed = with_signature;
  if (with_signature) file.tx.signature = crypto::sign(test_key("m0"), file.id().as<Hash>()).bytes;
  return to_json(file);
}

std::string invite_text() {
  InviteFile file{.signing = signing(),
                  .invite = {.code = ledger::text_hash("code"),
                             .registrar = test_address("r0"),
                             .valid_until = TimeMs{1'800'000'000'000}},
                  .signature = {}};
  file.signature.bytes =
      crypto::sign(test_key("r0"), ledger::statement_digest(file.signing, file.invite)).bytes;
  return to_json(file);
}

std::string attestations_text() {
  Attestations all{.signing = signing(), .share_class = ClassId{0}, .contributions = {}};
  all.contributions.push_back({.member = MemberId{1},
                               .units = Units{7},
                               .content_hash = ledger::text_hash("a track"),
                               .attestor = {},
                               .valid_until = {},
                               .signature = {}});
  sign_contributions(test_key("a0"), all);
  return to_json_lines(all);
}

std::string report_text() {
  const moot::test::Chronicle chronicle(one_receipt().genesis);
  moot::test::ChronicleSource source(chronicle);
  const ManualClock clock(TimeMs{0});
  return audit::to_json(audit::replay(source, {.threads = 1}, clock));
}

std::string receipt_text() {
  std::string out;
  MOOT_CHECK(google::protobuf::util::MessageToJsonString(one_receipt().answer, &out).ok(),
             "it has a JSON form");
  return out;
}

}  // namespace
}  // namespace moot::wallet

moot::fuzz::Samples moot::fuzz::good_samples() {
  using namespace wallet;
  const std::string address = crypto::to_eip55(test_address("m0"));
  Samples out{
      choose('a', "address,units\n" + address + ",7\n"),
      choose('a', "\xEF\xBB\xBFunits,consent,address\r\n,0x" + std::string(64, '1') + "," + address + "\r\n"),
      choose('f', "address\n" + address + "\n"),
      choose('f',
             "\xEF\xBB\xBF\"house\",address,consent\r\n7," + address + ",0x" + std::string(64, '1') + "\r\n"),
      choose('c', "redemption,result,note\n0,paid,\"wire \"\"9\"\", July\"\n1,refund,no account\n"),
      choose('t', transaction_text(false)),
      choose('t', transaction_text(true)),
      choose('i', invite_text()),
      choose('l', attestations_text()),
      choose('p', R"({"title": "Roof", "actions": [{"type": "spend", "amount": "2 USDX", "recipient": ")" +
                      address + R"("}, {"type": "spend", "amount": "1", "asset": 0, "recipient": ")" +
                      address + R"("}]})"),
      choose('p',
             R"({"title": "T", "body": "b", "actions": [{"type": "member", "member": 1, "expel": true}]})"),
      choose('r', report_text()),
      choose('R', receipt_text())};
  for (const Bytes& sample : out) MOOT_CHECK(feed(sample), "a good sample is taken");
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  google::protobuf::SetLogHandler(nullptr);  // it would say of every text that it is not UTF-8
  moot::wallet::feed({data, size});
  return 0;
}
