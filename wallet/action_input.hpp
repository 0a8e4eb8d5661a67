// Actions of proposals as people write them: fields by name, from flags or from a JSON file, each a piece of text.
//
//   sale   shareClass, buyer, asset, minPrice "50000 USDX", maxPrice, termsHash or termsFile, reserve "10%", funding "30d"
//   …      kinds_of_action() lists the rest; names are those of docs/protocol.md
//
// Private to the wallet's source files, as node_client.hpp is.
#pragma once

#include <map>
#include <span>

#include "ledger/transaction.hpp"
#include "wallet/asset_book.hpp"
#include "wallet/node_client.hpp"

namespace moot::wallet {

struct ActionField {
  const char* name;  // as the ledger names it: "minPrice"
  const char* help;
  bool required = false;
  bool flag = false;  // true where it stands alone, as --expel does
};

struct ActionKind {
  const char* name;  // "cancel-sale"
  const char* about;
  const char* example;
  std::span<const ActionField> fields;
};
std::span<const ActionKind> kinds_of_action();
const ActionKind* find_action_kind(std::string_view name);

using ActionFields = std::map<std::string, std::string, std::less<>>;

// What names stand for: keys, members, classes, assets, and the policies in force.
struct ActionContext {
  const Globals& globals;
  const NodeClient& client;
  const AssetBook& assets;
};

// Refuses unknown, missing and wrong fields, naming the first. A policy's fields that are not given keep their present value.
Result<ledger::Action> read_action(const ActionContext& context, const ActionKind& kind, ActionFields fields);

struct ProposalText {
  std::string title;
  std::string body;
};
// {"title","body" or "bodyFile","actions":[{"type":"spend","amount":"12.5 USDX","recipient":"0x…"}]}
Result<ledger::Propose> read_proposal(const ActionContext& context, std::string_view json);
// One action, or none for an opinion; the kind follows from it.
Result<ledger::Propose> make_proposal(ProposalText text, std::vector<ledger::Action> actions);

}  // namespace moot::wallet
