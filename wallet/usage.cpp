#include "wallet/usage.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace moot::wallet {
namespace {

constexpr std::size_t kMostOfAName = 32;

// The innermost command that the line names.
const CLI::App& command_of(const CLI::App& app) {
  const auto below = app.get_subcommands();
  return below.empty() ? app : command_of(*below.back());
}

// "moot keys import".
std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + " " + app.get_name();
}

// "--form" of "--form=x", "-f" of "-fx"; nothing where it does not look like the name of an option.
std::string option_in(const std::string& word) {
  if (word.size() < 2 || word[0] != '-') return {};
  const std::string name = word[1] == '-' ? word.substr(0, word.find('=')) : word.substr(0, 2);
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return plain && name.size() <= kMostOfAName && name.find_first_not_of('-') != std::string::npos ? name : "";
}

std::string unknown_option(const CLI::App& app) {
  for (const std::string& word : app.remaining(true))
    if (std::string name = option_in(word); !name.empty()) return name;
  return {};
}

std::string operands_of(const CLI::App& command) {
  std::string out;
  for (const auto* option : command.get_options())
    if (!option->nonpositional()) out += (out.empty() ? "" : " ") + option->get_name();
  return out;
}

std::string word_too_many(const CLI::App& command) {
  const std::string operands = operands_of(command);
  const std::string name = "`" + full_name(command) + "`";
  return operands.empty() ? name + " takes no such word"
                          : name + " takes " + operands + " and no further word";
}

std::string missing(const CLI::App& app, const std::string& what) {
  if (what.find("ubcommand") == std::string::npos)
    return what.substr(0, what.find(" is required")) + " is missing";
  const std::string name = "`" + full_name(command_of(app)) + "`";
  return app.remaining(true).empty() ? "the command is missing after " + name : name + " has no such command";
}

// The texts of CLI11 2.x, which come with the offending value behind the name.
std::string unreadable(const std::string& what) {
  constexpr std::string_view kBefore = "Could not convert: ";
  if (!what.starts_with(kBefore)) return "a value is not one that its option takes";
  const std::string name = what.substr(kBefore.size(), what.find(" = ") - kBefore.size());
  return name + " must be a whole number that fits";
}

std::string with_words(const std::string& what, std::string_view between, std::string_view instead,
                       std::string_view after) {
  const auto at = what.find(between);
  if (at == std::string::npos) return what;
  return what.substr(0, at) + std::string(instead) + what.substr(at + between.size()) + std::string(after);
}

std::string problem(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = command_of(app);
  std::string what = error.what();
  while (what.ends_with('\n') || what.ends_with('.')) what.pop_back();
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) return what;
  if (const std::string option = unknown_option(app); !option.empty())
    return "`" + full_name(command) + "` does not know the option " + option;
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) return missing(app, what);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return word_too_many(command);
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) return unreadable(what);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    if (what.ends_with(" missing")) what.resize(what.rfind(" missing"));
    return with_words(what, ": 1 required ", " lacks its value, ", "");
  }
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr)
    return with_words(what, " excludes ", " and ", " do not go together");
  if (dynamic_cast<const CLI::RequiresError*>(&error) != nullptr)
    return with_words(what, " requires ", " goes only with ", "");
  return what;
}

}  // namespace

Failure usage_failure(const CLI::App& app, const CLI::ParseError& error) {
  return {.code = ExitCode::usage,
          .what = problem(app, error),
          .advice = "`" + full_name(command_of(app)) + " --help` explains what it takes"};
}

}  // namespace moot::wallet
