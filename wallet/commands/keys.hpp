// What the sources of `moot keys` share; other commands need nothing of it.
#pragma once

#include "wallet/keystore.hpp"

namespace CLI {
class App;
}

namespace boost::json {
class object;
}

namespace moot::wallet {

struct Globals;

// {"alias","file","address"}; the address is null when only the password would tell it.
boost::json::object as_json(const KeyEntry& entry);

void add_keys_new(CLI::App& keys, Globals& globals);
void add_keys_import(CLI::App& keys, Globals& globals);

}  // namespace moot::wallet
