#include "node/app/application.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "crypto/verify_job.hpp"
#include "genesis/summary.hpp"
#include "node/app/genesis_cache.hpp"
#include "node/app/genesis_file.hpp"
#include "node/app/log_sink.hpp"
#include "node/app/node_key.hpp"
#include "node/app/open_files.hpp"
#include "node/app/service_notify.hpp"
#include "node/app/version.hpp"
#include "node/storage/file_lock.hpp"

namespace moot::node::app {
namespace {

constexpr DurationMs kGrace{1'000};     // for calls in flight when the node stops; idle connections use it up
constexpr u64 kClockTolerance = 5'000;  // ms that a genesis may lie in the future
constexpr std::string_view kSafetyLog = ".signed";  // the record of what a key signed, beside the key

sigset_t stop_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::sigaddset(&set, SIGINT);
  return set;
}

// A ledger from the future would be begun by a clock that is wrong now or was wrong then.
Result<void> check_created(const ledger::Genesis& genesis, const Config& config, const Clock& clock) {
  const TimeMs now = clock.now_ms();
  if (config.node.allow_clock_behind || genesis.created.raw() <= now.raw() + kClockTolerance) return {};
  return fail(ExitCode::clock,
              fmt::format("the wall clock says {}, but the genesis was made at {}: set the clock right",
                          to_iso8601(now), to_iso8601(genesis.created)));
}

// The port is taken before the data is touched. A second start of one node meets the first one's port, and is told about the
// first one.
Result<api::Listener> bind_listener(const Config& config) {
  auto listener = api::Listener::bind(config.api.listen);
  if (listener) return std::move(*listener);
  const std::filesystem::path data = config.path(config.node.data_dir);
  std::error_code error;
  if (std::filesystem::exists(data / kDirectoryLock, error))
    if (const auto lock = FileLock::acquire_directory(data.string()); !lock)
      return std::unexpected(from_storage(lock.error()));
  return fail(ExitCode::failed, listener.error());
}

// The configuration's bounds, within what the process may open.
api::ApiOptions api_options(const Config& config, Logger& log) {
  api::ApiOptions out = config.api_options();
  out.version = kVersion;
  const u64 files = raise_open_file_limit();
  out.max_connections = connections_within(files, out.max_connections);
  if (out.max_connections < config.api.max_connections)
    log.warn("fewer connections than api.max_connections: the limit of open files is too low",
             {{"connections", out.max_connections}, {"open_files", files}});
  return out;
}

}  // namespace

void block_stop_signals() {
  const sigset_t set = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

Application::Application(const Config& config)
    : log_(config.log_level, stderr_is_journal() ? nullptr : &clock_, stderr_sink(stderr_is_journal())) {}

Application::~Application() { stop(); }

Result<std::unique_ptr<Application>> Application::start(const Config& config) {
  std::unique_ptr<Application> app(new Application(config));
  if (auto opened = app->open(config); !opened) return std::unexpected(opened.error());
  return app;
}

Result<void> Application::open(const Config& config) {
  auto key = read_node_key(config.path(config.node.key_file));
  if (!key) return std::unexpected(key.error());
  const std::filesystem::path data = config.path(config.node.data_dir);
  auto read = read_genesis_once(config.path(config.node.genesis_file), data / "genesis.copy");
  if (!read) return std::unexpected(read.error());
  ledger::Genesis& genesis = read->genesis;
  if (auto sane = check_created(genesis, config, clock_); !sane) return sane;
  auto listener = bind_listener(config);
  if (!listener) return std::unexpected(listener.error());
  const api::ApiOptions api = api_options(config, log_);

  if (config.node.library_signatures) crypto::verify_by_library_alone();
  log_.info("opening",
            {{"version", kVersion}, {"home", config.home.string()}, {"ledger", genesis::id_text(genesis)}});
  ValidatorKeys signing = ledger::validator_keys(genesis);
  StartReport report;
  EngineOptions options{
      .data_directory = data.string(),
      .safety_log_path = config.path(config.node.key_file).string() + std::string{kSafetyLog},
      .genesis = std::move(genesis),
      .validator_key = std::move(*key),
      .mempool = config.mempool,
      .verify_threads = config.node.verify_threads,
      .allow_clock_behind = config.node.allow_clock_behind};
  auto engine = Engine::open(std::move(options), clock_, log_, report);
  if (!engine) return std::unexpected(from_storage(engine.error()));
  for (const std::string& line : report.lines) log_.info(line);
  engine_ = std::move(*engine);
  if (!read->cached) keep_genesis(data / "genesis.copy", read->file_hash, engine_->genesis(), log_);
  ::malloc_trim(0);  // a large genesis took more room, while it was read, than the whole ledger does
  notice_ = std::make_unique<ValidatorNotice>(*engine_, std::move(signing), log_);
  engine_->start();

  auto server = api::ApiServer::start(std::move(*listener), *engine_, api, clock_, log_);
  if (!server) return fail(ExitCode::failed, server.error());
  server_ = std::move(*server);
  return {};
}

std::string Application::ready_line() const {
  const NodeStatus status = engine_->status();
  return fmt::format("ready address={} ledger=0x{} height={} validating={} pid={}", server_->address(),
                     to_hex(engine_->identity().signing.ledger_id.view()), status.height.raw(),
                     status.validating, ::getpid());
}

void Application::run() {
  notify_service("READY=1\nSTATUS=serving on " + server_->address());
  const sigset_t set = stop_signals();
  int signal = 0;
  while (::sigwait(&set, &signal) == EINTR) {}
  log_.info("stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
  notify_service("STOPPING=1\nSTATUS=stopping");
  // Whoever signals again does not want to wait.
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  stop();
}

void Application::stop() {
  if (stopped_) return;
  stopped_ = true;
  if (server_) server_->stop(kGrace);
  if (!engine_) return;
  engine_->stop();
  log_.info("stopped", {{"height", engine_->snapshot()->block.height}});
}

}  // namespace moot::node::app
