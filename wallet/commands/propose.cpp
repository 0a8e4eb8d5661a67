// moot propose: an opinion, or one action by flags, or several from a file.
#include "wallet/action_input.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/sending.hpp"
#include "wallet/files.hpp"
#include "wallet/payload_view.hpp"

namespace moot::wallet {
namespace {

constexpr std::size_t kMaxBodyFile = 64 * 1024;
constexpr std::size_t kMaxProposalFile = std::size_t{1} << 20;

struct ProposeOptions {
  std::string title, body, body_file, file;
  const ActionKind* kind = nullptr;  // none: an opinion
  ActionFields fields;
  std::map<std::string, bool> flags;
};

TxRequest request_of(ledger::Propose proposal) {
  const std::string title = proposal.title;
  return {.payload = std::move(proposal), .outcome = [title](u64 id) {
            return "Proposal " + std::to_string(id) + " is on the ledger: \"" + title +
                   "\". `moot proposal " + std::to_string(id) + "` shows it.";
          }};
}

Result<ledger::Propose> proposal_of_flags(const ActionContext& context, const ProposeOptions& options) {
  ProposalText text{.title = options.title, .body = options.body};
  if (!options.body_file.empty()) {
    auto body = read_text_file(options.body_file, kMaxBodyFile);
    if (!body) return std::unexpected(body.error());
    text.body = std::move(*body);
  }
  std::vector<ledger::Action> actions;
  if (options.kind != nullptr) {
    ActionFields fields = options.fields;
    for (const auto& [name, on] : options.flags)
      if (on) fields[name] = "yes";
    auto action = read_action(context, *options.kind, std::move(fields));
    if (!action) return std::unexpected(action.error());
    actions.push_back(std::move(*action));
  }
  return make_proposal(std::move(text), std::move(actions));
}

Result<TxRequest> propose_request(const Sender& sender, const ProposeOptions& options) {
  const auto assets = AssetBook::load(sender.client);
  if (!assets) return std::unexpected(assets.error());
  const ActionContext context{.globals = sender.globals, .client = sender.client, .assets = *assets};
  if (options.file.empty()) {
    auto proposal = proposal_of_flags(context, options);
    if (!proposal) return std::unexpected(proposal.error());
    return request_of(std::move(*proposal));
  }
  const auto text = read_text_file(options.file, kMaxProposalFile);
  if (!text) return std::unexpected(text.error());
  auto proposal = read_proposal(context, *text);
  if (!proposal) return std::unexpected(proposal.error());
  return request_of(std::move(*proposal));
}

// "minPrice" → "--min-price".
std::string option_name(std::string_view field) {
  std::string out = "--" + spaced(field);
  for (char& c : out)
    if (c == ' ') c = '-';
  return out;
}

void add_text(CLI::App& command, ProposeOptions& options) {
  command.add_option("--title", options.title, "At most 80 bytes; it stands on every ballot")
      ->type_name("TEXT")
      ->required();
  auto* body = command.add_option("--body", options.body, "What it is about")->type_name("TEXT");
  command.add_option("--body-file", options.body_file, "The same from a file, at most 16 KiB")
      ->type_name("FILE")
      ->excludes(body);
}

void add_fields(CLI::App& command, ProposeOptions& options, const ActionKind& kind) {
  options.kind = &kind;
  for (const auto& field : kind.fields) {
    if (field.flag) {
      command.add_flag(option_name(field.name), options.flags[field.name], field.help);
      continue;
    }
    command
        .add_option_function<std::string>(
            option_name(field.name),
            [&options, name = std::string(field.name)](const std::string& text) {
              options.fields[name] = text;
            },
            field.help)
        ->type_name("")
        ->required(field.required);
  }
}

void add_text_kind(CLI::App& propose, Globals& globals) {
  add_sending<ProposeOptions>(
      propose, globals,
      {.name = "text",
       .about = "Ask for an opinion",
       .example = "moot propose text --title \"Open on Sundays?\" --body-file why.txt"},
      propose_request, add_text);
}

void add_file_kind(CLI::App& propose, Globals& globals) {
  add_sending<ProposeOptions>(
      propose, globals,
      {.name = "file",
       .about = "Propose what a JSON file says: one or more actions of one kind",
       .example =
           "moot propose file proposal.json\n"
           "         {\"title\": \"Two bills\", \"body\": \"…\", \"actions\": [\n"
           "           {\"type\": \"spend\", \"amount\": \"200 USDX\", \"recipient\": \"0x7099…79C8\"},\n"
           "           {\"type\": \"spend\", \"amount\": \"50 USDX\", \"recipient\": \"0xf39F…2266\"}]}"},
      propose_request, [](CLI::App& command, ProposeOptions& options) {
        command
            .add_option("FILE", options.file,
                        "The types and fields are those of the other commands, in camelCase")
            ->required();
      });
}

}  // namespace

void add_propose_commands(CLI::App& app, Globals& globals) {
  auto* propose = app.add_subcommand("propose", "Open a proposal")->require_subcommand(1);
  add_text_kind(*propose, globals);
  for (const auto& kind : kinds_of_action())
    add_sending<ProposeOptions>(*propose, globals,
                                {.name = kind.name, .about = kind.about, .example = kind.example},
                                propose_request, [&kind](CLI::App& command, ProposeOptions& options) {
                                  add_text(command, options);
                                  add_fields(command, options, kind);
                                });
  add_file_kind(*propose, globals);
}

}  // namespace moot::wallet
