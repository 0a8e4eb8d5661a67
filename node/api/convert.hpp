// Transactions between their protobuf messages and the ledger's own structs.
//
// One visitor does every payload: the names in describe() are the messages' field names ("proposalHash" is proposal_hash).
// Enumerations whose domain begins at a meaningful 0 stand one higher in protobuf, where 0 means not given. Votes have a
// path of their own, without reflection.
#pragma once

#include <expected>
#include <string>

#include "base/math.hpp"
#include "ledger/transaction.hpp"
#include "node/api/messages.hpp"

namespace moot::node::api {

// A field that cannot be what it is, by its path in the message: "payload.transfer.amount".
struct FieldError {
  std::string field;
  std::string problem;
};
template <class T>
using Converted = std::expected<T, FieldError>;

void to_proto(const ledger::Payload& payload, pb::Payload& out);
void to_proto(const ledger::Action& action, pb::Action& out);
void to_proto(const ledger::Policy& policy, pb::Policy& out);
void to_proto(const ledger::SaleTerms& terms, pb::SaleTerms& out);
void to_proto(const ledger::Transaction& tx, pb::Transaction& out);

Converted<ledger::Payload> from_proto(const pb::Payload& in);
// An absent signature becomes 65 zero bytes, which no signer makes.
Converted<ledger::Transaction> from_proto(const pb::Transaction& in);

// "proposalHash" → "proposal_hash".
std::string snake_case(std::string_view camel);
// The inverse of to_decimal; nothing for signs, leading zeros, other characters or more than 128 bits.
std::optional<u128> from_decimal(std::string_view text);

// What is added to a domain enumerator to give its protobuf number.
template <class E>
inline constexpr int kEnumOffset = 0;
template <>
inline constexpr int kEnumOffset<ledger::ProposalKind> = 1;
template <>
inline constexpr int kEnumOffset<ledger::BasisKind> = 1;

template <class Proto, class E>
Proto enum_to_proto(E value) {
  return static_cast<Proto>(static_cast<int>(value) + kEnumOffset<E>);
}

inline std::string to_bytes(ByteView bytes) { return {bytes.begin(), bytes.end()}; }
// Fixed bytes from a field; nothing when the length differs.
template <class Fixed>
std::optional<Fixed> fixed_from(std::string_view bytes) {
  Fixed out;
  if (bytes.size() != out.bytes.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

}  // namespace moot::node::api
