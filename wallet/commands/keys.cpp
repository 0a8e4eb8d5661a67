// moot keys: the keys of this machine's keystore. No command here talks to a node.
#include "wallet/commands/keys.hpp"

#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "wallet/cli.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/files.hpp"
#include "wallet/output.hpp"

namespace moot::wallet {
namespace json = boost::json;
namespace {

struct ExportOptions {
  std::string name;
  std::string output;
  bool unencrypted = false;
};

// The key a command names, or the one that --from or the keystore leaves no doubt about.
Result<KeyEntry> named_key(const Globals& globals, const std::string& name) {
  if (name.empty()) return chosen_key(globals);
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  return keystore->find(name);
}

Result<void> run_list(const Globals& globals) {
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto entries = keystore->list();
  if (!entries) return std::unexpected(entries.error());
  if (globals.json) {
    json::array rows;
    for (const auto& entry : *entries) rows.push_back(as_json(entry));
    print_json(std::cout, json::object{{"keystore", keystore->folder().string()}, {"keys", rows}});
    return {};
  }
  if (entries->empty()) {
    std::cout << "No keys in " << shown(keystore->folder()) << ". Make one with `moot keys new`.\n";
    return {};
  }
  Table table({{"NAME"}, {"ADDRESS"}, {"FILE"}});
  for (const auto& entry : *entries)
    table.add_row({entry.alias.empty() ? "-" : entry.alias,
                   entry.address ? crypto::to_eip55(*entry.address) : "(seen once opened)",
                   entry.file.filename().string()});
  table.print(std::cout);
  return {};
}

Result<void> run_show(const Globals& globals, const std::string& name) {
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto entry = named_key(globals, name);
  if (!entry) return std::unexpected(entry.error());
  const auto text = keystore->text_of(*entry);
  if (!text) return std::unexpected(text.error());
  const auto summary = summarize_keystore(*text);
  if (!summary) return std::unexpected(summary.error());
  if (globals.json) {
    auto body = as_json(*entry);
    body["kdf"] = summary->kdf;
    print_json(std::cout, body);
    return {};
  }
  print_facts(std::cout,
              {{"Address", entry->address ? crypto::to_eip55(*entry->address) : "(seen once opened)"},
               {"Name", entry->alias.empty() ? "-" : entry->alias},
               {"File", shown(entry->file)},
               {"Protection", "aes-128-ctr, " + summary->kdf}});
  return {};
}

Result<void> export_unencrypted(const Globals& globals, const KeyEntry& entry, const std::string& output) {
  if (auto sure = confirm(globals, "Give out the private key of " + display_name(entry) +
                                       " without protection? Whoever reads it has the key.");
      !sure)
    return sure;
  const auto key = unlock(globals, entry);
  if (!key) return std::unexpected(key.error());
  std::string text = "0x" + to_hex(key->view()) + "\n";
  Result<void> done;
  if (!output.empty()) {
    done = write_private_file(output, text, Existing::refuse);
  } else if (!show_on_terminal(text)) {
    done = fail("there is no terminal to show a private key on", "Name a file for it with --output");
  }
  crypto::wipe(text);
  return done;
}

Result<void> run_export(const Globals& globals, const ExportOptions& options) {
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto entry = named_key(globals, options.name);
  if (!entry) return std::unexpected(entry.error());
  if (options.unencrypted) return export_unencrypted(globals, *entry, options.output);
  const auto text = keystore->text_of(*entry);
  if (!text) return std::unexpected(text.error());
  if (!options.output.empty()) return write_private_file(options.output, *text, Existing::refuse);
  std::cout << *text;
  return {};
}

Result<void> run_remove(const Globals& globals, const std::string& name) {
  auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto entry = keystore->find(name);
  if (!entry) return std::unexpected(entry.error());
  if (auto sure =
          confirm(globals, "Remove " + display_name(*entry) +
                               "? Without its recovery words or another copy the key is lost for ever.");
      !sure)
    return sure;
  if (auto removed = keystore->remove(*entry); !removed) return removed;
  if (globals.json)
    print_json(std::cout, json::object{{"removed", as_json(*entry)}});
  else
    std::cout << "Removed " << display_name(*entry) << ".\n";
  return {};
}

Result<void> run_verify_password(const Globals& globals, const std::string& name) {
  const auto entry = named_key(globals, name);
  if (!entry) return std::unexpected(entry.error());
  const auto key = unlock(globals, *entry);
  if (!key) return std::unexpected(key.error());
  const std::string address = crypto::to_eip55(crypto::address_of(*key));
  if (globals.json)
    print_json(std::cout, json::object{{"opens", true}, {"address", address}});
  else
    std::cout << "The password opens the key of " << address << ".\n";
  return {};
}

void add_export(CLI::App& keys, Globals& globals) {
  auto options = std::make_shared<ExportOptions>();
  auto* command = keys.add_subcommand("export", "Copy a key out: its protected file, or the raw key");
  command->add_option("KEY", options->name, "Its name or address");
  command->add_option("-o,--output", options->output, "A new file that only you can read")->type_name("FILE");
  command->add_flag("--unencrypted", options->unencrypted, "The raw private key, after a question");
  command->callback([&globals, options] { globals.finish(run_export(globals, *options)); });
}

using RunOnKey = Result<void> (*)(const Globals&, const std::string&);

struct KeyCommand {
  const char* name;
  const char* about;
  bool key_required;
  RunOnKey run;
};

void add_on_key(CLI::App& keys, Globals& globals, const KeyCommand& entry) {
  auto key = std::make_shared<std::string>();
  auto* command = keys.add_subcommand(entry.name, entry.about);
  command->add_option("KEY", *key, "Its name or address")->required(entry.key_required);
  command->callback([&globals, key, run = entry.run] { globals.finish(run(globals, *key)); });
}

}  // namespace

json::object as_json(const KeyEntry& entry) {
  json::object out{{"alias", entry.alias}, {"file", entry.file.string()}};
  out["address"] = entry.address ? json::value(crypto::to_eip55(*entry.address)) : json::value(nullptr);
  return out;
}

void add_keys_commands(CLI::App& app, Globals& globals) {
  auto* keys =
      app.add_subcommand("keys", "Make, import, list, show, export and remove keys")->require_subcommand(1);
  add_keys_new(*keys, globals);
  add_keys_import(*keys, globals);
  keys->add_subcommand("list", "The keys of the keystore")->callback([&globals] {
    globals.finish(run_list(globals));
  });
  add_on_key(*keys, globals, {"show", "What is known of a key without its password", false, run_show});
  add_export(*keys, globals);
  add_on_key(*keys, globals, {"remove", "Delete a key from the keystore", true, run_remove});
  add_on_key(*keys, globals,
             {"verify-password", "Whether a password opens a key", false, run_verify_password});
}

}  // namespace moot::wallet
