// How a described struct becomes the fields of an EIP-712 message. Private to ledger/typed_data*.cpp.
//
//   u8 u16 u32 u64 u128, quantities, ids   uint8 … uint128     bool          bool
//   Digest                                 bytes32             Address       address
//   text, and an enum by its word          string              HashedText f  bytes32 fHash = TH("moot/text", text)
//   list f                                 uint32 fCount, bytes32 fHash = TH("moot/list", canonical list)
//   CarriedSignature                       not a field: its signer answers for it, not the one who carries it
#pragma once

#include <string_view>
#include <type_traits>

#include "ledger/typed_data.hpp"

namespace moot::ledger::signing {

// A field's name in two parts, so that visiting a message allocates nothing.
struct FieldName {
  std::string_view stem;
  std::string_view suffix;
};

template <class T>
struct SolidityType;
template <>
struct SolidityType<bool> {
  static constexpr std::string_view kName = "bool";
};
template <>
struct SolidityType<u8> {
  static constexpr std::string_view kName = "uint8";
};
template <>
struct SolidityType<u16> {
  static constexpr std::string_view kName = "uint16";
};
template <>
struct SolidityType<u32> {
  static constexpr std::string_view kName = "uint32";
};
template <>
struct SolidityType<u64> {
  static constexpr std::string_view kName = "uint64";
};
template <>
struct SolidityType<u128> {
  static constexpr std::string_view kName = "uint128";
};
template <class Tag, class Raw>
struct SolidityType<Quantity<Tag, Raw>> : SolidityType<Raw> {};
template <class Tag>
struct SolidityType<Id<Tag>> : SolidityType<u64> {};
template <class Tag>
struct SolidityType<Digest<Tag>> {
  static constexpr std::string_view kName = "bytes32";
};
template <>
struct SolidityType<Address> {
  static constexpr std::string_view kName = "address";
};
template <>
struct SolidityType<std::string_view> {
  static constexpr std::string_view kName = "string";
};

// Calls sink(FieldName, type name, value) for what one member of a described struct signs; text comes as string_view.
template <class T, class Sink>
void visit_field(std::string_view name, const T& value, Sink& sink) {
  const auto give = [&sink]<class V>(FieldName field, const V& v) { sink(field, SolidityType<V>::kName, v); };
  if constexpr (std::is_same_v<T, CarriedSignature>) {
    return;
  } else if constexpr (std::is_same_v<T, HashedText>) {
    give({name, "Hash"}, text_hash(value.text));
  } else if constexpr (codec_detail::is_vector<T>::value) {
    give({name, "Count"}, static_cast<u32>(value.size()));
    give({name, "Hash"}, list_hash(encoded(value)));
  } else if constexpr (std::is_same_v<T, std::string>) {
    give({name, {}}, std::string_view{value});
  } else if constexpr (std::is_enum_v<T>) {
    give({name, {}}, word(value));
  } else {
    give({name, {}}, value);
  }
}

// Every field of a statement made inside another message, in order: the organisation, then its own.
template <class Statement, class Sink>
void visit_statement(std::string_view organisation, const Statement& statement, Sink&& sink) {
  visit_field("organisation", std::string_view{organisation}, sink);
  Statement::describe(statement,
                      [&sink](const char* name, const auto& value) { visit_field(name, value, sink); });
}

// Every field of a transaction's message, in order.
template <class P, class Sink>
void visit_message(std::string_view organisation, const P& payload, const Terms& terms, Sink&& sink) {
  visit_statement(organisation, payload, sink);
  visit_field(P::kSigner, terms.signer, sink);
  visit_field("nonce", terms.nonce, sink);
  visit_field("validUntil", terms.valid_until, sink);
}

}  // namespace moot::ledger::signing
