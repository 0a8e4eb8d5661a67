// The commands of `moot`, one function for each group; commands.cpp puts them into the program in the order of its help.
#pragma once

namespace CLI {
class App;
}

namespace moot::wallet {

struct Globals;

void add_commands(CLI::App& app, Globals& globals);

void add_keys_commands(CLI::App& app, Globals& globals);  // keys.cpp

}  // namespace moot::wallet
