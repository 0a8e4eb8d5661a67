#include "wallet/help.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

#include "wallet/completion.hpp"
#include "wallet/failure.hpp"
#include "wallet/output.hpp"

namespace moot::wallet {
namespace {

class PlainFormatter final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string out;
    if (option->get_type_size() != 0 && option->nonpositional()) {
      if (!option->get_type_name().empty()) out += " " + option->get_type_name();
      if (!option->get_default_str().empty()) out += " [" + option->get_default_str() + "]";
    }
    if (option->get_expected_max() == CLI::detail::expected_max_vector_size) out += " ...";
    if (option->get_required()) out += " (required)";
    if (!option->get_envname().empty()) out += " or " + option->get_envname();
    return out;
  }
};

void print_exit_codes() {
  std::cout << "Exit codes of moot:\n\n";
  Table table({{"CODE", Align::right}, {"NAME"}, {"MEANING"}});
  for (const auto& row : exit_code_table())
    table.add_row(
        {std::to_string(static_cast<int>(row.code)), std::string(row.name), std::string(row.meaning)});
  table.print(std::cout);
}

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_formatter() {
  auto formatter = std::make_shared<PlainFormatter>();
  formatter->column_width(34);
  return formatter;
}

void add_help_commands(CLI::App& app) {
  auto* help = app.add_subcommand("help", "Explain a topic")->require_subcommand(1);
  help->add_subcommand("exit-codes", "The numbers that a command can end with")->callback([] {
    print_exit_codes();
  });
  auto* completion =
      app.add_subcommand("completion", "Print a completion script for a shell")->require_subcommand(1);
  completion->add_subcommand("bash", "For bash: eval \"$(moot completion bash)\" in ~/.bashrc")
      ->callback([&app] { std::cout << bash_completion(app); });
}

}  // namespace moot::wallet
