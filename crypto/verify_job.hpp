// Whether a signature is the one it is said to be from: the question a node and an auditor ask for every transaction.
#pragma once

#include <span>

#include "crypto/ecdsa.hpp"

namespace moot::crypto {

struct VerifyJob {
  Signature signature;
  Hash digest;
  Address expected;  // the signer field inside the signed message
};

enum class VerifyResult : u8 {
  good,
  bad_signature,  // not canonical, or no key comes out
  wrong_signer,   // a key comes out, of another address
};

VerifyResult verify_job(const VerifyJob& job);

// out[i] = verify_job(jobs[i]), each with its place in `out`. Many at once cost a fraction of one after the other on a
// processor with AVX-512 IFMA (recover_kernel.hpp); the answers are the same.
void verify_jobs(std::span<const VerifyJob> jobs, std::span<VerifyResult> out);

// From now on libsecp256k1 alone answers, one signature after the other, for all threads: for whoever wants to rely on
// nothing else.
void verify_by_library_alone();

}  // namespace moot::crypto
