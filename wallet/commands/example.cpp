// moot example: the co-operative of 18,000 members, made, played and summed up.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "base/random.hpp"
#include "wallet/cli.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/example/story.hpp"
#include "wallet/files.hpp"
#include "wallet/output.hpp"

namespace moot::wallet {
namespace {

Result<void> make_genesis(const Globals& globals, const example::Setting& setting) {
  const auto ledger =
      example::write_setting(setting, {.salt = Hash{random_array<32>()}, .created = SystemClock().now_ms()});
  if (!ledger) return std::unexpected(ledger.error());
  if (globals.json) {
    print_json(std::cout, boost::json::object{{"folder", setting.folder.string()},
                                              {"ledgerId", "0x" + to_hex(ledger->view())}});
    return {};
  }
  print_facts(std::cout, {{"Folder", shown(setting.folder)},
                          {"Ledger", "0x" + to_hex(ledger->view())},
                          {"Next", "mootd start --home " + setting.folder.string()}});
  return {};
}

Result<void> run(const Globals& globals, const std::string& folder, bool summary) {
  const auto setting = example::read_setting(folder);
  if (!setting) return std::unexpected(setting.error());
  if (auto played = example::play_story({.setting = *setting, .node = globals.node, .quiet = globals.json});
      !played)
    return played;
  if (!summary) return {};
  if (!globals.json) std::cout << '\n';
  return example::print_summary({.folder = folder, .audit_report = {}, .json = globals.json});
}

}  // namespace

void add_example_commands(CLI::App& app, Globals& globals) {
  auto* group =
      app.add_subcommand("example", "A co-operative of 18,000 members to look at")->require_subcommand(1);

  auto setting = std::make_shared<example::Setting>();
  auto out = std::make_shared<std::string>();
  auto* genesis =
      group->add_subcommand("genesis", "Make its node's home folder: genesis, node key, keys of all roles");
  genesis->add_option("--out", *out, "The folder to make")->type_name("FOLDER")->required();
  genesis->add_option("--members", setting->members, "How many members will be admitted")
      ->capture_default_str();
  genesis->add_option("--seed", setting->seed, "From which keys, units and ballots are drawn")
      ->capture_default_str();
  genesis->footer("Its keys follow from the seed, which is no secret: never use them for anything else.");
  genesis->callback([&globals, setting, out] {
    setting->folder = *out;
    globals.finish(make_genesis(globals, *setting));
  });

  auto folder = std::make_shared<std::string>();
  auto* play =
      group->add_subcommand("run", "Play its story against the node of that folder, which must be running");
  play->add_option("--dir", *folder, "The folder that `moot example genesis` made")
      ->type_name("FOLDER")
      ->required();
  auto no_summary = std::make_shared<bool>(false);
  play->add_flag("--no-summary", *no_summary, "Leave the summary to `moot example summary`");
  play->callback([&globals, folder, no_summary] { globals.finish(run(globals, *folder, !*no_summary)); });

  auto report = std::make_shared<std::string>();
  auto* summary = group->add_subcommand("summary", "Print what the story came to");
  summary->add_option("--dir", *folder, "The folder of the example")->type_name("FOLDER")->required();
  summary->add_option("--audit", *report, "A report of `moot audit replay --json`, which must agree")
      ->type_name("FILE");
  summary->callback([&globals, folder, report] {
    globals.finish(
        example::print_summary({.folder = *folder, .audit_report = *report, .json = globals.json}));
  });
}

}  // namespace moot::wallet
