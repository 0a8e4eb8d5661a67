// Any message of the node as lines for people: "closed at  2026-01-31T09:05:00.000Z", "quorum  20%".
//
// A field's meaning follows from its name and type, as transaction.proto sets out: bytes of 20 are addresses, *_ms are
// times, the names of ratios and durations are known here. Private to the wallet's source files.
#pragma once

#include <google/protobuf/message.h>

#include "wallet/asset_book.hpp"
#include "wallet/output.hpp"

namespace moot::wallet {

// Fields that hold nothing are left out; nested messages are indented by their name, lists give a line an entry.
std::vector<Fact> message_facts(const google::protobuf::Message& message, const AssetBook& assets);

// "PROPOSAL_STATE_ACTIVE" of ProposalState → "Active".
std::string enum_text(const google::protobuf::EnumValueDescriptor& value);
template <class E>
std::string enum_text(E value) {
  const auto* found = google::protobuf::GetEnumDescriptor<E>()->FindValueByNumber(static_cast<int>(value));
  return found == nullptr ? std::to_string(static_cast<int>(value)) : enum_text(*found);
}

}  // namespace moot::wallet
