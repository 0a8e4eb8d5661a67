// A genesis as people write it: JSON, read strictly. genesis/README.md describes every field.
//
// The JSON is only a form. A ledger's id is the hash of the canonical bytes (ledger/genesis.hpp), so spaces, the order of
// keys and left-out defaults do not matter; what a field says does.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "ledger/genesis.hpp"

namespace moot::genesis {

inline constexpr std::size_t kMaxBytes = std::size_t{1} << 31;  // about ten million members

// Reads and checks (ledger::check_genesis). Refused: bytes that are not JSON, a key that is unknown or stands twice, a value
// of another type or out of range. Left-out fields take their defaults. The error is one sentence that begins with the
// place: "members[17].address: is not an address; write 0x and 40 hexadecimal digits".
std::expected<ledger::Genesis, std::string> from_json(std::string_view text);

// Every field in full, one account, holder or member a line. from_json gives the same genesis back.
std::string to_json(const ledger::Genesis& genesis);

}  // namespace moot::genesis
