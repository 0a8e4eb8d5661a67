#include "crypto/schnorr.hpp"

#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>

#include <cstring>

#include "base/check.hpp"
#include "crypto/context.hpp"
#include "crypto/secret.hpp"

namespace moot::crypto {

SchnorrSigner::SchnorrSigner(const SecretKey& key) : key_(x_only(key)) {
  static_assert(sizeof(secp256k1_keypair) == sizeof pair_);
  secp256k1_keypair pair;
  MOOT_CHECK(secp256k1_keypair_create(context(), &pair, key.view().data()) == 1, "secret key was moved from");
  std::memcpy(pair_.data(), &pair, sizeof pair);
  wipe({reinterpret_cast<u8*>(&pair), sizeof pair});
}

SchnorrSigner::~SchnorrSigner() { wipe(pair_); }

SchnorrSignature SchnorrSigner::sign(const Hash& message) const { return sign(message.view()); }

SchnorrSignature SchnorrSigner::sign(ByteView message) const { return sign_with(Hash{}, message); }

SchnorrSignature SchnorrSigner::sign_with(const Hash& auxiliary, ByteView message) const {
  secp256k1_keypair pair;
  std::memcpy(&pair, pair_.data(), sizeof pair);
  secp256k1_schnorrsig_extraparams params = SECP256K1_SCHNORRSIG_EXTRAPARAMS_INIT;
  Hash data = auxiliary;
  params.ndata = data.bytes.data();
  SchnorrSignature out;
  const int made = secp256k1_schnorrsig_sign_custom(context(), out.bytes.data(), message.data(),
                                                    message.size(), &pair, &params);
  wipe({reinterpret_cast<u8*>(&pair), sizeof pair});
  MOOT_CHECK(made == 1, "a valid key signs every message");
  return out;
}

SchnorrSignature schnorr_sign(const SecretKey& key, const Hash& message) {
  return SchnorrSigner(key).sign(message);
}
SchnorrSignature schnorr_sign(const SecretKey& key, ByteView message) {
  return SchnorrSigner(key).sign(message);
}

bool schnorr_verify(const XOnlyKey& key, const Hash& message, const SchnorrSignature& signature) {
  return schnorr_verify(key, message.view(), signature);
}

bool schnorr_verify(const XOnlyKey& key, ByteView message, const SchnorrSignature& signature) {
  secp256k1_xonly_pubkey parsed;
  return secp256k1_xonly_pubkey_parse(context(), &parsed, key.bytes.data()) == 1 &&
         secp256k1_schnorrsig_verify(context(), signature.bytes.data(), message.data(), message.size(),
                                     &parsed) == 1;
}

}  // namespace moot::crypto
