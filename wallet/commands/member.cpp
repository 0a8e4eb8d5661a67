// What a member does about the membership itself: join, confirm, delegate, change the key, leave.
#include "wallet/commands/commands.hpp"
#include "wallet/commands/sending.hpp"
#include "wallet/files.hpp"
#include "wallet/inputs.hpp"
#include "wallet/invite_file.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

// ---- join ----

struct JoinOptions {
  std::string invite;
  std::string profile_hash, profile_file;
  std::string consent_hash, consent_file;
};

Result<TxRequest> join_request(const Sender& sender, const JoinOptions& options) {
  const auto text = read_text_file(options.invite, kMaxInviteFile);
  if (!text) return std::unexpected(text.error());
  const auto invite = parse_invite_file(*text);
  if (!invite) return std::unexpected(invite.error());
  const auto signing = sender.client.signing();
  if (!signing) return std::unexpected(signing.error());
  if (signing->ledger_id != invite->signing.ledger_id ||
      signing->organisation != invite->signing.organisation)
    return fail("the invite is to " + invite->signing.organisation + ", and this node serves another ledger",
                "Name the right node with --node");
  const auto profile = hash_option(options.profile_hash, options.profile_file, "the profile's hash");
  if (!profile) return std::unexpected(profile.error());
  const auto consent = hash_option(options.consent_hash, options.consent_file, "the consent's hash");
  if (!consent) return std::unexpected(consent.error());
  return TxRequest{.payload = ledger::Join{.profile_hash = *profile,
                                           .consent_hash = *consent,
                                           .invite_code = invite->invite.code,
                                           .registrar = invite->invite.registrar,
                                           .invite_valid_until = invite->invite.valid_until,
                                           .invite_signature = invite->signature},
                   .outcome = [](u64) { return "You asked to join. A registrar admits you next."; }};
}

void add_join(CLI::App& app, Globals& globals) {
  add_sending<JoinOptions>(
      app, globals,
      {.name = "join",
       .about = "Ask for membership with a registrar's invite",
       .example = "moot join --invite invite.json"},
      join_request, [](CLI::App& command, JoinOptions& options) {
        command.add_option("--invite", options.invite, "The registrar's file")->type_name("FILE")->required();
        auto* consent = command.add_option("--consent-file", options.consent_file, "The text you consent to")
                            ->type_name("FILE");
        command.add_option("--consent-hash", options.consent_hash, "Its SHA-256 instead")->excludes(consent);
        auto* profile =
            command.add_option("--profile-file", options.profile_file, "Your profile, kept elsewhere")
                ->type_name("FILE");
        command.add_option("--profile-hash", options.profile_hash, "Its SHA-256 instead")->excludes(profile);
      });
}

// ---- confirm ----

struct ConfirmOptions {
  std::string hash, file;
};

Result<TxRequest> confirm_request(const Sender&, const ConfirmOptions& options) {
  const auto consent = hash_option(options.hash, options.file, "the consent's hash");
  if (!consent) return std::unexpected(consent.error());
  return TxRequest{.payload = ledger::Confirm{.consent_hash = *consent},
                   .outcome = [](u64) { return "Your membership is confirmed."; }};
}

void add_confirm(CLI::App& app, Globals& globals) {
  add_sending<ConfirmOptions>(
      app, globals,
      {.name = "confirm",
       .about = "Confirm the membership, and consent to a text",
       .example = "moot confirm --consent-file statutes.pdf"},
      confirm_request, [](CLI::App& command, ConfirmOptions& options) {
        auto* file =
            command.add_option("--consent-file", options.file, "The text you consent to")->type_name("FILE");
        command.add_option("--consent-hash", options.hash, "Its SHA-256 instead")->excludes(file);
      });
}

// ---- delegate ----

struct DelegateOptions {
  std::string to;
};

Result<TxRequest> delegate_request(const Sender& sender, const DelegateOptions& options) {
  if (options.to == "none")
    return TxRequest{.payload = ledger::SetDelegate{},
                     .outcome = [](u64) { return "Nobody votes for you any more."; }};
  const auto delegate = member_address(sender.globals, sender.client, options.to);
  if (!delegate) return std::unexpected(delegate.error());
  const std::string name = crypto::to_eip55(*delegate);
  return TxRequest{.payload = ledger::SetDelegate{.delegate = *delegate}, .outcome = [name](u64) {
                     return name + " votes for you in later proposals, where you do not vote.";
                   }};
}

void add_delegate(CLI::App& app, Globals& globals) {
  add_sending<DelegateOptions>(
      app, globals,
      {.name = "delegate",
       .about = "Name a member who votes when you do not",
       .example = "moot delegate 0x7099…79C8\n         moot delegate none"},
      delegate_request, [](CLI::App& command, DelegateOptions& options) {
        command.add_option("MEMBER", options.to, "An address, a member's number, a key's name; or none")
            ->required();
      });
}

// ---- leave ----

Result<TxRequest> leave_request(const Sender&, const NoOptions&) {
  return TxRequest{
      .payload = ledger::Leave{},
      .question = "Leave the organisation? Your units are gone from this moment; your money stays yours.",
      .outcome = [](u64) { return "You have left. Your money stays yours."; }};
}

// ---- rotate-key ----

struct RotateOptions {
  std::string next;
  std::string password_file;
};

// The new key consents to the very transaction: its statement names the nonce.
Result<void> add_consent(const Globals& globals, const KeyEntry& entry, const ledger::SigningContext& signing,
                         const ledger::Terms& terms, ledger::Payload& payload) {
  const auto key = unlock(globals, entry);
  if (!key) return std::unexpected(key.error());
  auto& rotate = std::get<ledger::RotateKey>(payload);
  if (crypto::address_of(*key) != rotate.new_address)
    return fail("the new key's file is named wrongly", "Import that key again",
                ExitCode::verification_failed);
  const ledger::AcceptKey statement{
      .previous = terms.signer, .next = rotate.new_address, .nonce = terms.nonce};
  rotate.new_signature.bytes = crypto::sign(*key, ledger::statement_digest(signing, statement)).bytes;
  return {};
}

Result<TxRequest> rotate_request(const Sender& sender, const RotateOptions& options) {
  const auto keystore = sender.globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto entry = keystore->find(options.next);
  if (!entry) return std::unexpected(entry.error());
  if (!entry->address) return fail("the new key's file does not tell its address", "Import that key again");
  Globals of_new = sender.globals;
  if (!options.password_file.empty()) {
    of_new.password_file = options.password_file;
    of_new.password_fd.reset();
  }
  const std::string name = crypto::to_eip55(*entry->address);
  return TxRequest{
      .payload = ledger::RotateKey{.new_address = *entry->address, .new_signature = {}},
      .question = "Move your membership, roles and money to " + name + "? The present key ends at once.",
      .complete =
          [of_new, entry = *entry](const ledger::SigningContext& signing, const ledger::Terms& terms,
                                   ledger::Payload& payload) {
            return add_consent(of_new, entry, signing, terms, payload);
          },
      .outcome = [name](u64) { return "Everything is with " + name + " from now on."; }};
}

void add_rotate(CLI::App& app, Globals& globals) {
  add_sending<RotateOptions>(
      app, globals,
      {.name = "rotate-key",
       .about = "Move everything to a new key of yours",
       .example = "moot keys new phone2\n         moot --from phone1 rotate-key --new phone2"},
      rotate_request, [](CLI::App& command, RotateOptions& options) {
        command.add_option("--new", options.next, "The new key: its name or address")
            ->type_name("KEY")
            ->required();
        command
            .add_option("--new-password-file", options.password_file,
                        "The new key's password, where it is not the present key's")
            ->type_name("FILE");
      });
}

// ---- advance-nonce ----

Result<TxRequest> advance_request(const Sender&, const NumberOption& options) {
  return TxRequest{.payload = ledger::AdvanceNonce{.to = options.number}, .outcome = [](u64) {
                     return "What was signed with a lower nonce can no longer be sent.";
                   }};
}

}  // namespace

void add_member_commands(CLI::App& app, Globals& globals) {
  add_join(app, globals);
  add_confirm(app, globals);
  add_delegate(app, globals);
  add_rotate(app, globals);
  add_sending_of_number(app, globals,
                        {.name = "advance-nonce",
                         .about = "Withdraw what you signed and did not send: skip to a nonce",
                         .example = "moot advance-nonce 12"},
                        "NONCE", advance_request);
  add_sending<NoOptions>(app, globals,
                         {.name = "leave", .about = "End your membership", .example = "moot leave"},
                         leave_request, [](CLI::App&, NoOptions&) {});
}

}  // namespace moot::wallet
