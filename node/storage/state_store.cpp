#include "node/storage/state_store.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/codec.hpp"
#include "crypto/sha256.hpp"

namespace moot::node {
namespace {

// Large enough for a blob file of its own, small enough that no read or write of one is felt.
constexpr std::size_t kSealedPartBytes = std::size_t{1} << 20;

struct SealedHeader {
  u64 length = 0;
  Hash check;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit("length", self.length);
    visit("check", self.check);
  }
};

Hash sealed_check(ByteView slots) { return crypto::tagged_hash("moot/sealed-ballots", slots); }

Bytes progress_value(const StateBatch& batch) {
  Writer out;
  out.put(batch.height);
  out.put(batch.root);
  return out.take();
}

Bytes sealed_key(ProposalId proposal, u32 part) {
  Writer out;
  out.put(proposal);
  out.put(part);
  return out.take();
}

[[noreturn]] void damaged(const KvStore& store, std::string_view operation, std::string_view detail) {
  fatal_storage(
      {.operation = operation, .path = store.name(), .fault = StorageFault::damaged, .detail = detail});
}

void put_changes(KvBatch& batch, std::span<const RecordChange> changes) {
  Writer key;
  for (const RecordChange& change : changes) {
    key.clear();
    key.put(change.table);
    key.put(change.a);
    key.put(change.b);
    if (change.erased)
      batch.erase(Family::state, key.view());
    else
      batch.put(Family::state, key.view(), change.value);
  }
}

void put_sealed(KvBatch& batch, const SealedBallots& sealed) {
  const SealedHeader header{.length = sealed.slots.size(), .check = sealed_check(sealed.slots)};
  batch.put(Family::sealed, sealed_key(sealed.proposal, 0), encoded(header));
  u32 part = 0;
  for (ByteView rest = sealed.slots; !rest.empty();) {
    const ByteView piece = rest.first(std::min(rest.size(), kSealedPartBytes));
    batch.put(Family::sealed, sealed_key(sealed.proposal, ++part), piece);
    rest = rest.subspan(piece.size());
  }
}

}  // namespace

void FlushPolicy::wrote(u64 transactions, TimeMs now) {
  transactions_ += transactions;
  if (!oldest_) oldest_ = now;
}

bool FlushPolicy::due(TimeMs now) const {
  if (!oldest_) return false;
  if (transactions_ >= kTransactions) return true;
  const auto age = now.checked_sub(*oldest_);
  return age && age->raw() >= kInterval.raw();
}

void FlushPolicy::flushed() {
  transactions_ = 0;
  oldest_.reset();
}

StateStore::StateStore(KvStore& store) : store_(store) {
  const auto bytes = store_.get(Family::progress, state_progress_key());
  if (!bytes) return;
  Reader in(*bytes);
  AppliedState applied;
  in.get(applied.height);
  in.get(applied.root);
  if (!in.finish()) damaged(store_, "reading which block the records stand at", "it cannot be decoded");
  applied_ = applied;
}

void StateStore::apply(const StateBatch& batch) {
  MOOT_CHECK(!applied_ || batch.height > applied_->height, "state is written in the order of the blocks");
  KvBatch out;
  put_changes(out, batch.changes);
  for (const SealedBallots& sealed : batch.sealed) put_sealed(out, sealed);
  out.put(Family::progress, state_progress_key(), progress_value(batch));
  store_.write(out, Durability::unlogged);
  applied_ = AppliedState{batch.height, batch.root};
}

void StateStore::add(std::span<const RecordChange> rows) {
  KvBatch out;
  put_changes(out, rows);
  store_.write(out, Durability::unlogged);
}

std::optional<Bytes> StateStore::get(u8 table, u64 a, u64 b) const {
  Writer key;
  key.put(table);
  key.put(a);
  key.put(b);
  return store_.get(Family::state, key.view());
}

void StateStore::load(u8 table, const RecordVisitor& visit) const {
  store_.scan(Family::state, prefix_range({&table, 1}), [&](ByteView key, ByteView value) {
    Reader in(key.subspan(1));
    const u64 a = in.get_uint<u64>();
    const u64 b = in.get_uint<u64>();
    if (!in.finish())
      damaged(store_, "loading records", fmt::format("a key of table {} cannot be decoded", table));
    return visit(a, b, value);
  });
}

std::optional<Bytes> StateStore::sealed(ProposalId proposal) const {
  const auto bytes = store_.get(Family::sealed, sealed_key(proposal, 0));
  if (!bytes) return std::nullopt;
  const std::string operation = fmt::format("reading the sealed ballots of proposal {}", proposal.value);
  const auto header = decoded<SealedHeader>(*bytes);
  if (!header) damaged(store_, operation, "their header cannot be decoded");
  Bytes slots;
  store_.scan(Family::sealed, prefix_range(encoded(proposal)), [&](ByteView key, ByteView value) {
    if (Reader(key.subspan(8)).get_uint<u32>() > 0) slots.insert(slots.end(), value.begin(), value.end());
    return true;
  });
  if (slots.size() != header->length || sealed_check(slots) != header->check)
    damaged(store_, operation, "they are not the bytes that were sealed");
  return slots;
}

}  // namespace moot::node
