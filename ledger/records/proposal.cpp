#include "ledger/records/proposal.hpp"

namespace moot::ledger {
namespace {

constexpr std::array kCounted{Choice::against, Choice::in_favour, Choice::abstain, Choice::veto};

u64 chunk_of(MemberId member) { return member.value / kChunkSize; }
std::size_t place_of(MemberId member) { return static_cast<std::size_t>(member.value % kChunkSize); }

}  // namespace

Power Tally::cast() const {
  u64 sum = 0;
  for (const Choice choice : kCounted) sum += (*this)[choice].raw();
  return Power{sum};
}

void encode_value(Writer& out, const Tally& tally) {
  for (const Choice choice : kCounted) out.put(tally[choice]);
}

void decode_value(Reader& in, Tally& tally) {
  for (const Choice choice : kCounted) in.get(tally[choice]);
}

Slot BallotBox::slot(MemberId member) const {
  const SlotChunk* chunk = chunks_.find(chunk_of(member));
  return chunk ? Slot::unpacked(chunk->slots[place_of(member)]) : Slot{};
}

void BallotBox::set(MemberId member, Slot slot) {
  chunks_.reach(chunk_of(member)).slots[place_of(member)] = slot.packed();
}

u64 BallotBox::taken(MemberId delegate) const {
  const u64* power = taken_.find(delegate.value);
  return power ? *power : 0;
}

}  // namespace moot::ledger
