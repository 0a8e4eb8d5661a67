#include "node/engine/engine.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "ledger/fetch_ahead.hpp"
#include "node/engine/payout_worker.hpp"
#include "node/machine/block_builder.hpp"

namespace moot::node {
namespace {

constexpr u64 kClockTolerance = 5'000;  // ms that the wall clock may be behind the newest block
constexpr u64 kClockLeap = kDayMs;      // ms that wall time may run ahead of uptime (rules.md §8)
constexpr auto kTick = std::chrono::seconds(1);

// One submit() on its way: what was decoded, and what is known already.
struct Submission {
  std::vector<SubmitResult> results;
  std::vector<std::size_t> places;  // of the transactions below, in results
  std::vector<PooledTx> transactions;
  ledger::SignatureChecks checks;  // of the transactions
  LedgerNode::SubmitDone done;
};

}  // namespace

struct Engine::Impl {
  Impl(EngineOptions given, std::unique_ptr<ChainStore> opened, const Clock& lent_clock, Logger& lent_log)
      : options(std::move(given)),
        chain(std::move(opened)),
        clock(lent_clock),
        log(lent_log),
        mempool(options.mempool),
        timer(context),
        pool({.threads = options.verify_threads}),
        published(chain->snapshot()),
        started_ms(clock.now_ms().raw()),
        uptime_base_ns(clock.steady_ns()) {
    if (options.validator_key) signer.emplace(*options.validator_key);
  }

  // ---- callers' threads ----
  void submit(std::vector<Bytes> envelopes, SubmitDone done);
  void decode(std::vector<Bytes> envelopes, Submission& submission, const ledger::Parameters& parameters);
  void take(ledger::VerifiedTransaction tx, Bytes envelope, Submission& submission,
            const ledger::Parameters& parameters);

  // ---- core strand ----
  void admit(const std::shared_ptr<Submission>& submission, std::span<const crypto::VerifyResult> verified);
  SubmitResult admit_one(PooledTx pooled, const ledger::PreparedPayouts& ready);
  [[nodiscard]] TimeMs next_block_time() const {
    return ledger::next_block_time(chain->state(), clock.now_ms());
  }
  [[nodiscard]] bool is_something_due() const;
  void ask_for_block();
  void make_blocks();
  // True when one was made. Whoever calls it need not know whether this node may.
  bool make_block();
  void make_final(ExecutedBlock built);
  void halt(const BrokenDueWork& broken);
  [[nodiscard]] bool makes_blocks() const { return validating && !halted.load(std::memory_order_acquire); }
  bool clock_is_sane(TimeMs now);
  void publish();
  void arm_timer();

  EngineOptions options;
  std::unique_ptr<ChainStore> chain;
  const Clock& clock;
  Logger& log;
  std::optional<SafetyLog> safety;
  std::optional<crypto::SchnorrSigner> signer;
  bool validating = false;
  Mempool mempool;
  PayoutWorker payouts;
  std::string why_halted;  // written once, before `halted` is set
  std::atomic<bool> halted{false};
  bool block_asked = false;
  bool clock_warned = false;

  boost::asio::io_context context{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work;
  boost::asio::steady_timer timer;
  crypto::VerifyPool pool;
  std::thread strand;
  std::atomic<bool> running{false};
  std::atomic<u64> in_verification{0};  // signatures
  std::atomic<u64> submitting{0};  // submissions that neither the strand has nor were answered without it
  std::atomic<u64> rejected{0};

  mutable std::mutex published_mutex;
  SnapshotPtr published;

  struct Subscribers {
    std::mutex mutex;  // held while calling, so that a subscription that ends is not being called
    std::map<u64, OnCommit> callbacks;
    u64 next = 0;
  };
  std::shared_ptr<Subscribers> subscribers = std::make_shared<Subscribers>();

  u64 started_ms;
  u64 uptime_base_ns;
};

namespace {

class SubscriptionImpl final : public Subscription {
 public:
  explicit SubscriptionImpl(std::function<void()> end) : end_(std::move(end)) {}
  ~SubscriptionImpl() override { end_(); }

 private:
  std::function<void()> end_;
};

}  // namespace

// ---- a transaction's way in ----

// Ids and witness ids are worked out here, once, for all together; whoever handles the transactions later finds them.
void Engine::Impl::decode(std::vector<Bytes> envelopes, Submission& submission,
                          const ledger::Parameters& parameters) {
  auto decoded = ledger::trust_transactions(chain->identity().signing, envelopes);
  submission.results.reserve(envelopes.size());
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    SubmitResult& result = submission.results.emplace_back();
    if (!decoded[i])
      result.refusal = decoded[i].error();
    else
      take(std::move(*decoded[i]), std::move(envelopes[i]), submission, parameters);
  }
}

void Engine::Impl::take(ledger::VerifiedTransaction tx, Bytes envelope, Submission& submission,
                        const ledger::Parameters& parameters) {
  SubmitResult& result = submission.results.back();
  result.id = tx.id;
  if (const ledger::Verdict good = ledger::check_form(tx.tx, envelope.size(), parameters); !good) {
    result.refusal = good.error();
    return;
  }
  if (mempool.is_pending(tx.id)) {
    result.outcome = SubmitOutcome::pending;
    return;
  }
  submission.checks.add(chain->identity().signing, tx.tx, tx.id);
  submission.places.push_back(submission.results.size() - 1);
  submission.transactions.push_back(
      {std::make_shared<const ledger::VerifiedTransaction>(std::move(tx)), std::move(envelope)});
}

void Engine::Impl::submit(std::vector<Bytes> envelopes, SubmitDone done) {
  auto submission = std::make_shared<Submission>();
  submission->done = std::move(done);
  // Counted before it is asked whether the strand runs, as stop() ends that before it looks at the count: one sees the other.
  ++submitting;
  if (!running.load()) {
    --submitting;
    submission->results.assign(envelopes.size(), SubmitResult{.outcome = SubmitOutcome::busy});
    submission->done(std::move(submission->results));
    return;
  }
  const SnapshotPtr at = [this] {
    const std::lock_guard lock(published_mutex);
    return published;
  }();
  decode(std::move(envelopes), *submission, at->state.rules->parameters);

  std::vector<crypto::VerifyJob> jobs = ledger::jobs_of(submission->checks.all());
  const u64 count = jobs.size();
  in_verification += count;
  const bool taken =
      pool.submit(std::move(jobs), [this, submission, count](std::vector<crypto::VerifyResult> results) {
        boost::asio::post(context,
                          [this, submission, verified = std::move(results)] { admit(submission, verified); });
        in_verification -= count;
        --submitting;
      });
  if (taken) return;
  in_verification -= count;
  --submitting;
  for (const std::size_t place : submission->places) submission->results[place].outcome = SubmitOutcome::busy;
  submission->done(std::move(submission->results));
}

void Engine::Impl::admit(const std::shared_ptr<Submission>& submission,
                         std::span<const crypto::VerifyResult> verified) {
  // Everything is judged as it stands after what is due: done in a block, nobody pays for it again.
  if (running.load(std::memory_order_acquire) && is_something_due()) make_block();
  const ledger::PreparedPayouts ready = payouts.ready();
  std::vector<const ledger::VerifiedTransaction*> coming;
  for (const PooledTx& pooled : submission->transactions) coming.push_back(pooled.tx.get());
  for (std::size_t i = 0; i < submission->transactions.size(); ++i) {
    if (i % ledger::kFetchedAtOnce == 0)
      ledger::fetch_ahead(chain->state(),
                          std::span(coming).subspan(i, std::min(ledger::kFetchedAtOnce, coming.size() - i)));
    const ledger::Verdict good = submission->checks.verdict(i, verified);
    SubmitResult& result = submission->results[submission->places[i]];
    if (!good)
      result.refusal = good.error();
    else
      result = admit_one(std::move(submission->transactions[i]), ready);
  }
  for (const SubmitResult& result : submission->results)
    if (result.outcome == SubmitOutcome::refused) ++rejected;
  submission->done(std::move(submission->results));
  ask_for_block();
}

SubmitResult Engine::Impl::admit_one(PooledTx pooled, const ledger::PreparedPayouts& ready) {
  const TxId id = pooled.tx->id;
  const Mempool::Outcome outcome = mempool.add(std::move(pooled), chain->state(), clock.now_ms(), ready);
  switch (outcome.added) {
    case Mempool::Added::accepted: return {.outcome = SubmitOutcome::accepted, .id = id};
    case Mempool::Added::known: return {.outcome = SubmitOutcome::pending, .id = id};
    case Mempool::Added::full: return {.outcome = SubmitOutcome::busy, .id = id};
    case Mempool::Added::refused: break;
  }
  // What is on the ledger already is refused as stale or duplicate; that look-up costs nothing on the way in.
  if (chain->find(id)) return {.outcome = SubmitOutcome::final, .id = id};
  return {.outcome = SubmitOutcome::refused, .id = id, .refusal = outcome.refusal};
}

// ---- blocks ----

void Engine::Impl::ask_for_block() {
  if (block_asked || !makes_blocks()) return;
  block_asked = true;
  boost::asio::post(context, [this] { make_blocks(); });
}

bool Engine::Impl::is_something_due() const {
  const auto due = chain->state().next_due();
  return due && *due <= next_block_time();
}

void Engine::Impl::make_blocks() {
  block_asked = false;
  if (!running.load(std::memory_order_acquire)) return;
  const bool made = make_block();
  if (made && mempool.has_candidates(chain->state())) ask_for_block();
  arm_timer();
}

bool Engine::Impl::clock_is_sane(TimeMs now) {
  const u64 uptime = (clock.steady_ns() - uptime_base_ns) / 1'000'000;
  const bool leapt = now.raw() > started_ms + uptime + kClockLeap;
  const bool behind = now.raw() + kClockTolerance < chain->state().time().raw();
  const bool sane = !leapt && !(behind && !options.allow_clock_behind);
  if (!sane && !clock_warned)
    log.error(leapt ? "the wall clock leapt more than a day ahead; no blocks until it is set right or the "
                      "node is restarted"
                    : "the wall clock is behind the newest block; no blocks until it is set right",
              {{"clock", to_iso8601(now)}, {"block_time", to_iso8601(chain->state().time())}});
  clock_warned = !sane;
  return sane;
}

bool Engine::Impl::make_block() {
  if (!makes_blocks()) return false;
  const TimeMs now = clock.now_ms();
  if (!clock_is_sane(now)) return false;
  if (mempool.empty() && !is_something_due()) return false;
  const TimeMs time = ledger::next_block_time(chain->state(), now);
  auto built = build_block(chain->state(), time, mempool, payouts.ready(), log);
  if (!built) halt(built.error());
  if (!built || !*built) return false;
  make_final(std::move(**built));
  return true;
}

// Trying again would give the same, and what is due cannot be passed over: a person has to look.
void Engine::Impl::halt(const BrokenDueWork& broken) {
  const ledger::LawBreach& breach = broken.breaches.front();
  why_halted = "block " + std::to_string(chain->state().height().raw() + 1) + " would break the law of " +
               std::string(breach.law) + ": " + breach.what;
  halted.store(true, std::memory_order_release);
  log.error("what is due cannot be done; no more blocks until this program is replaced and started again",
            {{"why", why_halted}});
}

void Engine::Impl::make_final(ExecutedBlock built) {
  const ledger::BlockRoots& roots = built.result.roots;
  consensus::SoloBlock solo = consensus::make_solo_block(chain->tip(),
                                                         {.time = roots.time,
                                                          .tx_root = roots.tx_root,
                                                          .evidence_root = roots.faults_root,
                                                          .state_root = roots.state_root,
                                                          .receipts_root = roots.receipts_root},
                                                         chain->validators(), *signer);
  const SafetyStart position{.ledger = chain->identity().signing.ledger_id,
                             .instance = chain->instance(),
                             .height = solo.header.height,
                             .position = solo.header.position()};
  const bool first = roots.height.raw() == 1;
  if (first) safety->begin(position);
  chain->commit({.result = built.result,
                 .link = {solo.header, solo.justification, solo.finalization},
                 .hash = solo.hash,
                 .envelopes = std::move(built.envelopes)},
                TimeMs{clock.steady_ns() / 1'000'000});
  if (first) safety->confirm(position);
  mempool.prune(chain->state(), chain->state().time());
  publish();
  log.debug("block final", {{"height", roots.height},
                            {"transactions", built.result.receipts.size()},
                            {"state_root", roots.state_root}});
}

void Engine::Impl::publish() {
  const SnapshotPtr fresh = chain->snapshot();
  {
    const std::lock_guard lock(published_mutex);
    published = fresh;
  }
  payouts.notice(fresh);
  const std::lock_guard lock(subscribers->mutex);
  for (const auto& [id, callback] : subscribers->callbacks) callback(fresh);
}

// Wakes for the next deadline; at most a second ahead, because the wall clock may be set meanwhile.
void Engine::Impl::arm_timer() {
  if (!makes_blocks()) return;
  const auto due = chain->state().next_due();
  const u64 now = clock.now_ms().raw();
  auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(kTick);
  if (due && due->raw() < now + 1'000)
    wait = std::chrono::milliseconds(due->raw() <= now ? 1 : due->raw() - now);
  timer.expires_after(wait);
  timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) make_blocks();
  });
}

// ---- the handle ----

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() { stop(); }

std::expected<std::unique_ptr<Engine>, StorageError> Engine::open(EngineOptions options, const Clock& clock,
                                                                  Logger& log, StartReport& report) {
  std::optional<SafetyLog> safety;
  if (options.validator_key) {
    auto opened = SafetyLog::open(options.safety_log_path, crypto::x_only(*options.validator_key));
    if (!opened) return std::unexpected(opened.error());
    safety = std::move(*opened);
  }
  auto chain =
      ChainStore::open({.directory = options.data_directory, .genesis = std::move(options.genesis)}, report);
  if (!chain) return std::unexpected(chain.error());
  const ChainStore& opened = **chain;
  const u64 block_time = opened.state().time().raw();
  if (!options.allow_clock_behind && clock.now_ms().raw() + kClockTolerance < block_time)
    return std::unexpected(StorageError{
        StorageErrorKind::clock_behind,
        "the wall clock says " + to_iso8601(clock.now_ms()) + ", but the newest block is of " +
            to_iso8601(TimeMs{block_time}) +
            ": set the clock right, or start with --allow-clock-behind if the block's time was wrong"});
  bool validating = false;
  if (options.validator_key) {
    const crypto::XOnlyKey key = crypto::x_only(*options.validator_key);
    validating = opened.validators().size() == 1 && opened.validators().index_of(key).has_value();
    report.lines.push_back(validating
                               ? "this node's key is the validator's: it makes blocks"
                               : "this node's key is not the one validator's: it serves and makes no block");
  }
  if (validating) {
    const auto admitted = safety->admit({.ledger = opened.identity().signing.ledger_id,
                                         .instance = opened.instance(),
                                         .height = opened.tip().height,
                                         .position = {opened.tip().epoch.epoch, opened.tip().view}});
    if (!admitted) return std::unexpected(admitted.error());
  }
  auto impl = std::make_unique<Impl>(std::move(options), std::move(*chain), clock, log);
  impl->safety = std::move(safety);
  impl->validating = validating;
  impl->payouts.notice(impl->published);
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

void Engine::start() {
  Impl& impl = *impl_;
  MOOT_CHECK(!impl.strand.joinable(), "an engine is started once");
  impl.running = true;
  impl.work.emplace(impl.context.get_executor());
  boost::asio::post(impl.context, [&impl] { impl.make_blocks(); });
  impl.strand = std::thread([&impl] { impl.context.run(); });
}

void Engine::stop() {
  Impl& impl = *impl_;
  if (!impl.strand.joinable()) return;
  impl.running = false;
  // Those under way come to the strand, which ends when it has answered all that it has.
  while (impl.submitting.load() != 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  boost::asio::post(impl.context, [&impl] { impl.timer.cancel(); });
  impl.work.reset();
  impl.strand.join();
  impl.chain->flush();
  if (impl.validating && impl.chain->state().height().raw() > 0)
    impl.safety->confirm({.ledger = impl.chain->identity().signing.ledger_id,
                          .instance = impl.chain->instance(),
                          .height = impl.chain->tip().height,
                          .position = {impl.chain->tip().epoch.epoch, impl.chain->tip().view}});
}

const LedgerIdentity& Engine::identity() const { return impl_->chain->identity(); }

SnapshotPtr Engine::snapshot() const {
  const std::lock_guard lock(impl_->published_mutex);
  return impl_->published;
}

NodeStatus Engine::status() const {
  const SnapshotPtr at = snapshot();
  const Mempool::Status waiting = impl_->mempool.status();
  NodeStatus out{.height = at->block.height,
                 .time = at->block.time,
                 .ready = impl_->running.load(),
                 .validating = impl_->makes_blocks(),
                 .mempool_transactions = waiting.transactions,
                 .mempool_bytes = waiting.bytes,
                 .verify_queue = impl_->in_verification.load(),
                 .next_due = at->state.next_due(),
                 .started_ms = impl_->started_ms,
                 .rejected = impl_->rejected.load()};
  if (impl_->halted.load(std::memory_order_acquire)) out.halted = impl_->why_halted;
  if (impl_->signer) {
    const auto key = impl_->signer->key().view();
    out.node_key.assign(key.begin(), key.end());
  }
  return out;
}

void Engine::submit(std::vector<Bytes> envelopes, SubmitDone done) {
  impl_->submit(std::move(envelopes), std::move(done));
}

TxStatus Engine::transaction(const TxId& id) const {
  if (impl_->mempool.is_pending(id)) return {.phase = TxPhase::pending};
  if (const auto at = impl_->chain->find(id)) {
    // Durable, but its block is not shown yet: whoever hears "final" must find it in the snapshot.
    if (at->height > snapshot()->block.height) return {.phase = TxPhase::pending};
    return {.phase = TxPhase::final, .height = at->height, .index = at->index};
  }
  return {.phase = TxPhase::unknown, .dropped = impl_->mempool.drop_reason(id)};
}

Bytes Engine::genesis() const { return impl_->chain->genesis(); }
std::optional<BlockSummary> Engine::summary(Height height) const { return impl_->chain->summary(height); }
std::shared_ptr<const FinalBlock> Engine::block(Height height) const { return impl_->chain->block(height); }
std::vector<ledger::Receipt> Engine::receipts(Height height) const { return impl_->chain->receipts(height); }
std::vector<ledger::Event> Engine::events(Height height) const { return impl_->chain->events(height); }
std::vector<Hash> Engine::history_leaves(u64 count) const { return impl_->chain->history_leaves(count); }
StorageStats Engine::storage_stats() const { return impl_->chain->stats(); }

std::shared_ptr<const ledger::BallotBox> Engine::sealed_box(ProposalId proposal) const {
  return impl_->chain->sealed_box(proposal);
}

ledger::PreparedPayouts Engine::payouts() const { return impl_->payouts.ready(); }

std::unique_ptr<Subscription> Engine::on_commit(OnCommit callback) {
  const auto list = impl_->subscribers;
  const std::lock_guard lock(list->mutex);
  const u64 id = list->next++;
  list->callbacks.emplace(id, std::move(callback));
  return std::make_unique<SubscriptionImpl>([list, id] {
    const std::lock_guard guard(list->mutex);
    list->callbacks.erase(id);
  });
}

}  // namespace moot::node
