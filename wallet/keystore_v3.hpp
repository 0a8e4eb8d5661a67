// One secret key in one JSON text: Web3 Secret Storage, version 3, as geth, ethers, cast and MetaMask read and write it.
//
//   {"version":3,"id":uuid4,"address":…,"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":…},"ciphertext":…,
//    "kdf":"scrypt"|"pbkdf2","kdfparams":{…},"mac":…}}      mac = keccak256(dk[16..31] ‖ ciphertext), cipher key dk[0..15]
//
// A file from elsewhere names its own cost, so what it may ask for is bounded before anything is allocated.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/keys.hpp"
#include "wallet/secrets.hpp"

namespace moot::wallet {

inline constexpr std::size_t kMaxKeystoreText = 16'384;  // real files have about 500 bytes
inline constexpr u32 kMaxPbkdf2Rounds = 10'000'000;      // some five seconds; files in the wild have 262,144

// What opening the file costs, and so what guessing its password costs.
enum class KeyCost {
  standard,  // scrypt N=262144 r=8 p=1: 256 MiB, about a second
  light,     // scrypt N=4096 r=8 p=6: for tests and examples
};

// The file's text. The password may be anything; its rules are those of who asks for it.
std::string encrypt_key(const crypto::SecretKey& key, std::string_view password, KeyCost cost);

// A failure says which part of the text is damaged. A wrong password and damaged ciphertext look alike: the message says
// so, with ExitCode::verification_failed.
Result<crypto::SecretKey> decrypt_key(std::string_view text, std::string_view password);

// What a file tells without its password.
struct KeystoreSummary {
  std::optional<Address> address;  // absent in files of some wallets
  std::string kdf;                 // "scrypt N=262144 r=8 p=1"
};
Result<KeystoreSummary> summarize_keystore(std::string_view text);

}  // namespace moot::wallet
