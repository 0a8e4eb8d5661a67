// Directories that clean up after themselves, and chains of small signed blocks, for the tests of storage.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/check.hpp"
#include "consensus/solo.hpp"
#include "crypto/sha256.hpp"
#include "node/storage/block_store.hpp"
#include "node/storage/memory_store.hpp"
#include "node/storage/rocksdb_store.hpp"

namespace moot::node::test {

class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "moot-storage-XXXXXX").string();
    MOOT_CHECK(::mkdtemp(pattern.data()) != nullptr, "cannot make a temporary directory");
    path_ = pattern;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  [[nodiscard]] std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline Hash filled(u8 byte) {
  Hash out;
  out.bytes.fill(byte);
  return out;
}

inline const LedgerId kLedger = filled(0xd1).as<LedgerId>();
inline const LedgerId kOtherLedger = filled(0xd2).as<LedgerId>();

inline Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

inline TxId id_of(ByteView envelope) { return crypto::sha256(envelope).as<TxId>(); }

inline std::vector<TxId> ids_of(const StoredBlock& block) {
  std::vector<TxId> out;
  for (const Bytes& envelope : block.body.envelopes) out.push_back(id_of(envelope));
  return out;
}

// Small caches: tests open many databases.
inline RocksDbOptions small_options() {
  return {.cache_bytes = std::size_t{1} << 20, .memory_bytes = std::size_t{4} << 20};
}

inline std::unique_ptr<RocksDbStore> open_rocksdb(const std::string& path) {
  auto store = RocksDbStore::open(path, small_options());
  MOOT_CHECK(store.has_value(), store ? "" : store.error().text.c_str());
  return *std::move(store);
}

// Signs blocks on a tip with the secret key 1.
class ChainBuilder {
 public:
  ChainBuilder() {
    std::array<u8, 32> scalar{};
    scalar[31] = 1;
    signer_ = std::make_unique<crypto::SchnorrSigner>(*crypto::SecretKey::from_bytes(scalar));
    validators_ = consensus::ValidatorSet::from({signer_->key()});
    tip_ = consensus::genesis_tip(kLedger, TimeMs{1'000}, *validators_);
  }

  // The next block with these transactions.
  StoredBlock next(std::vector<Bytes> envelopes) {
    const auto solo =
        consensus::make_solo_block(*tip_, {.time = TimeMs{tip_->time.raw() + 1}}, *validators_, *signer_);
    StoredBlock block{.link = {solo.header, solo.justification, solo.finalization},
                      .body = {.envelopes = std::move(envelopes), .receipts = bytes_of("receipts")}};
    follow(block.link);
    return block;
  }

  // Goes on from a block that stands already.
  void follow(const BlockLink& link) { tip_ = consensus::next_tip(*tip_, link.header, link.finalization); }

  [[nodiscard]] const consensus::ChainTip& tip() const { return *tip_; }
  [[nodiscard]] const consensus::ValidatorSet& validators() const { return *validators_; }

 private:
  std::unique_ptr<crypto::SchnorrSigner> signer_;
  std::optional<consensus::ValidatorSet> validators_;
  std::optional<consensus::ChainTip> tip_;
};

}  // namespace moot::node::test
