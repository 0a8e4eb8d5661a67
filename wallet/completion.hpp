// Shell completion, written from the commands and options that the program really has.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace moot::wallet {

// A script for bash: completes commands, options, and file names where an option takes a value.
std::string bash_completion(const CLI::App& app);

}  // namespace moot::wallet
