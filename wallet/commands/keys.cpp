// moot keys: the keys of this machine's keystore. No command here talks to a node.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "base/random.hpp"
#include "wallet/cli.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/files.hpp"
#include "wallet/hd.hpp"
#include "wallet/mnemonic.hpp"
#include "wallet/output.hpp"

namespace moot::wallet {
namespace json = boost::json;
namespace {

// Which key of a set of recovery words or of an extended key.
struct Derivation {
  u32 index = 0;
  std::string path;  // empty: m/44'/60'/0'/0/index
};

struct NewOptions {
  std::string alias;
  std::size_t words = 12;
  std::string words_file;
  bool no_words = false;
  bool light = false;
};

struct ImportOptions {
  std::string alias;
  std::string private_key_file;
  std::string mnemonic_file;
  std::string xprv_file;
  std::string keystore_file;
  std::string keystore_password_file;
  std::string passphrase_file;
  bool ask_passphrase = false;
  Derivation derivation;
  bool light = false;
};

struct ExportOptions {
  std::string name;
  std::string output;
  bool unencrypted = false;
};

Keystore::NewKey new_key(const std::string& alias, bool light) {
  return {.alias = alias, .cost = light ? KeyCost::light : KeyCost::standard};
}

// The key a command names, or the one that --from or the keystore leaves no doubt about.
Result<KeyEntry> named_key(const Globals& globals, const std::string& name) {
  if (name.empty()) return chosen_key(globals);
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  return keystore->find(name);
}

json::object as_json(const KeyEntry& entry) {
  json::object out{{"alias", entry.alias}, {"file", entry.file.string()}};
  out["address"] = entry.address ? json::value(crypto::to_eip55(*entry.address)) : json::value(nullptr);
  return out;
}

void print_stored(const Globals& globals, const KeyEntry& entry, const std::string& path) {
  if (globals.json) {
    auto body = as_json(entry);
    if (!path.empty()) body["path"] = path;
    return print_json(std::cout, body);
  }
  std::vector<Fact> facts{{"Address", crypto::to_eip55(*entry.address)}};
  if (!entry.alias.empty()) facts.push_back({"Name", entry.alias});
  if (!path.empty()) facts.push_back({"Path", path});
  facts.push_back({"File", shown(entry.file)});
  print_facts(std::cout, facts);
}

// Checks what can be checked before asking for a password, asks, stores, prints.
Result<void> store(const Globals& globals, const crypto::SecretKey& key, const Keystore::NewKey& options,
                   const std::string& path) {
  auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const Address address = crypto::address_of(key);
  if (auto checked = keystore->check_addable(options, address); !checked) return checked;
  const auto password =
      new_password(globals.password_source(), "New password for " + crypto::to_eip55(address) + ": ");
  if (!password) return std::unexpected(password.error());
  const auto entry = keystore->add(key, password->view(), options, SystemClock());
  if (!entry) return std::unexpected(entry.error());
  print_stored(globals, *entry, path);
  return {};
}

Result<DerivationPath> path_of(const Derivation& derivation) {
  if (!derivation.path.empty()) return parse_path(derivation.path);
  return ethereum_path(derivation.index);
}

Result<crypto::SecretKey> key_of_seed(ByteView seed, const DerivationPath& path) {
  const auto master = ExtendedKey::master(seed);
  if (!master) return fail("these recovery words give no key", "Make new ones");
  auto derived = master->derive(path);
  if (!derived) return std::unexpected(derived.error());
  return std::move(derived->key);
}

// The one time a person sees the words: on the terminal itself or in a file of their own, never in a log.
Result<void> hand_over(const Globals& globals, const NewOptions& options, const SecretText& phrase) {
  if (!options.words_file.empty())
    return write_private_file(options.words_file, std::string(phrase.view()) + "\n", Existing::refuse);
  std::string text = "\nThese words are the key. Write them down on paper, in this order, and keep them safe:\n"
                     "whoever has them has the key, and without them a lost file or password cannot be replaced.\n\n  ";
  text.reserve(text.size() + phrase.view().size() + 2);
  text += phrase.view();
  text += "\n\n";
  const bool seen = show_on_terminal(text);
  crypto::wipe(text);
  if (!seen)
    return fail("there is no terminal to show the recovery words on",
                "Name a file for them with --words-file, or make a key without words with --no-words");
  return confirm(globals, "Have you written them down?");
}

Result<void> run_new(const Globals& globals, const NewOptions& options) {
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto stored = new_key(options.alias, options.light);
  if (auto checked = keystore->check_addable(stored, std::nullopt); !checked) return checked;
  if (options.no_words) {
    crypto::SecretBytes raw(32);
    std::optional<crypto::SecretKey> key;
    while (!key) {  // a number that is no key comes once in 2¹²⁸
      random_bytes(raw.span());
      key = crypto::SecretKey::from_bytes(raw.view());
    }
    return store(globals, *key, stored, {});
  }
  const auto phrase = new_mnemonic(options.words);
  const auto seed = mnemonic_seed(phrase, "");
  if (!seed) return std::unexpected(seed.error());
  const auto path = ethereum_path(0);
  const auto key = key_of_seed(seed->view(), path);
  if (!key) return std::unexpected(key.error());
  if (auto handed = hand_over(globals, options, phrase); !handed) return handed;
  return store(globals, *key, stored, to_text(path));
}

Result<SecretText> passphrase_of(const ImportOptions& options) {
  if (!options.passphrase_file.empty()) return read_secret_file(options.passphrase_file);
  if (options.ask_passphrase) return prompt_secret("Passphrase of the recovery words: ");
  return SecretText();
}

Result<crypto::SecretKey> key_of_words(std::string_view typed, const ImportOptions& options, const DerivationPath& path) {
  const auto phrase = parse_mnemonic(typed);
  if (!phrase) return std::unexpected(phrase.error());
  const auto passphrase = passphrase_of(options);
  if (!passphrase) return std::unexpected(passphrase.error());
  const auto seed = mnemonic_seed(*phrase, passphrase->view());
  if (!seed) return std::unexpected(seed.error());
  return key_of_seed(seed->view(), path);
}

Result<crypto::SecretKey> key_of_xprv(std::string_view text, const DerivationPath& path) {
  const auto extended = ExtendedKey::from_xprv(text);
  if (!extended) return std::unexpected(extended.error());
  if (extended->meta.depth != 0)
    return fail("this extended key is not a master key", "Export the master key, whose depth is 0");
  auto derived = extended->derive(path);
  if (!derived) return std::unexpected(derived.error());
  return std::move(derived->key);
}

Result<crypto::SecretKey> key_of_keystore(const ImportOptions& options) {
  const auto text = read_text_file(options.keystore_file, kMaxKeystoreText);
  if (!text) return std::unexpected(text.error());
  if (const auto summary = summarize_keystore(*text); !summary) return std::unexpected(summary.error());
  const auto password = options.keystore_password_file.empty()
                            ? prompt_secret("Password of " + shown(options.keystore_file) + ": ")
                            : read_secret_file(options.keystore_password_file);
  if (!password) return std::unexpected(password.error());
  return decrypt_key(*text, password->view());
}

struct Imported {
  crypto::SecretKey key;
  std::string path;  // empty when nothing was derived
};

Result<Imported> imported(const ImportOptions& options) {
  const auto path = path_of(options.derivation);
  if (!path) return std::unexpected(path.error());
  const auto with_path = [&](Result<crypto::SecretKey> key, bool derived) -> Result<Imported> {
    if (!key) return std::unexpected(key.error());
    return Imported{.key = std::move(*key), .path = derived ? to_text(*path) : ""};
  };
  if (!options.keystore_file.empty()) return with_path(key_of_keystore(options), false);
  const std::string& file = !options.mnemonic_file.empty() ? options.mnemonic_file
                            : !options.xprv_file.empty()   ? options.xprv_file
                                                           : options.private_key_file;
  const bool first_line_only = options.mnemonic_file.empty();
  const auto text = file.empty()      ? prompt_secret("Private key or recovery words: ")
                    : first_line_only ? read_secret_file(file)
                                      : read_secret_text(file);
  if (!text) return std::unexpected(text.error());
  if (!options.xprv_file.empty()) return with_path(key_of_xprv(text->view(), *path), true);
  const bool words = !options.mnemonic_file.empty() ||
                     (file.empty() && text->view().find(' ') != std::string_view::npos);
  if (words) return with_path(key_of_words(text->view(), options, *path), true);
  return with_path(parse_raw_key(text->view()), false);
}

Result<void> run_import(const Globals& globals, const ImportOptions& options) {
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto stored = new_key(options.alias, options.light);
  if (auto checked = keystore->check_addable(stored, std::nullopt); !checked) return checked;
  const auto found = imported(options);
  if (!found) return std::unexpected(found.error());
  return store(globals, found->key, stored, found->path);
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
  print_facts(std::cout, {{"Address", entry->address ? crypto::to_eip55(*entry->address) : "(seen once opened)"},
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
  if (auto sure = confirm(globals, "Remove " + display_name(*entry) +
                                       "? Without its recovery words or another copy the key is lost for ever.");
      !sure)
    return sure;
  if (auto removed = keystore->remove(*entry); !removed) return removed;
  if (globals.json) print_json(std::cout, json::object{{"removed", as_json(*entry)}});
  else std::cout << "Removed " << display_name(*entry) << ".\n";
  return {};
}

Result<void> run_verify_password(const Globals& globals, const std::string& name) {
  const auto entry = named_key(globals, name);
  if (!entry) return std::unexpected(entry.error());
  const auto key = unlock(globals, *entry);
  if (!key) return std::unexpected(key.error());
  const std::string address = crypto::to_eip55(crypto::address_of(*key));
  if (globals.json) print_json(std::cout, json::object{{"opens", true}, {"address", address}});
  else std::cout << "The password opens the key of " << address << ".\n";
  return {};
}

void add_new(CLI::App& keys, Globals& globals) {
  auto options = std::make_shared<NewOptions>();
  auto* command = keys.add_subcommand("new", "Make a key and its recovery words");
  command->add_option("NAME", options->alias, "A name of your own for it");
  auto* words = command->add_option("--words", options->words, "How many recovery words: 12, 15, 18, 21 or 24")
                    ->check(CLI::IsMember({12, 15, 18, 21, 24}).description(""))->type_name("COUNT")->capture_default_str();
  auto* file = command->add_option("--words-file", options->words_file,
                                   "Write the words to a new file that only you can read, instead of the terminal")
                   ->type_name("FILE");
  command->add_flag("--no-words", options->no_words, "Make a key without recovery words")->excludes(words, file);
  command->add_flag("--light", options->light, "Protect it lightly, for tests: opens in milliseconds, also for a thief");
  command->callback([&globals, options] { globals.finish(run_new(globals, *options)); });
}

void add_import_sources(CLI::App& command, ImportOptions& options) {
  const std::string group = "Where the key comes from (asked for when none is given)";
  std::vector<CLI::Option*> sources;
  const auto add = [&](const char* name, std::string& file, const char* about) {
    auto* source = command.add_option(name, file, about)->type_name("FILE")->group(group);
    for (auto* other : sources) source->excludes(other);
    sources.push_back(source);
  };
  add("--private-key-file", options.private_key_file, "64 hexadecimal digits");
  add("--mnemonic-file", options.mnemonic_file, "Recovery words of BIP-39, in English");
  add("--xprv-file", options.xprv_file, "A master key of BIP-32, xprv…");
  add("--keystore-file", options.keystore_file, "A keystore file (Web3 Secret Storage 3)");
}

void add_import(CLI::App& keys, Globals& globals) {
  auto options = std::make_shared<ImportOptions>();
  auto* command = keys.add_subcommand("import", "Store a key that you have: raw, as words, or as a keystore file");
  command->add_option("NAME", options->alias, "A name of your own for it");
  add_import_sources(*command, *options);
  auto* index = command->add_option("--index,--mnemonic-index", options->derivation.index,
                                    "Which key of the words: m/44'/60'/0'/0/INDEX")
                    ->check(CLI::Range(u32{0}, kHardened - 1).description(""))->type_name("INDEX")->capture_default_str();
  command->add_option("--derivation-path,--mnemonic-derivation-path", options->derivation.path,
                      "The whole path instead, such as m/44'/60'/1'/0/0")
      ->type_name("PATH")->excludes(index);
  auto* passphrase = command->add_option("--passphrase-file,--mnemonic-passphrase-file", options->passphrase_file,
                                         "The passphrase that belongs to the words")->type_name("FILE");
  command->add_flag("--ask-passphrase", options->ask_passphrase, "Ask for that passphrase")->excludes(passphrase);
  command->add_option("--keystore-password-file", options->keystore_password_file,
                      "The password of the file of --keystore-file; asked for when not given")->type_name("FILE");
  command->add_flag("--light", options->light, "Protect it lightly, for tests: opens in milliseconds, also for a thief");
  command->callback([&globals, options] { globals.finish(run_import(globals, *options)); });
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

void add_keys_commands(CLI::App& app, Globals& globals) {
  auto* keys = app.add_subcommand("keys", "Make, import, list, show, export and remove keys")->require_subcommand(1);
  add_new(*keys, globals);
  add_import(*keys, globals);
  keys->add_subcommand("list", "The keys of the keystore")->callback([&globals] { globals.finish(run_list(globals)); });
  add_on_key(*keys, globals, {"show", "What is known of a key without its password", false, run_show});
  add_export(*keys, globals);
  add_on_key(*keys, globals, {"remove", "Delete a key from the keystore", true, run_remove});
  add_on_key(*keys, globals, {"verify-password", "Whether a password opens a key", false, run_verify_password});
}

}  // namespace moot::wallet
