#include "tests/model/ledger_model.hpp"

namespace moot::model {

void LedgerModel::begin_block(u64 height, u64 time_ms) {
  height_ = height;
  for (auto& [id, person] : people) {
    if (person.suspended_until == 0 || person.suspended_until > time_ms) continue;
    person.suspended_until = 0;
    person.active.set(height_, true);
  }
}

void LedgerModel::admit(u64 member, u64 units) {
  Person& person = people[member];
  person.former = false;
  person.active.set(height_, true);
  person.units.set(height_, units);
}

void LedgerModel::add_units(u64 member, u64 units) {
  Person& person = people.at(member);
  person.units.set(height_, person.units.last() + units);
}

void LedgerModel::take_units(u64 member, u64 units) {
  Person& person = people.at(member);
  person.units.set(height_, person.units.last() - units);
}

void LedgerModel::delegate(u64 member, std::optional<u64> to) { people.at(member).delegate.set(height_, to); }

void LedgerModel::suspend(u64 member, u64 until_ms) {
  Person& person = people.at(member);
  person.active.set(height_, false);
  person.suspended_until = until_ms;
}

void LedgerModel::leave(u64 member) {
  Person& person = people.at(member);
  person.active.set(height_, false);
  person.units.set(height_, 0);
  person.delegate.set(height_, std::nullopt);
  person.suspended_until = 0;
  person.former = true;
}

void LedgerModel::pay(u64 sale, const BigInt& amount, u64 record_height) {
  std::map<u64, u64> units;
  for (const auto& [id, person] : people) units[id] = person.units.at(record_height);
  for (const auto& [id, share] : share_out(ledger_, sale, amount, units)) people.at(id).money += share;
}

std::map<u64, Elector> LedgerModel::electors(const Vote& vote) const {
  std::map<u64, Elector> out;
  for (const auto& [id, person] : people) {
    if (!person.active.at(vote.record_height)) continue;
    const u64 weight = vote.by_units ? person.units.at(vote.record_height) : 1;
    out[id] = {.weight = weight, .delegate = person.delegate.at(vote.record_height)};
  }
  return out;
}

}  // namespace moot::model
