// How `moot` explains itself: the shape of its help texts and the commands that print explanations.
#pragma once

#include <memory>

namespace CLI {
class App;
class FormatterBase;
}  // namespace CLI

namespace moot::wallet {

// CLI11's layout without what only programmers want: which option excludes which, and the types of positional arguments.
std::shared_ptr<CLI::FormatterBase> help_formatter();

// `moot help exit-codes` and `moot completion bash`.
void add_help_commands(CLI::App& app);

}  // namespace moot::wallet
