// Which actions there are, and what each of their fields is for: the help of `moot propose` and its JSON form.
#include "wallet/action_input.hpp"

namespace moot::wallet {
namespace {

constexpr ActionField kSale[] = {
    {"buyer", "Who buys: an address or a key's name", true},
    {"minPrice", "The lowest price, such as \"50000 USDX\"", true},
    {"maxPrice", "The highest price", true},
    {"shareClass", "The class whose holders are paid; its number or name"},
    {"asset", "What is paid in; the prices' symbol says it too"},
    {"termsFile", "The contract; its SHA-256 goes on the ledger"},
    {"termsHash", "That SHA-256 instead"},
    {"reserve", "The treasury's part, such as 10%; nothing without"},
    {"funding", "Time to pay from the authorisation, such as 30d; 30d without"},
};
constexpr ActionField kSpend[] = {
    {"amount", "How much of the treasury, such as \"200 USDX\"", true},
    {"recipient", "Who is paid: an address or a key's name", true},
    {"asset", "The asset, where the amount has no symbol"},
};
constexpr ActionField kRole[] = {
    {"change", "grant, remove, renew or set-threshold", true},
    {"role", "registrar, attestor, treasurer, auditor, guardian or validator", true},
    {"holder", "Whose: an address or a key's name"},
    {"term", "How long, such as 365d; without end where left out"},
    {"threshold", "How many must agree (set-threshold)"},
    {"txKind", "For one kind of transaction only, such as ApprovePayout"},
    {"validatorKey", "A validator's BIP-340 key"},
};
constexpr ActionField kPolicy[] = {
    {"kind",
     "Of which proposals: text, sale, spend, roles, policy, membership, creation, upgrade, cancel-sale",
     true},
    {"basis", "members, units-of-class or units-of-sale-class"},
    {"basisClass", "The class, with units-of-class"},
    {"confirmedOnly", "yes: members count from their own first transaction"},
    {"voteChange", "yes: ballots may change, and there are no early results"},
    {"maxChanges", "How often, 1 to 255"},
    {"quorum", "Of all power, what must be cast: 20%"},
    {"approval", "Of all power, what must be For"},
    {"support", "For must be more than this of For, Against and Veto"},
    {"veto", "More Veto than this of what is cast defeats; 0: no veto"},
    {"delay", "From the opening block to the first ballot"},
    {"period", "Of voting"},
    {"minOpen", "Before an early pass"},
    {"extension", "By which a late quorum or a late flip moves the deadline"},
    {"timelock", "From the close to execution"},
    {"grace", "In which execution may be tried again"},
    {"recordLag", "How far back the electorate is fixed"},
    {"minimumClass", "Class in which a proposer needs units"},
    {"minimumUnits", "How many"},
    {"reservedLive", "Places kept free for this kind"},
};
constexpr ActionField kParameter[] = {
    {"name", "`moot parameters` lists them", true},
    {"value", "A number, 5%, or 7d", true},
};
constexpr ActionField kMember[] = {
    {"member", "The member's number", true},
    {"expel", "Expel", false, true},
    {"suspension", "Or suspend for this long, such as 30d"},
};
constexpr ActionField kAsset[] = {
    {"symbol", "1 to 11 of A-Z and 0-9", true},
    {"decimals", "Digits after the point", true},
    {"kind", "external (backed outside) or fixed (created whole)", true},
    {"supply", "Fixed: all there will be, into the treasury"},
    {"minimumRedemption", "External: the smallest redemption"},
};
constexpr ActionField kClass[] = {
    {"name", "1 to 64 bytes", true},
    {"attestedOnly", "no: registrars may grant units; yes without"},
};
constexpr ActionField kUpgrade[] = {
    {"version", "Newer than the present one", true},
    {"activates", "From when: 2026-01-31T09:05Z", true},
};
constexpr ActionField kCancelSale[] = {
    {"sale", "Its number", true},
};

constexpr ActionKind kKinds[] = {
    {"sale", "Authorise a sale",
     "moot propose sale --title \"Sell the oven\" --buyer 0x7099…79C8 --min-price \"50000 USDX\" --max-price "
     "\"60000 "
     "USDX\"",
     kSale},
    {"spend", "Pay from the treasury",
     "moot propose spend --title \"New roof\" --amount \"200 USDX\" --recipient 0x7099…79C8", kSpend},
    {"role", "Grant, remove or renew a role, or set how many must agree",
     "moot propose role --title \"Ada keeps the till\" --change grant --role treasurer --holder 0x7099…79C8",
     kRole},
    {"policy", "Change how a kind of proposal is decided; what is not given stays",
     "moot propose policy --title \"More say\" --kind spend --quorum 30%", kPolicy},
    {"parameter", "Change a named number of the rules",
     "moot propose parameter --title \"A longer wait\" --name payout_delay_ms --value 48h", kParameter},
    {"member", "Suspend or expel a member",
     "moot propose member --title \"A pause\" --member 12 --suspension 30d", kMember},
    {"asset", "Create an asset",
     "moot propose asset --title \"Points\" --symbol POINT --decimals 0 --kind fixed --supply 1000000",
     kAsset},
    {"class", "Create a share class", "moot propose class --title \"Founders\" --name founders", kClass},
    {"upgrade", "Name a version of the rules and when it begins",
     "moot propose upgrade --title \"Version 2\" --version 2 --activates 2027-01-01T00:00Z", kUpgrade},
    {"cancel-sale", "Withdraw a sale before it is paid",
     "moot propose cancel-sale --title \"Not so\" --sale 0", kCancelSale},
};

}  // namespace

std::span<const ActionKind> kinds_of_action() { return kKinds; }

const ActionKind* find_action_kind(std::string_view name) {
  for (const auto& kind : kKinds)
    if (kind.name == name) return &kind;
  return nullptr;
}

}  // namespace moot::wallet
