// What crypto/ reads from outside: signatures, addresses, Base58Check, the frontier of a Merkle tree. The
// first byte chooses.
#include "base/check.hpp"
#include "crypto/base58.hpp"
#include "crypto/ecdsa.hpp"
#include "crypto/merkle.hpp"

namespace moot::crypto {
namespace {

// The last 32 bytes are the digest, what stands before them is the wallet's signature.
void signature(ByteView in) {
  if (in.size() < 32) return;
  Hash digest;
  std::copy(in.end() - 32, in.end(), digest.bytes.begin());
  const auto canonical = canonical_signature(in.first(in.size() - 32));
  if (!canonical) return;
  MOOT_CHECK(check_canonical(*canonical).has_value(), "what was made canonical is canonical");
  MOOT_CHECK(canonical_signature(canonical->view()) == canonical, "canonical bytes stay as they are");
  const auto key = recover(*canonical, digest);
  if (!key) return;
  Signature flipped = *canonical;
  flipped.bytes[64] ^= 1;
  MOOT_CHECK(verify(*key, *canonical, digest), "a recovered key verifies its signature");
  MOOT_CHECK(!verify(*key, flipped, digest), "one recid belongs to one key");
  MOOT_CHECK(address_of(key->compressed()) == address_of(*key), "a recovered key is a point");
}

void address(ByteView in) {
  const auto parsed = parse_address(as_string(in));
  if (parsed) MOOT_CHECK(parse_address(to_eip55(*parsed)) == parsed, "a checksummed address came back");
}

void base58(ByteView in) {
  const auto payload = base58check_decode(as_string(in));
  if (payload) MOOT_CHECK(base58check_encode(*payload) == as_string(in), "one payload has one text");
  if (in.size() <= 128) {
    const auto again = base58check_decode(base58check_encode(in));
    MOOT_CHECK(again && std::ranges::equal(*again, in), "a payload came back");
  }
}

void peaks(ByteView in) {
  static const MerkleHasher hasher("moot/fuzz");
  auto read = decoded<Peaks>(in);
  if (!read) return;
  MOOT_CHECK(std::ranges::equal(encoded(*read), in), "one frontier has one encoding");
  if (read->size() == ~u64{0}) return;
  const u64 before = read->size();
  read->append(hasher, Hash{});
  MOOT_CHECK(read->size() == before + 1 && decoded<Peaks>(encoded(*read)) == *read,
             "a frontier grows by one leaf");
}

}  // namespace
}  // namespace moot::crypto

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace moot;
  if (size == 0) return 0;
  const ByteView rest(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0: crypto::signature(rest); break;
    case 1: crypto::address(rest); break;
    case 2: crypto::base58(rest); break;
    default: crypto::peaks(rest); break;
  }
  return 0;
}
