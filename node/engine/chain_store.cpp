#include "node/engine/chain_store.hpp"

#include <thread>

#include "ledger/initial_state.hpp"
#include "node/engine/outcome_codec.hpp"
#include "node/machine/judge.hpp"

namespace moot::node {
namespace {

using ledger::StateTable;

// The engine's own records; the ledger's are below 128.
constexpr u8 kEventsTable = 240;           // a: height
constexpr u8 kBeginningTable = 241;        // written once, with block 0's state:
constexpr u64 kBeginningGenesis = 0;       // the canonical genesis
constexpr u64 kBeginningStateRoot = 1;     // the state root that its block 0 has
constexpr u64 kLinksVerified = 2'000;      // certificates checked below the records' height at start
constexpr std::size_t kRecentBlocks = 16;  // whose receipts are kept at hand

BlockSummary summary_of(const consensus::Header& header, const BlockHash& hash,
                        std::span<const Bytes> envelopes) {
  BlockSummary out{.height = header.height,
                   .time = header.time,
                   .hash = hash,
                   .parent = header.parent,
                   .epoch = header.epoch.raw(),
                   .view = header.view.raw(),
                   .proposer = header.proposer,
                   .tx_root = header.tx_root,
                   .faults_root = header.evidence_root,
                   .receipts_root = header.receipts_root,
                   .state_root = header.state_root,
                   .transactions = static_cast<u32>(envelopes.size())};
  for (const Bytes& envelope : envelopes) out.bytes += envelope.size();
  return out;
}

BlockSummary genesis_summary(const ledger::BlockRoots& roots) {
  return {.time = roots.time,
          .tx_root = roots.tx_root,
          .faults_root = roots.faults_root,
          .receipts_root = roots.receipts_root,
          .state_root = roots.state_root};
}

Bytes slots_of(const ledger::BallotBox& box) {
  Writer out;
  for (u64 chunk = 0; chunk < box.chunks().size(); ++chunk) encode(out, box.chunks()[chunk]);
  return out.take();
}

// What block 0 was, so that a restart need not make a ledger of the genesis once more: that takes as long as loading one.
std::vector<RecordChange> beginning_rows(const ledger::Genesis& genesis, const StateRoot& root) {
  return {{.table = kBeginningTable, .a = kBeginningGenesis, .b = 0, .value = encoded(genesis)},
          {.table = kBeginningTable, .a = kBeginningStateRoot, .b = 0, .value = encoded(root)}};
}

std::vector<TxId> ids_of(const ledger::SigningContext& context, std::span<const Bytes> envelopes) {
  std::vector<TxId> ids;
  ids.reserve(envelopes.size());
  for (const auto& tx : ledger::trust_transactions(context, envelopes)) {
    MOOT_CHECK(tx.has_value(), "a final block holds canonical envelopes");
    ids.push_back(tx->id);
  }
  return ids;
}

}  // namespace

ChainStore::ChainStore(const Options& options, FileLock lock, std::unique_ptr<RocksDbStore> kv)
    : directory_(options.directory), lock_(std::move(lock)), kv_(std::move(kv)) {
  identity_ = {
      .signing = ledger::signing_context(options.genesis.organisation, ledger::ledger_id(options.genesis)),
      .created = options.genesis.created};
}

std::unexpected<StorageError> ChainStore::damaged(const std::string& what) const {
  return std::unexpected(StorageError{StorageErrorKind::damaged, damaged_sentence(directory_, what)});
}

// 2.5: the one thing that stops a node which executes as it should.
std::unexpected<StorageError> ChainStore::breaks_a_law(Height height, const ledger::LawBreach& breach) const {
  return std::unexpected(StorageError{
      StorageErrorKind::breaks_a_law,
      "block " + std::to_string(height.raw()) + " in " + directory_ + ", which is final, breaks the law of " +
          std::string(breach.law) + ": " + breach.what + ". Leave the data as it is, and report this."});
}

std::expected<std::unique_ptr<ChainStore>, StorageError> ChainStore::open(const Options& options,
                                                                          StartReport& report) {
  auto lock = FileLock::acquire_directory(options.directory);
  if (!lock) return std::unexpected(lock.error());
  auto kv = RocksDbStore::open(
      options.directory + "/db",
      {.create_if_missing = options.create && !options.read_only, .read_only = options.read_only});
  if (!kv) return std::unexpected(kv.error());
  std::unique_ptr<ChainStore> chain(new ChainStore(options, std::move(*lock), std::move(*kv)));
  const auto instance = bind_schema(*chain->kv_, chain->identity_.signing.ledger_id);
  if (!instance) return std::unexpected(instance.error());
  chain->instance_ = *instance;
  auto blocks = BlockStore::open(*chain->kv_, [context = chain->identity_.signing](ByteView envelope) {
    const auto tx = ledger::decode_transaction(envelope);
    return tx ? ledger::transaction_id(context, *tx) : TxId{};
  });
  if (!blocks) return std::unexpected(blocks.error());
  chain->blocks_ = std::move(*blocks);
  chain->records_ = std::make_unique<StateStore>(*chain->kv_);
  if (const auto good = chain->recover(options.genesis, report); !good) return std::unexpected(good.error());
  return chain;
}

std::expected<void, StorageError> ChainStore::recover(const ledger::Genesis& genesis, StartReport& report) {
  validators_ = consensus::ValidatorSet::from(ledger::validator_keys(genesis));
  if (!validators_) return damaged("the genesis names no validators, or too many, or one twice");
  if (!records_->applied()) {
    if (blocks_->tip())
      report.lines.push_back("records are missing: every block is executed again from genesis");
    begin_ledger(genesis, report);
  } else {
    if (const auto good = read_beginning(genesis, report); !good) return good;
    if (const auto good = load_state(report); !good) return good;
  }
  const Height applied = state_.height();
  const auto tip = blocks_->tip();
  if (!tip && applied.raw() > 0)
    return damaged("records stand at block " + std::to_string(applied.raw()) + ", but there are no blocks");
  if (tip && tip->height < applied) return damaged("records stand above the newest block");
  if (const auto good = check_links(applied, report); !good) return good;
  return replay(applied, report);
}

void ChainStore::begin_ledger(const ledger::Genesis& genesis, StartReport& report) {
  ledger::InitialBlock initial = ledger::initial_block(genesis);
  initial_roots_ = initial.roots;
  state_ = std::move(initial.state);
  std::vector<RecordChange> changes = beginning_rows(genesis, initial.roots.state_root);
  ledger::for_each_row(state_, [&](const ledger::StateRow& row) {
    changes.push_back({.table = static_cast<u8>(row.table), .a = row.a, .b = row.b, .value = row.value});
  });
  records_->apply({.height = Height{0}, .root = initial.roots.state_root, .changes = changes, .sealed = {}});
  records_->flush();
  report.lines.push_back("began ledger " + to_hex(identity_.signing.ledger_id.view()));
}

std::expected<void, StorageError> ChainStore::read_beginning(const ledger::Genesis& genesis,
                                                             StartReport& report) {
  const auto row = records_->get(kBeginningTable, kBeginningStateRoot, 0);
  if (!row) {  // a database from before these rows were kept
    initial_roots_ = ledger::initial_block(genesis).roots;
    records_->add(beginning_rows(genesis, initial_roots_.state_root));
    report.lines.push_back("noted what block 0 was");
    return {};
  }
  const auto root = decoded<StateRoot>(*row);
  if (!root) return damaged("the state root of its block 0 cannot be decoded");
  initial_roots_ = ledger::genesis_roots(identity_.created, *root);
  return {};
}

std::expected<void, StorageError> ChainStore::load_state(StartReport& report) {
  const auto load_table = [this](ledger::StateLoader& into, StateTable table) {
    records_->load(static_cast<u8>(table), [&](u64 a, u64 b, ByteView value) {
      return into.add({table, a, b, Bytes(value.begin(), value.end())});
    });
  };
  ledger::StateLoader loader, members;
  {
    // The members are half of a large ledger, the accounts the other.
    const std::jthread beside([&] {
      load_table(members, StateTable::members);
      members.hash();
    });
    for (const StateTable table : ledger::kStateTables)
      if (table != StateTable::members) load_table(loader, table);
    loader.hash();
  }
  loader.take_members(std::move(members));
  auto loaded = loader.finish();
  if (!loaded) return damaged(loader.problem());
  const AppliedState applied = *records_->applied();
  if (loaded->root != applied.root || loaded->state.height() != applied.height)
    return damaged("the records' state root is not the one written with them");
  state_ = std::move(loaded->state);
  report.lines.push_back("loaded " + std::to_string(state_.members.size()) + " members at block " +
                         std::to_string(applied.height.raw()) + ", state root " +
                         to_hex(applied.root.view()));
  return {};
}

std::expected<void, StorageError> ChainStore::check_links(Height applied, StartReport& report) {
  const u64 newest = blocks_->tip() ? blocks_->tip()->height.raw() : 0;
  const u64 verify_from = applied.raw() > kLinksVerified ? applied.raw() - kLinksVerified : 0;
  tip_ = consensus::genesis_tip(identity_.signing.ledger_id, identity_.created, *validators_);
  summary_ = genesis_summary(initial_roots_);
  std::string problem;
  blocks_->for_each_link(Height{1}, [&](const BlockLink& link) {
    const u64 height = link.header.height.raw();
    if (height > verify_from) {
      if (const auto good =
              verify_link(tip_, link.header, link.justification, link.finalization, *validators_);
          !good)
        problem = good.error().text;
    } else if (link.header.parent != tip_.hash) {
      problem = "block " + std::to_string(height) + " does not follow the one before it";
    }
    if (height == applied.raw() && link.header.state_root != records_->applied()->root)
      problem = "the records at block " + std::to_string(height) + " have another state root than its header";
    if (!problem.empty()) return false;
    tip_ = consensus::next_tip(tip_, link.header, link.finalization);
    return true;
  });
  if (!problem.empty()) return damaged(problem);
  if (tip_.height.raw() != newest)
    return damaged("blocks are missing above " + std::to_string(tip_.height.raw()));
  if (newest != 0) {
    report.lines.push_back("verified the chain of " + std::to_string(newest) +
                           " blocks, certificates of the last " + std::to_string(newest - verify_from));
    summary_ = *summary(Height{newest});
  }
  return {};
}

// The block's result, when it may follow the state and is what its header says.
std::expected<ledger::BlockResult, StorageError> ChainStore::execute(const StoredBlock& block) const {
  const consensus::Header& header = block.link.header;
  const std::string name = "block " + std::to_string(header.height.raw());
  auto executed =
      judge(state_, identity_.signing,
            {.height = header.height, .time = header.time, .envelopes = block.body.envelopes, .faults = {}},
            Signatures::trusted());
  if (!executed) {
    if (executed.error().defect == Defect::law)
      return breaks_a_law(header.height, executed.error().breaches.front());
    return damaged(name + " cannot be executed: " + executed.error().what);
  }
  const ledger::BlockRoots& roots = executed->result.roots;
  if (roots.state_root != header.state_root || roots.receipts_root != header.receipts_root ||
      roots.tx_root != header.tx_root || roots.faults_root != header.evidence_root)
    return damaged(name + " executes to another root than its header says");
  return std::move(executed->result);
}

std::expected<void, StorageError> ChainStore::replay(Height from, StartReport& report) {
  std::expected<void, StorageError> outcome;
  u64 replayed = 0;
  blocks_->for_each_block(Height{from.raw() + 1}, [&](const StoredBlock& block) {
    auto result = execute(block);
    if (!result) {
      outcome = std::unexpected(std::move(result.error()));
      return false;
    }
    write_records(state_, *result);
    state_ = std::move(result->state);
    ++replayed;
    return true;
  });
  if (!outcome) return outcome;
  if (replayed != 0) {
    records_->flush();
    report.lines.push_back("executed " + std::to_string(replayed) + " blocks again above the records");
  }
  return {};
}

void ChainStore::write_records(const ledger::State& before, const ledger::BlockResult& result) {
  std::vector<RecordChange> changes;
  for (ledger::StateRow& row : ledger::changed_rows(before, result))
    changes.push_back(
        {.table = static_cast<u8>(row.table), .a = row.a, .b = row.b, .value = std::move(row.value)});
  std::vector<Bytes> slots;
  std::vector<SealedBallots> sealed;
  slots.reserve(result.sealed.size());
  for (const auto& [proposal, box] : result.sealed) {
    slots.push_back(slots_of(box));
    sealed.push_back({ProposalId{proposal}, slots.back()});
    for (u64 chunk = 0; chunk < box.chunks().size(); ++chunk)
      if (box.chunks()[chunk] != ledger::SlotChunk{})  // others have no row
        changes.push_back({.table = static_cast<u8>(StateTable::slots),
                           .a = proposal,
                           .b = chunk,
                           .value = {},
                           .erased = true});
  }
  if (!result.events.empty())
    changes.push_back(
        {.table = kEventsTable, .a = result.roots.height.raw(), .b = 0, .value = pack_events(result.events)});
  records_->apply(
      {.height = result.roots.height, .root = result.roots.state_root, .changes = changes, .sealed = sealed});
}

void ChainStore::commit(const SignedBlock& block, TimeMs steady) {
  MOOT_CHECK(block.result.breaches.empty(), "a block that breaks a law does not become final");
  std::vector<TxId> ids;
  ids.reserve(block.result.receipts.size());
  for (const ledger::Receipt& receipt : block.result.receipts) ids.push_back(receipt.id);
  const StoredBlock stored{block.link, {block.envelopes, pack_receipts(block.result.receipts)}};
  blocks_->append(stored, ids);
  remember(block.result.roots.height, block.result.receipts);
  write_records(state_, block.result);
  flush_policy_.wrote(ids.size(), steady);
  if (flush_policy_.due(steady)) flush();
  state_ = block.result.state;
  summary_ = summary_of(block.link.header, block.hash, block.envelopes);
  tip_ = consensus::next_tip(tip_, block.link.header, block.link.finalization);
}

void ChainStore::flush() {
  records_->flush();
  flush_policy_.flushed();
}

std::optional<BlockSummary> ChainStore::summary(Height height) const {
  if (height.raw() == 0) return genesis_summary(initial_roots_);
  const auto block = blocks_->block(height);
  if (!block) return std::nullopt;
  return summary_of(block->link.header, consensus::block_hash(block->link.header), block->body.envelopes);
}

Bytes ChainStore::genesis() const {
  auto row = records_->get(kBeginningTable, kBeginningGenesis, 0);
  MOOT_CHECK(row.has_value(), "the genesis was written with the first records");
  return std::move(*row);
}

std::shared_ptr<const FinalBlock> ChainStore::block(Height height) const {
  auto block = blocks_->block(height);
  if (!block) return nullptr;
  auto out = std::make_shared<FinalBlock>();
  out->summary =
      summary_of(block->link.header, consensus::block_hash(block->link.header), block->body.envelopes);
  out->header = encoded(block->link.header);
  out->justification = encoded(block->link.justification);
  out->finalization = encoded(block->link.finalization);
  out->envelopes = std::move(block->body.envelopes);
  return out;
}

void ChainStore::remember(Height height, const std::vector<ledger::Receipt>& receipts) {
  const std::lock_guard lock(recent_mutex_);
  recent_.emplace_back(height, receipts);
  if (recent_.size() > kRecentBlocks) recent_.pop_front();
}

std::vector<ledger::Receipt> ChainStore::receipts(Height height) const {
  {
    const std::lock_guard lock(recent_mutex_);
    for (const auto& [at, receipts] : recent_)
      if (at == height) return receipts;
  }
  const auto body = blocks_->body(height);
  if (!body) return {};
  auto receipts = unpack_receipts(body->receipts, ids_of(identity_.signing, body->envelopes));
  MOOT_CHECK(receipts.has_value(), "a final block's receipts were written by this code");
  return std::move(*receipts);
}

std::vector<ledger::Event> ChainStore::events(Height height) const {
  const auto bytes = records_->get(kEventsTable, height.raw(), 0);
  if (!bytes) return {};
  auto events = unpack_events(*bytes);
  MOOT_CHECK(events.has_value(), "a final block's events were written by this code");
  return std::move(*events);
}

std::shared_ptr<const ledger::BallotBox> ChainStore::sealed_box(ProposalId proposal) const {
  const auto slots = records_->sealed(proposal);
  if (!slots) return nullptr;
  auto box = std::make_shared<ledger::BallotBox>();
  Reader in(*slots);
  while (in.ok() && in.left() > 0) {
    ledger::SlotChunk chunk;
    decode(in, chunk);
    box->chunks().push(chunk);
  }
  box->chunks().root();
  return box;
}

std::vector<Hash> ChainStore::history_leaves(u64 count) const {
  std::vector<Hash> leaves;
  if (count == 0) return leaves;
  leaves.push_back(ledger::history_leaf(initial_roots_));
  blocks_->for_each_link(Height{1}, [&](const BlockLink& link) {
    if (leaves.size() >= count) return false;
    const consensus::Header& header = link.header;
    leaves.push_back(ledger::history_leaf({.height = header.height,
                                           .time = header.time,
                                           .tx_root = header.tx_root,
                                           .faults_root = header.evidence_root,
                                           .receipts_root = header.receipts_root,
                                           .state_root = header.state_root}));
    return true;
  });
  return leaves;
}

}  // namespace moot::node
