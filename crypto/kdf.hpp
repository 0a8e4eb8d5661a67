// Keys from passwords, for keystores and mnemonics.
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "crypto/secret.hpp"

namespace moot::crypto {

struct Pbkdf2Params {
  u32 iterations = 1;  // at least 1
  std::size_t length = 32;
};

// RFC 8018. Nothing when iterations or length is 0 or length is above 1,024.
std::optional<SecretBytes> pbkdf2_sha256(ByteView password, ByteView salt, const Pbkdf2Params& params);
std::optional<SecretBytes> pbkdf2_sha512(ByteView password, ByteView salt, const Pbkdf2Params& params);

struct ScryptParams {
  u64 n = 262'144;  // a power of two above 1
  u32 r = 8;
  u32 p = 1;
  std::size_t length = 32;
};

// A keystore file names its own cost, so the cost is bounded: otherwise a file could take all memory or run
// for ever.
inline constexpr u64 kMaxScryptMemory = u64{1} << 30;  // 128·n·r bytes
inline constexpr u32 kMaxScryptLanes = 16;             // p

// Whether the parameters are well-formed and within the bounds.
[[nodiscard]] bool scrypt_params_ok(const ScryptParams& params);

// RFC 7914. Nothing unless scrypt_params_ok.
std::optional<SecretBytes> scrypt(ByteView password, ByteView salt, const ScryptParams& params);

}  // namespace moot::crypto
