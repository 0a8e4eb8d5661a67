#include "crypto/context.hpp"

#include <secp256k1.h>

#include "base/check.hpp"

namespace moot::crypto {
namespace {

secp256k1_context* mutable_context() {
  static secp256k1_context* const made = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  return made;
}

}  // namespace

const secp256k1_context_struct* context() { return mutable_context(); }

bool randomize_context(ByteView seed32) {
  if (seed32.size() != 32) return false;
  MOOT_CHECK(secp256k1_context_randomize(mutable_context(), seed32.data()) == 1,
             "blinding a context cannot fail");
  return true;
}

}  // namespace moot::crypto
