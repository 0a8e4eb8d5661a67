#include "wallet/example/story.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iostream>

#include "base/check.hpp"
#include "wallet/example/stage.hpp"
#include "wallet/files.hpp"
#include "wallet/output.hpp"

namespace moot::wallet::example {
namespace {

constexpr std::size_t kMeasured = 8'192;  // signatures
constexpr std::size_t kMaxReport = std::size_t{1} << 20;

// The node's ledger must be the folder's, and nothing may stand on it yet.
void check_fresh(Stage& stage, const LedgerId& expected) {
  const auto info = stage.call(&pb::NodeService::Stub::GetInfo, stage.client.info(), pb::GetInfoRequest{});
  if (!stage.ok()) return;
  if (info.context().height() != 0)
    return stage.fail_with({.code = ExitCode::usage,
                            .what = fmt::format("the ledger at {} is at height {} already",
                                                stage.client.node(), info.context().height()),
                            .advice = "The story begins on a fresh folder of `moot example genesis`"});
  if (as_string(expected.view()) != info.ledger_id())
    return stage.fail_with(
        {.code = ExitCode::usage,
         .what = "the node at " + stage.client.node() + " keeps another ledger than this folder's",
         .advice = "Start mootd with --home of this folder"});
  stage.say.line(fmt::format("\"{}\", ledger {}", info.organisation(), to_hex(as_bytes(info.ledger_id()))));
  const std::string ledger = "0x" + to_hex(as_bytes(info.ledger_id()));
  stage.say.fact("ledger", "Ledger", ledger, boost::json::string(ledger));
}

void tell_end(Stage& stage) {
  const pb::ReadContext end = stage.head();
  stage.say.fact("height", "Height", grouped(end.height()), end.height());
  const std::string root = "0x" + to_hex(as_bytes(end.state_root()));
  stage.say.fact("stateRoot", "State root", root, boost::json::string(root));
}

Result<boost::json::object> read_object(const std::filesystem::path& file) {
  const auto text = read_text_file(file, kMaxReport);
  if (!text) return std::unexpected(text.error());
  boost::system::error_code error;
  auto json = boost::json::parse(*text, error);
  if (error || !json.is_object())
    return fail(shown(file) + " is not a JSON object", "Play the example again");
  return std::move(json.get_object());
}

std::string text_at(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return "nothing";
  return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
}

// A list's first object, or an empty one: its fields then differ from whatever is expected.
boost::json::object first_of(const boost::json::object& report, std::string_view list) {
  const auto* items = report.if_contains(list);
  if (items == nullptr || !items->is_array() || items->get_array().empty()) return {};
  const auto& first = items->get_array().front();
  return first.is_object() ? first.get_object() : boost::json::object{};
}

struct Agreement {
  const char* theirs;  // in the audit's report
  const char* ours;    // in the story
};
Result<void> agree(const boost::json::object& theirs, const boost::json::object& ours,
                   std::span<const Agreement> fields) {
  for (const auto& [their_name, our_name] : fields)
    if (text_at(theirs, their_name) != text_at(ours, our_name))
      return fail(fmt::format("{}: the audit says {}, the story {}", our_name, text_at(theirs, their_name),
                              text_at(ours, our_name)),
                  {}, ExitCode::verification_failed);
  return {};
}

// The audit must be of this very ledger to its very end, and its recount and recomputation must give the story's numbers.
Result<void> check_audit(const boost::json::object& numbers, const boost::json::object& audit) {
  if (text_at(audit, "verdict") != "verified")
    return fail("the audit's verdict is " + text_at(audit, "verdict"), {}, ExitCode::verification_failed);
  constexpr Agreement kWhole[] = {{"ledgerId", "ledger"},
                                  {"toHeight", "height"},
                                  {"stateRoot", "stateRoot"},
                                  {"transactions", "transactions"},
                                  {"members", "members"}};
  constexpr Agreement kSale[] = {{"ballots", "ballots"}, {"for", "counted"}};
  constexpr Agreement kPayout[] = {{"smallest", "smallest"}, {"median", "median"}, {"largest", "largest"},
                                   {"sum", "sum"},           {"amount", "sum"},    {"reserve", "reserve"}};
  if (auto agreed = agree(audit, numbers, kWhole); !agreed) return agreed;
  if (auto agreed = agree(first_of(audit, "proposals"), numbers, kSale); !agreed) return agreed;
  return agree(first_of(audit, "payouts"), numbers, kPayout);
}

}  // namespace

// The limit beside which the rate of ballots stands: signatures that nothing but this machine's processors hold back.
void measure_limit(Stage& stage) {
  if (!stage.ok()) return;
  std::vector<ledger::SignatureCheck> checks;
  const OpenProposal any{.id = 0, .hash = {}, .title = "measure"};
  const std::size_t count = std::min<std::size_t>(kMeasured, stage.plan.sale_ballots.size());
  for (const Bytes& envelope : stage.sign_ballots(any, std::span(stage.plan.sale_ballots).first(count))) {
    const auto tx = ledger::decode_transaction(envelope);
    MOOT_CHECK(tx.has_value(), "what was just encoded decodes");
    ledger::signature_checks(stage.signing, *tx, checks);
  }
  const std::vector<crypto::VerifyJob> jobs = ledger::jobs_of(checks);
  const Stopwatch watch;
  const auto results = stage.pool.verify_all(jobs);
  const Milliseconds took = watch.elapsed();
  const auto good = static_cast<u64>(std::ranges::count(results, crypto::VerifyResult::good));
  stage.expect("good signatures in the measurement", count, good);
  if (!stage.ok()) return;
  stage.say.work(fmt::format("{} signatures checked and nothing else, on {} threads", grouped(count),
                             stage.pool.threads()),
                 count, took);
  const u64 limit = rate_of(count, took);
  stage.say.fact("ballotsPerSecond", "Ballots final a second",
                 fmt::format("{}, {} of what this machine can check", grouped(stage.ballot_rate),
                             percent_text(stage.ballot_rate, limit)),
                 stage.ballot_rate);
  stage.say.fact("verificationsPerSecond", "Signature checks a second", grouped(limit), limit);
}

Result<void> play_story(const StoryOptions& options) {
  auto plan = make_plan(options.setting.seed, options.setting.members);
  if (!plan) return fail(plan.error(), {}, ExitCode::usage);
  const auto ledger = ledger_of(options.setting.folder);
  if (!ledger) return std::unexpected(ledger.error());
  auto client = NodeClient::connect(options.node, {});
  if (!client) return std::unexpected(client.error());
  Narrator narrator(options.quiet ? std::cerr : std::cout);
  narrator.act("The ledger");
  const Stopwatch casting;
  Stage stage(std::move(*plan), std::move(*client), narrator);
  if (!stage.ok()) return std::unexpected(stage.failure());
  check_fresh(stage, *ledger);
  if (stage.ok())
    narrator.work(fmt::format("{} members' keys derived", grouped(stage.members.size())),
                  stage.members.size(), casting.elapsed());
  if (stage.ok()) play_membership(stage);
  play_sale_vote(stage);
  play_poll(stage);
  play_payout(stage);
  play_aftermath(stage);
  measure_limit(stage);
  if (stage.ok()) tell_end(stage);
  if (!stage.ok()) return std::unexpected(stage.failure());
  return write_private_file(options.setting.folder / "story.json",
                            boost::json::serialize(narrator.finish()) + "\n", Existing::replace);
}

Result<void> print_summary(const SummaryOptions& options) {
  auto story = read_object(options.folder / "story.json");
  if (!story) return std::unexpected(story.error());
  std::vector<Fact> facts;
  for (const auto& fact : story->at("facts").as_array())
    facts.push_back({std::string(fact.at("title").as_string()), std::string(fact.at("text").as_string())});
  facts.push_back({"Refusals", fmt::format("{}, each with the code that was expected",
                                           story->at("refusals").as_array().size())});
  if (!options.audit_report.empty()) {
    auto audit = read_object(options.audit_report);
    if (!audit) return std::unexpected(audit.error());
    if (auto agreed = check_audit(story->at("numbers").as_object(), *audit); !agreed) return agreed;
    facts.push_back(
        {"Audit",
         fmt::format("verified to height {}: {} signatures and every root, tally and unit of money, in {} ms",
                     text_at(*audit, "toHeight"), text_at(*audit, "signatures"),
                     text_at(*audit, "durationMs"))});
    (*story)["audit"] = std::move(*audit);
  }
  if (options.json)
    print_json(std::cout, *story);
  else
    print_facts(std::cout, facts);
  return {};
}

}  // namespace moot::wallet::example
