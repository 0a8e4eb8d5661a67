// A record's leaf: the fixed-size bytes under the state root (docs/protocol.md, "Leaves").
//
// The fields in describe() order, each fixed-size: integers, digests and addresses as in the canonical encoding;
// a History as its head; anything of variable length (text, bytes, lists, variants) as TH("moot/list", its leaf-encoded
// content), or 32 zero bytes when empty. The stored form (base/codec) differs only in holding those parts whole.
#pragma once

#include "base/codec.hpp"
#include "crypto/sha256.hpp"
#include "ledger/history.hpp"
#include "ledger/transaction.hpp"

namespace moot::ledger {

inline const crypto::TaggedHasher& list_hasher() {
  static const crypto::TaggedHasher hasher("moot/list");
  return hasher;
}

template <class T>
void put_leaf(Writer& out, const T& value);

namespace leaf_detail {

template <class Fill>
void put_hashed(Writer& out, bool empty, Fill&& fill) {
  if (empty) {
    out.put(Hash{});
    return;
  }
  Writer inner;
  fill(inner);
  out.put(list_hasher()(inner.view()));
}

}  // namespace leaf_detail

template <class T>
void put_leaf(Writer& out, const T& value) {
  if constexpr (std::is_same_v<T, History>) {
    out.put(value.head());
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, Bytes>) {
    leaf_detail::put_hashed(out, value.empty(), [&](Writer& w) { encode(w, value); });
  } else if constexpr (std::is_same_v<T, HashedText>) {
    leaf_detail::put_hashed(out, value.text.empty(), [&](Writer& w) { encode(w, value.text); });
  } else if constexpr (std::is_same_v<T, Action>) {
    leaf_detail::put_hashed(out, false, [&](Writer& w) { encode(w, value); });
  } else if constexpr (codec_detail::is_vector<T>::value) {
    leaf_detail::put_hashed(out, value.empty(), [&](Writer& w) {
      w.put(static_cast<u32>(value.size()));
      for (const auto& item : value) put_leaf(w, item);
    });
  } else if constexpr (codec_detail::is_optional<T>::value) {
    leaf_detail::put_hashed(out, !value.has_value(), [&](Writer& w) { put_leaf(w, *value); });
  } else if constexpr (Described<T>) {
    T::describe(value, [&out](const char*, const auto& field) { put_leaf(out, field); });
  } else {
    encode(out, value);
  }
}

}  // namespace moot::ledger
