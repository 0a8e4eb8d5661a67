// moot genesis: making, checking and naming the file that a ledger begins with.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "genesis/genesis_json.hpp"
#include "genesis/summary.hpp"
#include "wallet/cli.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/files.hpp"
#include "wallet/genesis_file.hpp"
#include "wallet/genesis_plan.hpp"
#include "wallet/output.hpp"

namespace moot::wallet {
namespace {

void print_summary(const Globals& globals, const ledger::Genesis& genesis) {
  boost::json::object json;
  std::vector<Fact> facts;
  for (const auto& [title, value] : genesis::summary(genesis)) {
    json[title == "ledger id" ? "ledgerId" : title] = value;
    facts.push_back({title, value});
  }
  if (globals.json)
    print_json(std::cout, json);
  else
    print_facts(std::cout, facts);
}

// Everybody may read it, so it is no private file.
Result<void> write_genesis(const std::string& file, const std::string& text) {
  if (auto written = write_private_file(file, text, Existing::refuse); !written) return written;
  using std::filesystem::perms;
  std::error_code error;
  std::filesystem::permissions(file, perms::group_read | perms::others_read,
                               std::filesystem::perm_options::add, error);
  if (error) return fail("cannot let others read " + shown(file), error.message());
  return {};
}

Result<void> make(const Globals& globals, const GenesisPlan& plan, const std::string& out) {
  const auto genesis = plan_genesis(plan, SystemClock().now_ms());
  if (!genesis) return std::unexpected(genesis.error());
  const std::string text = genesis::to_json(*genesis);
  if (out.empty()) {
    std::cout << text;
    return {};
  }
  if (auto written = write_genesis(out, text); !written) return written;
  print_summary(globals, *genesis);
  return {};
}

void add_new(CLI::App& group, Globals& globals) {
  auto plan = std::make_shared<GenesisPlan>();
  auto out = std::make_shared<std::string>();
  auto* command =
      group.add_subcommand("new", "Make a genesis: organisation, members, roles, assets, classes");
  const auto list = [command](const char* name, std::vector<std::string>& words, const char* about,
                              const char* type) {
    return command->add_option(name, words, about)->type_name(type)->allow_extra_args(false);
  };
  command->add_option("--organisation", plan->organisation, "The name that every signed message shows")
      ->type_name("NAME")
      ->required();
  list("--validator", plan->validators, "Who makes blocks: a node_key.json, or ADDRESS=PUBLICKEY; repeatable",
       "KEY")
      ->required();
  command
      ->add_option("--members", plan->members_csv,
                   "Founding members: address, and a column of units for each class")
      ->type_name("CSV");
  list("--class", plan->classes, "A share class: NAME, or NAME:open when registrars may grant it; repeatable",
       "NAME");
  list("--asset", plan->assets,
       "Money: SYMBOL:DECIMALS, or SYMBOL:DECIMALS:SUPPLY when created whole; repeatable", "ASSET");
  list("--role", plan->roles, "ROLE=ADDRESS[,ADDRESS…][:M]; repeatable", "ROLE");
  list("--account", plan->accounts, "An account without membership: ADDRESS[=SYMBOL:AMOUNT]; repeatable",
       "ACCOUNT");
  list("--parameter", plan->parameters, "NAME=VALUE, of docs/parameters.md; repeatable", "NAME=VALUE");
  command->add_option("--out", *out, "The file to make; left out: standard output")->type_name("FILE");
  command->footer(
      "Policies start at their defaults; edit the JSON to change them, then run `moot genesis check`.");
  command->callback([&globals, plan, out] { globals.finish(make(globals, *plan, *out)); });
}

}  // namespace

void add_genesis_commands(CLI::App& app, Globals& globals) {
  auto* group = app.add_subcommand("genesis", "Make, check and name the file that a ledger begins with")
                    ->require_subcommand(1);
  add_new(*group, globals);
  const auto with_file = [&globals, group](const char* name, const char* about, auto print) {
    auto file = std::make_shared<std::string>();
    auto* command = group->add_subcommand(name, about);
    command->add_option("FILE", *file, "A genesis")->required();
    command->callback([&globals, file, print] {
      const auto genesis = read_genesis(*file, ExitCode::usage);
      if (genesis) print(globals, *genesis);
      globals.finish(genesis ? Result<void>() : std::unexpected(genesis.error()));
    });
  };
  with_file("check", "Check a genesis strictly and sum it up", print_summary);
  with_file("id", "Print the ledger's id", [](const Globals& with, const ledger::Genesis& genesis) {
    const std::string id = genesis::id_text(genesis);
    if (with.json)
      print_json(std::cout, boost::json::object{{"ledgerId", id}});
    else
      std::cout << id << '\n';
  });
}

}  // namespace moot::wallet
