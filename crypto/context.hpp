// The process's one libsecp256k1 context. Internal to crypto/: no other folder sees the library.
#pragma once

#include "base/bytes.hpp"

struct secp256k1_context_struct;

namespace moot::crypto {

// Created at first use, never destroyed. Safe from any thread.
const secp256k1_context_struct* context();

// Blinds the context's secret multiplications with 32 secret random bytes, against side channels; results
// never depend on it. Call at most once, at start, before a second thread uses crypto/. False when the seed
// is not 32 bytes.
[[nodiscard]] bool randomize_context(ByteView seed32);

}  // namespace moot::crypto
