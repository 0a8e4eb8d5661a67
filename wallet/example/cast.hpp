// Who acts in the example: a key for every member and role, all of them drawn from one seed, so that the story can be
// played again and its data used afterwards. These keys are public by design and protect nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/keys.hpp"
#include "crypto/verify_pool.hpp"

namespace moot::wallet::example {

// The one derivation: TH("moot/example-key", seed ‖ who ‖ index ‖ attempt), attempt rising from 0 until it is a key.
crypto::SecretKey derive_key(u64 seed, std::string_view who, u64 index);

struct Person {
  std::string name;  // "treasurer-2"
  crypto::SecretKey key;
  Address address;
};
Person make_person(u64 seed, std::string_view who, u64 index);

// Those with a role, and the buyer; counted from 1 in their names.
struct Cast {
  std::vector<Person> registrars;  // 2, one of whom decides
  std::vector<Person> attestors;   // 1
  std::vector<Person> treasurers;  // 3, two of whom must agree
  std::vector<Person> auditors;    // 2, one of whom may pause a payout
  std::vector<Person> guardians;   // 1
  std::vector<Person> buyers;      // 1, an account without membership
  Person validator;
};
Cast make_cast(u64 seed);

// Everybody of the cast but the validator, whose key belongs to the node.
std::vector<const Person*> everybody(const Cast& cast);

// Members by their future ids, derived on all cores.
std::vector<Person> make_members(u64 seed, u64 count, crypto::VerifyPool& pool);

}  // namespace moot::wallet::example
