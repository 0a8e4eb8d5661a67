#include "wallet/completion.hpp"

#include <CLI/CLI.hpp>

#include <string_view>

namespace moot::wallet {
namespace {

// Walks the words before the cursor to the command they name, skipping options and their values, then offers what that
// command has.
constexpr std::string_view kBody = R"bash(_moot() {
  local cur=${COMP_WORDS[COMP_CWORD]} path=moot skip= word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ -n $skip ]]; then skip=; continue; fi
    if [[ $word == -* ]]; then
      [[ " $(_moot_valued "$path") " == *" $word "* ]] && skip=1
      continue
    fi
    [[ " $(_moot_words "$path") " == *" $word "* ]] && path="$path $word"
  done
  if [[ -n $skip ]]; then COMPREPLY=($(compgen -f -- "$cur")); return; fi
  COMPREPLY=($(compgen -W "$(_moot_words "$path")" -- "$cur"))
}
complete -o default -F _moot moot
)bash";

bool is_hidden(const CLI::Option& option) {
  return option.get_group().empty() || option.nonpositional() == false;
}

void collect_options(const CLI::App& app, bool valued_only, std::string& out) {
  for (const auto* option : app.get_options()) {
    if (is_hidden(*option) || (valued_only && option->get_expected_max() == 0)) continue;
    for (const auto& name : option->get_snames())
      if (valued_only) out += " -" + name;
    for (const auto& name : option->get_lnames()) out += " --" + name;
  }
}

void collect_commands(const CLI::App& app, std::string& out) {
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!command->get_group().empty()) out += " " + command->get_name();
}

struct Tables {
  std::string words;
  std::string valued;
};

// One `case` line for a command and each below it. Options of the whole program stand on each of them.
void add_rows(const CLI::App& root, const CLI::App& app, const std::string& path, Tables& out) {
  std::string words;
  std::string valued;
  collect_commands(app, words);
  collect_options(app, false, words);
  collect_options(app, true, valued);
  if (&app != &root) {
    collect_options(root, false, words);
    collect_options(root, true, valued);
  }
  out.words += "    \"" + path + "\") echo \"" + words + "\" ;;\n";
  out.valued += "    \"" + path + "\") echo \"" + valued + "\" ;;\n";
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    add_rows(root, *command, path + " " + command->get_name(), out);
}

std::string case_function(std::string_view name, const std::string& rows) {
  return std::string(name) + "() {\n  case $1 in\n" + rows + "  esac\n}\n";
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  Tables tables;
  add_rows(app, app, "moot", tables);
  return "# Completion of moot for bash: eval \"$(moot completion bash)\"\n" +
         case_function("_moot_words", tables.words) + case_function("_moot_valued", tables.valued) +
         std::string(kBody);
}

}  // namespace moot::wallet
