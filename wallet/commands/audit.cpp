// `moot audit`: the ledger in one file, and its replay (audit/README.md).
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>

#include "audit/replay.hpp"
#include "crypto/verify_job.hpp"
#include "wallet/cli.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/files.hpp"
#include "wallet/genesis_file.hpp"
#include "wallet/output.hpp"

namespace moot::wallet {
namespace {

constexpr std::size_t kMaxPem = 64 * 1024;

struct AuditOptions {
  std::string archive;
  std::string out;
  std::string ledger_id;
  std::string genesis_file;
  u64 to_height = 0;
  unsigned threads = 0;
  bool no_signatures = false;
  bool library_signatures = false;
  bool force = false;
};

Failure source_failure(const audit::SourceError& error) {
  switch (error.kind) {
    case audit::SourceFault::damaged:
      return {.code = ExitCode::verification_failed,
              .what = error.what,
              .advice = "Get the blocks again, from another node if need be"};
    case audit::SourceFault::unreachable:
      return {.code = ExitCode::unreachable,
              .what = error.what,
              .advice = "Start mootd, or name its address with --node"};
    case audit::SourceFault::unusable: break;
  }
  return {.code = ExitCode::failed, .what = error.what, .advice = {}};
}

Result<std::unique_ptr<audit::BlockSource>> open_node(const Globals& globals) {
  audit::NodeAddress address{.target = globals.node, .root_pem = {}};
  if (!globals.tls_ca.empty()) {
    auto pem = read_text_file(globals.tls_ca, kMaxPem);
    if (!pem) return std::unexpected(pem.error());
    address.root_pem = std::move(*pem);
  }
  return audit::open_node(address);
}

Result<std::unique_ptr<audit::BlockSource>> open_source(const Globals& globals, const AuditOptions& options) {
  if (options.archive.empty()) return open_node(globals);
  auto archive = audit::open_archive(options.archive);
  if (!archive) return std::unexpected(source_failure(archive.error()));
  return std::move(*archive);
}

// The ledger that the user expects, from its id or from a genesis file.
Result<std::optional<LedgerId>> expected_ledger(const AuditOptions& options) {
  std::optional<LedgerId> expected;
  if (!options.ledger_id.empty()) {
    expected = fixed_from_hex<LedgerId>(options.ledger_id);
    if (!expected)
      return fail("--ledger-id is not 32 bytes in hexadecimal",
                  "Write 64 hexadecimal digits; the genesis and every report show them", ExitCode::usage);
  }
  if (options.genesis_file.empty()) return expected;
  const auto genesis = read_genesis(options.genesis_file, ExitCode::failed);
  if (!genesis) return std::unexpected(genesis.error());
  const LedgerId id = ledger::ledger_id(*genesis);
  if (expected && *expected != id)
    return fail("--ledger-id and --from-genesis name two ledgers", "Give one of them", ExitCode::usage);
  return id;
}

Result<audit::ReplayOptions> replay_options(const AuditOptions& options) {
  const auto expected = expected_ledger(options);
  if (!expected) return std::unexpected(expected.error());
  audit::ReplayOptions out{.signatures = !options.no_signatures,
                           .stop_at = {},
                           .expected_ledger = *expected,
                           .threads = options.threads};
  if (options.library_signatures) crypto::verify_by_library_alone();
  if (options.to_height != 0) out.stop_at = Height{options.to_height};
  return out;
}

// Progress whose end is known from the first block on.
class BlockProgress {
 public:
  BlockProgress(const Globals& globals, std::string label)
      : label_(std::move(label)), lines_(!globals.json) {}
  void operator()(Height height, Height last) {
    if (!bar_) bar_.emplace(label_, last.raw(), ProgressOptions{.counted = "height", .lines = lines_});
    bar_->set(height.raw());
  }
  void finish() {
    if (bar_) bar_->finish();
  }

 private:
  std::string label_;
  bool lines_;
  std::optional<Progress> bar_;
};

Result<void> run_export(const Globals& globals, const AuditOptions& options) {
  std::error_code ignored;
  if (!options.force && std::filesystem::exists(options.out, ignored))
    return fail(options.out + " exists", "Name another file with --out, or replace it with --force");
  const auto source = open_node(globals);
  if (!source) return std::unexpected(source.error());
  BlockProgress progress(globals, "exporting blocks");
  const auto footer = audit::export_archive(**source, options.out, std::ref(progress));
  progress.finish();
  if (!footer) return std::unexpected(source_failure(footer.error()));
  if (globals.json) {
    print_json(std::cout, boost::json::object{{"file", options.out},
                                              {"height", std::to_string(footer->height.raw())},
                                              {"blockHash", "0x" + to_hex(footer->block_hash.view())},
                                              {"stateRoot", "0x" + to_hex(footer->state_root.view())}});
    return {};
  }
  print_facts(std::cout, {{"Archive", options.out},
                          {"Last block", grouped(footer->height.raw())},
                          {"Block hash", "0x" + to_hex(footer->block_hash.view())},
                          {"State root", "0x" + to_hex(footer->state_root.view())}});
  return {};
}

Failure problem_failure(const audit::Problem& problem, bool remote) {
  if (problem.check == audit::Check::source)
    return source_failure({.kind = remote ? audit::SourceFault::unreachable : audit::SourceFault::unusable,
                           .what = problem.what});
  if (problem.check == audit::Check::damage)
    return source_failure({.kind = audit::SourceFault::damaged, .what = problem.what});
  return {.code = ExitCode::verification_failed,
          .what = audit::sentence(problem),
          .advice =
              "Do not rely on what comes after the last good block; ask the node's operator for this block"};
}

Result<void> run_replay(const Globals& globals, const AuditOptions& options) {
  const auto settings = replay_options(options);
  if (!settings) return std::unexpected(settings.error());
  const auto source = open_source(globals, options);
  if (!source) return std::unexpected(source.error());
  BlockProgress progress(globals, "replaying blocks");
  const SystemClock clock;
  const audit::Report report = audit::replay(
      **source, *settings, clock, [&](const audit::ReplayProgress& at) { progress(at.height, at.last); });
  progress.finish();
  if (globals.json)
    print_json(std::cout, boost::json::parse(audit::to_json(report)));
  else
    std::cout << audit::to_text(report) << std::flush;
  if (report.good()) return {};
  return std::unexpected(problem_failure(*report.findings.problem, options.archive.empty()));
}

Result<void> run_verify_archive(const Globals& globals, const AuditOptions& options) {
  const auto settings = replay_options(options);
  if (!settings) return std::unexpected(settings.error());
  const auto source = open_source(globals, options);
  if (!source) return std::unexpected(source.error());
  BlockProgress progress(globals, "reading blocks");
  const auto found = audit::verify_chain(
      **source, *settings, [&](const audit::ReplayProgress& at) { progress(at.height, at.last); });
  progress.finish();
  if (!found) return std::unexpected(problem_failure(found.error(), false));
  if (globals.json) {
    print_json(std::cout, boost::json::object{{"file", options.archive},
                                              {"height", std::to_string(found->height.raw())},
                                              {"blockHash", "0x" + to_hex(found->block_hash.view())}});
    return {};
  }
  std::cout << options.archive << ": whole; " << grouped(found->height.raw())
            << " blocks in order, each with its certificate. `moot audit replay` checks what is in them.\n";
  return {};
}

void add_ledger_options(CLI::App& command, AuditOptions& options) {
  command.add_option("--ledger-id", options.ledger_id, "Refuse any other ledger")->type_name("HEX");
  command
      .add_option("--from-genesis", options.genesis_file, "Refuse any other ledger than this genesis file's")
      ->type_name("FILE");
  command.add_option("--to-height", options.to_height, "Stop after this block")->type_name("HEIGHT");
  command.add_option("--threads", options.threads, "Threads that verify (default: one for each core)")
      ->check(CLI::Range(1, 1024).description(""))
      ->type_name("NUMBER");
}

}  // namespace

void add_audit_commands(CLI::App& app, Globals& globals) {
  CLI::App* audit = app.add_subcommand("audit", "Export the ledger; replay it and check everything");
  audit->require_subcommand(1);
  const auto options = std::make_shared<AuditOptions>();

  CLI::App* exporting = audit->add_subcommand("export", "Copy the node's whole ledger into one file");
  exporting->add_option("--out", options->out, "The file to write")->required()->type_name("FILE");
  exporting->add_flag("--force", options->force, "Replace the file if it exists");
  exporting->callback([&globals, options] { globals.finish(run_export(globals, *options)); });

  CLI::App* replay =
      audit->add_subcommand("replay", "Check every signature, root, tally, law and payout from genesis on");
  replay->add_option("--archive", options->archive, "An exported ledger; without it the node's")
      ->type_name("FILE");
  replay->add_flag("--no-signatures", options->no_signatures,
                   "Believe transactions' signatures: faster, and not an audit");
  replay->add_flag("--library-signatures", options->library_signatures,
                   "Check signatures one by one with libsecp256k1 alone: slower, the same answers");
  add_ledger_options(*replay, *options);
  replay->callback([&globals, options] { globals.finish(run_replay(globals, *options)); });

  CLI::App* verify =
      audit->add_subcommand("verify-archive", "Check that an archive is whole: form, order, certificates");
  verify->add_option("archive", options->archive, "The archive")->required()->type_name("FILE");
  add_ledger_options(*verify, *options);
  verify->callback([&globals, options] { globals.finish(run_verify_archive(globals, *options)); });
}

}  // namespace moot::wallet
