#include "consensus/types.hpp"

#include <string>

#include "base/check.hpp"
#include "crypto/sha256.hpp"

namespace moot::consensus {

BlockHash block_hash(const Header& header) {
  return crypto::tagged_hash("moot/v1/header", encoded(header)).as<BlockHash>();
}

BlockHash genesis_hash(const LedgerId& chain_id) { return chain_id.as<BlockHash>(); }

std::string_view word(VoteKind kind) {
  switch (kind) {
    case VoteKind::notarize: return "notarize";
    case VoteKind::nullify: return "nullify";
    case VoteKind::finalize: return "finalize";
  }
  return "";
}

Hash vote_digest(const LedgerId& chain_id, const Statement& statement) {
  MOOT_CHECK(statement.well_formed(), "a vote names a block exactly when it is not a nullify");
  // The tag carries the kind and the kind fixes the length, so the block hash needs no presence byte.
  Writer message;
  message.put(chain_id);
  encode(message, statement.position);
  if (statement.block) message.put(*statement.block);
  return crypto::tagged_hash(std::string("moot/v1/").append(word(statement.kind)), message.view());
}

}  // namespace moot::consensus
