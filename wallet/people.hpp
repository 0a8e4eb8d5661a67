// Members, accounts and share classes as people name them: by address, by a key's name, by number, by a class's name.
//
// Private to the wallet's source files, as node_client.hpp is.
#pragma once

#include "wallet/node_client.hpp"

namespace moot::wallet {

// A member's number, an address or the name of a key here; empty for whoever acts (--from).
Result<pb::MemberName> member_name(const Globals& globals, std::string_view text);
Result<pb::Member> find_member(const Globals& globals, const NodeClient& client, std::string_view text);
// The address behind any of those.
Result<Address> member_address(const Globals& globals, const NodeClient& client, std::string_view text);

// A class by number or name; empty means the ledger's only class.
Result<ClassId> find_class(const NodeClient& client, std::string_view text);

// SHA-256 of a file's bytes, as `sha256sum` prints it: how texts kept elsewhere are named on the ledger.
Result<Hash> file_hash(const std::string& path);
// --x-hash when it is given, else the hash of --x-file, else zero.
Result<Hash> hash_option(const std::string& hash, const std::string& file, std::string_view what);

Address address_in(const std::string& bytes);
Hash hash_in(const std::string& bytes);

}  // namespace moot::wallet
