// The node's key on disk: config/node_key.json, readable by its owner only.
//
//   { "type": "moot-node-key", "publicKey": "0x… BIP-340", "address": "0x… EIP-55", "secretKey": "0x…" }
//
// A genesis names a validator by publicKey and address. The file is plain, because a service starts without a person;
// whoever can read it can sign blocks, so a file that others can read is refused.
#pragma once

#include <filesystem>
#include <string>

#include "crypto/keys.hpp"
#include "node/app/failure.hpp"

namespace moot::node::app {

crypto::SecretKey new_key();
std::string to_json(const crypto::SecretKey& key);
Result<crypto::SecretKey> read_node_key(const std::filesystem::path& file);

// The x coordinate that a genesis names, as 0x and 64 digits.
std::string public_key_text(const crypto::SecretKey& key);

}  // namespace moot::node::app
