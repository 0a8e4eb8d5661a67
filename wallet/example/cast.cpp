#include "wallet/example/cast.hpp"

#include "crypto/sha256.hpp"

namespace moot::wallet::example {
namespace {

constexpr std::size_t kGrain = 64;

std::vector<Person> people(u64 seed, std::string_view who, u64 count) {
  std::vector<Person> out;
  for (u64 i = 1; i <= count; ++i) out.push_back(make_person(seed, who, i));
  return out;
}

}  // namespace

crypto::SecretKey derive_key(u64 seed, std::string_view who, u64 index) {
  for (u64 attempt = 0;; ++attempt) {
    Writer out;
    out.put(seed);
    out.put(who);
    out.put(index);
    out.put(attempt);
    const Hash hash = crypto::tagged_hash("moot/example-key", out.view());
    if (auto key = crypto::SecretKey::from_bytes(hash.view())) return std::move(*key);
  }
}

Person make_person(u64 seed, std::string_view who, u64 index) {
  crypto::SecretKey key = derive_key(seed, who, index);
  const Address address = crypto::address_of(key);
  return {.name = std::string{who} + "-" + std::to_string(index), .key = std::move(key), .address = address};
}

Cast make_cast(u64 seed) {
  return {.registrars = people(seed, "registrar", 2),
          .attestors = people(seed, "attestor", 1),
          .treasurers = people(seed, "treasurer", 3),
          .auditors = people(seed, "auditor", 2),
          .guardians = people(seed, "guardian", 1),
          .buyers = people(seed, "buyer", 1),
          .validator = make_person(seed, "validator", 1)};
}

std::vector<const Person*> everybody(const Cast& cast) {
  std::vector<const Person*> out;
  for (const auto* group :
       {&cast.registrars, &cast.attestors, &cast.treasurers, &cast.auditors, &cast.guardians, &cast.buyers})
    for (const Person& person : *group) out.push_back(&person);
  return out;
}

std::vector<Person> make_members(u64 seed, u64 count, crypto::VerifyPool& pool) {
  std::vector<std::optional<Person>> made(count);
  pool.parallel_for(count, kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) made[i].emplace(make_person(seed, "member", i));
  });
  std::vector<Person> out;
  out.reserve(count);
  for (auto& person : made) out.push_back(std::move(*person));
  return out;
}

}  // namespace moot::wallet::example
