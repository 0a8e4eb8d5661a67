// A command line that cannot be run, in the wallet's words: which option or operand is wrong, and never a value, because a
// secret in the wrong place must not be repeated on the screen.
#pragma once

#include "wallet/failure.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace moot::wallet {

// `app` is the whole program, as far as the line was parsed.
Failure usage_failure(const CLI::App& app, const CLI::ParseError& error);

}  // namespace moot::wallet
