// moot keys new and moot keys import: the ways a key gets into the keystore.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "base/random.hpp"
#include "wallet/cli.hpp"
#include "wallet/commands/keys.hpp"
#include "wallet/files.hpp"
#include "wallet/hd.hpp"
#include "wallet/mnemonic.hpp"
#include "wallet/output.hpp"

namespace moot::wallet {
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

Keystore::NewKey new_key(const std::string& alias, bool light) {
  return {.alias = alias, .cost = light ? KeyCost::light : KeyCost::standard};
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

// A key on its way into the keystore.
struct Incoming {
  crypto::SecretKey key;
  std::string path;  // empty when nothing was derived
};

// Checks what can be checked before asking for a password, then asks for it.
Result<SecretText> password_for(const Globals& globals, const crypto::SecretKey& key,
                                const Keystore::NewKey& options) {
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const Address address = crypto::address_of(key);
  if (auto checked = keystore->check_addable(options, address); !checked)
    return std::unexpected(checked.error());
  return new_password(globals.password_source(), "New password for " + crypto::to_eip55(address) + ": ");
}

Result<void> save(const Globals& globals, const Incoming& incoming, const SecretText& password,
                  const Keystore::NewKey& options) {
  auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto entry = keystore->add(incoming.key, password.view(), options, SystemClock());
  if (!entry) return std::unexpected(entry.error());
  print_stored(globals, *entry, incoming.path);
  return {};
}

Result<DerivationPath> path_of(const Derivation& derivation) {
  if (!derivation.path.empty()) return parse_path(derivation.path);
  return ethereum_path(derivation.index);
}

Result<crypto::SecretKey> key_of_phrase(const SecretText& phrase, std::string_view passphrase,
                                        const DerivationPath& path) {
  const auto seed = mnemonic_seed(phrase, passphrase);
  if (!seed) return std::unexpected(seed.error());
  const auto master = ExtendedKey::master(seed->view());
  if (!master) return fail("these recovery words give no key", "Make new ones");
  auto derived = master->derive(path);
  if (!derived) return std::unexpected(derived.error());
  return std::move(derived->key);
}

// The one time a person sees the words: on the terminal itself or in a file of their own, never in a log.
Result<void> hand_over(const Globals& globals, const NewOptions& options, const SecretText& phrase) {
  if (!options.words_file.empty())
    return write_private_file(options.words_file, std::string(phrase.view()) + "\n", Existing::refuse);
  std::string text =
      "\nThese words are the key. Write them down on paper, in this order, and keep them safe:\n"
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

crypto::SecretKey random_key() {
  crypto::SecretBytes raw(32);
  std::optional<crypto::SecretKey> key;
  while (!key) {  // a number that is no key comes once in 2¹²⁸
    random_bytes(raw.span());
    key = crypto::SecretKey::from_bytes(raw.view());
  }
  return std::move(*key);
}

// The words are shown after the password is settled: whoever writes them down has the key they are for.
Result<void> run_new(const Globals& globals, const NewOptions& options) {
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto stored = new_key(options.alias, options.light);
  if (auto checked = keystore->check_addable(stored, std::nullopt); !checked) return checked;
  if (options.no_words) {
    const Incoming incoming{.key = random_key(), .path = {}};
    const auto password = password_for(globals, incoming.key, stored);
    if (!password) return std::unexpected(password.error());
    return save(globals, incoming, *password, stored);
  }
  const auto phrase = new_mnemonic(options.words);
  const auto path = ethereum_path(0);
  auto key = key_of_phrase(phrase, "", path);
  if (!key) return std::unexpected(key.error());
  const Incoming incoming{.key = std::move(*key), .path = to_text(path)};
  const auto password = password_for(globals, incoming.key, stored);
  if (!password) return std::unexpected(password.error());
  if (auto handed = hand_over(globals, options, phrase); !handed) return handed;
  return save(globals, incoming, *password, stored);
}

Result<SecretText> passphrase_of(const ImportOptions& options) {
  if (!options.passphrase_file.empty()) return read_secret_file(options.passphrase_file);
  if (options.ask_passphrase) return prompt_secret("Passphrase of the recovery words: ");
  return SecretText();
}

Result<crypto::SecretKey> key_of_words(std::string_view typed, const ImportOptions& options,
                                       const DerivationPath& path) {
  const auto phrase = parse_mnemonic(typed);
  if (!phrase) return std::unexpected(phrase.error());
  const auto passphrase = passphrase_of(options);
  if (!passphrase) return std::unexpected(passphrase.error());
  return key_of_phrase(*phrase, passphrase->view(), path);
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

Result<Incoming> imported(const ImportOptions& options) {
  const auto path = path_of(options.derivation);
  if (!path) return std::unexpected(path.error());
  const auto with_path = [&](Result<crypto::SecretKey> key, bool derived) -> Result<Incoming> {
    if (!key) return std::unexpected(key.error());
    return Incoming{.key = std::move(*key), .path = derived ? to_text(*path) : ""};
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
  const bool words =
      !options.mnemonic_file.empty() || (file.empty() && text->view().find(' ') != std::string_view::npos);
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
  const auto password = password_for(globals, found->key, stored);
  if (!password) return std::unexpected(password.error());
  return save(globals, *found, *password, stored);
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

}  // namespace

void add_keys_new(CLI::App& keys, Globals& globals) {
  auto options = std::make_shared<NewOptions>();
  auto* command = keys.add_subcommand("new", "Make a key and its recovery words");
  command->add_option("NAME", options->alias, "A name of your own for it");
  auto* words =
      command->add_option("--words", options->words, "How many recovery words: 12, 15, 18, 21 or 24")
          ->check(CLI::IsMember({12, 15, 18, 21, 24}).description(""))
          ->type_name("COUNT")
          ->capture_default_str();
  auto* file =
      command
          ->add_option("--words-file", options->words_file,
                       "Write the words to a new file that only you can read, instead of the terminal")
          ->type_name("FILE");
  command->add_flag("--no-words", options->no_words, "Make a key without recovery words")
      ->excludes(words, file);
  command->add_flag("--light", options->light,
                    "Protect it lightly, for tests: opens in milliseconds, also for a thief");
  command->callback([&globals, options] { globals.finish(run_new(globals, *options)); });
}

void add_keys_import(CLI::App& keys, Globals& globals) {
  auto options = std::make_shared<ImportOptions>();
  auto* command =
      keys.add_subcommand("import", "Store a key that you have: raw, as words, or as a keystore file");
  command->add_option("NAME", options->alias, "A name of your own for it");
  add_import_sources(*command, *options);
  auto* index = command
                    ->add_option("--index,--mnemonic-index", options->derivation.index,
                                 "Which key of the words: m/44'/60'/0'/0/INDEX")
                    ->check(CLI::Range(u32{0}, kHardened - 1).description(""))
                    ->type_name("INDEX")
                    ->capture_default_str();
  command
      ->add_option("--derivation-path,--mnemonic-derivation-path", options->derivation.path,
                   "The whole path instead, such as m/44'/60'/1'/0/0")
      ->type_name("PATH")
      ->excludes(index);
  auto* passphrase = command
                         ->add_option("--passphrase-file,--mnemonic-passphrase-file",
                                      options->passphrase_file, "The passphrase that belongs to the words")
                         ->type_name("FILE");
  command->add_flag("--ask-passphrase", options->ask_passphrase, "Ask for that passphrase")
      ->excludes(passphrase);
  command
      ->add_option("--keystore-password-file", options->keystore_password_file,
                   "The password of the file of --keystore-file; asked for when not given")
      ->type_name("FILE");
  command->add_flag("--light", options->light,
                    "Protect it lightly, for tests: opens in milliseconds, also for a thief");
  command->callback([&globals, options] { globals.finish(run_import(globals, *options)); });
}

}  // namespace moot::wallet
