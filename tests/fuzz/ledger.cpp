// What the ledger reads as bytes: envelopes, a genesis, receipts, and the rows of its state. The first byte chooses; for a
// row the second one is its table.
#include "ledger/initial_state.hpp"
#include "ledger/state_records.hpp"
#include "ledger/typed_data.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/random_value.hpp"

namespace moot::ledger {
namespace {

bool envelope(ByteView in) {
  const auto tx = decode_transaction(in);
  if (!tx) return false;
  MOOT_CHECK(std::ranges::equal(encode_transaction(*tx), in), "one transaction has one envelope");
  const Verdict form = check_form(*tx, in.size(), Parameters{});
  MOOT_CHECK(form || !reason(form.error().code).empty(), "a form that is refused has a reason");
  return true;
}

// A genesis that passes the check is one that a ledger can begin with.
bool genesis(ByteView in) {
  if (!fuzz::is_canonical<Genesis>(in)) return false;
  const auto read = decoded<Genesis>(in);
  if (check_genesis(*read)) MOOT_CHECK(!initial_block(*read).roots.state_root.is_zero(), "a ledger begins");
  return true;
}

template <class Record>
bool record(const MerkleTable<Record>&, ByteView in) {
  return fuzz::is_canonical<Record>(in);
}
template <class Value>
bool record(const Cow<Value>&, ByteView in) {
  return fuzz::is_canonical<Value>(in);
}

// Whether the row's own record takes the bytes, where the codec can be asked apart from the loader.
std::optional<bool> by_codec(StateTable table, ByteView in) {
  static const State shape;
  switch (table) {
    case StateTable::chain: return record(shape.chain, in);
    case StateTable::rules: return record(shape.rules, in);
    case StateTable::roles: return record(shape.roles, in);
    case StateTable::actions: return record(shape.actions, in);
    case StateTable::marks: return record(shape.marks, in);
    case StateTable::joins: return record(shape.joins, in);
    case StateTable::counters: return record(shape.counters, in);
    case StateTable::accounts: return record(shape.accounts, in);
    case StateTable::members: return record(shape.members, in);
    case StateTable::classes: return record(shape.classes, in);
    case StateTable::assets: return record(shape.assets, in);
    case StateTable::proposals: return record(shape.proposals, in);
    case StateTable::sales: return record(shape.sales, in);
    case StateTable::redemptions: return record(shape.redemptions, in);
    case StateTable::used: return record(shape.used, in);
    case StateTable::confirmations: return record(shape.confirmations, in);
    case StateTable::history:
    case StateTable::slots: break;
  }
  return std::nullopt;
}

bool row(ByteView in) {
  if (in.empty()) return false;
  const auto table = static_cast<StateTable>(in[0]);
  const ByteView value = in.subspan(1);
  StateLoader loader;
  const bool taken = loader.add({.table = table, .value = Bytes(value.begin(), value.end())});
  MOOT_CHECK(taken != !loader.problem().empty(), "a row that is refused has a problem");
  const auto record = by_codec(table, value);
  MOOT_CHECK(!record || *record == taken, "the loader takes what is canonical");
  return taken;
}

bool feed(ByteView in) {
  if (in.empty()) return false;
  const ByteView rest = in.subspan(1);
  switch (in[0]) {
    case 'e': return envelope(rest);
    case 'g': return genesis(rest);
    case 'r': return fuzz::is_canonical<Receipt>(rest);
    case 'f': return fuzz::is_canonical<Fault>(rest);
    case 's': return row(rest);
    default: return false;
  }
}

// The first row of each table of a ledger in which something has happened.
void add_rows(fuzz::Samples& out) {
  test::LedgerWorld world({.members = 2});
  world.run("m0", SetDelegate{test::test_address("m1")});
  world.propose(ProposalKind::sale, {SaleTerms{.share_class = ClassId{0},
                                               .buyer = test::test_address("buyer"),
                                               .asset = AssetId{0},
                                               .min_price = Amount{1},
                                               .max_price = Amount{2},
                                               .terms_hash = text_hash("terms"),
                                               .reserve = Ppm{1},
                                               .funding = DurationMs{test::kDay}}});
  world.vote("m0", ProposalId{0}, Choice::in_favour);
  world.vote("m1", ProposalId{0}, Choice::in_favour);
  for_each_row(world.state(), [&](const StateRow& one) {
    if (one.a != 0 || one.b != 0 || one.table == StateTable::slots) return;
    Bytes row{static_cast<u8>(one.table)};
    row.insert(row.end(), one.value.begin(), one.value.end());
    out.push_back(fuzz::choose('s', row));
  });
}

}  // namespace
}  // namespace moot::ledger

moot::fuzz::Samples moot::fuzz::good_samples() {
  using namespace ledger;
  Samples out;
  test::Random random(7);
  for (const TxKind kind : test::every_kind())
    out.push_back(choose('e', encode_transaction(test::random_transaction(random, kind))));
  std::erase_if(out, [](const Bytes& sample) { return !feed(sample); });  // a random text may break a bound
  MOOT_CHECK(out.size() > test::every_kind().size() / 2, "most kinds of transactions have a sample");
  const std::size_t envelopes = out.size();
  out.push_back(choose('g', encoded(test::test_genesis({.members = 2}))));
  out.push_back(
      choose('r', encoded(Receipt{.id = {}, .code = 1, .detail = 2, .skipped = {{.index = 3, .code = 4}}})));
  out.push_back(choose('f', encoded(Fault{.validator = 0, .kind = 1})));
  add_rows(out);
  for (std::size_t i = envelopes; i < out.size(); ++i) MOOT_CHECK(feed(out[i]), "a good sample is taken");
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  moot::ledger::feed({data, size});
  return 0;
}
