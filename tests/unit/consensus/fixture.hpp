// Validators with known keys, and chains that they sign, for the tests of consensus.
#pragma once

#include <gtest/gtest.h>

#include "consensus/solo.hpp"

namespace moot::consensus::test {

inline Hash filled(u8 byte) {
  Hash out;
  out.bytes.fill(byte);
  return out;
}

inline const LedgerId kChain = filled(0xc1).as<LedgerId>();
inline const LedgerId kOtherChain = filled(0xc2).as<LedgerId>();

// Secret keys 1…n, in the order of their x-only keys, which is the order of a ValidatorSet.
class Validators {
 public:
  explicit Validators(u8 n) {
    std::vector<crypto::XOnlyKey> keys;
    for (u8 i = 1; i <= n; ++i) {
      std::array<u8, 32> scalar{};
      scalar[31] = i;
      signers_.push_back(std::make_unique<crypto::SchnorrSigner>(*crypto::SecretKey::from_bytes(scalar)));
      keys.push_back(signers_.back()->key());
    }
    std::sort(signers_.begin(), signers_.end(),
              [](const auto& a, const auto& b) { return a->key() < b->key(); });
    set_ = ValidatorSet::from(std::move(keys));
  }

  [[nodiscard]] const ValidatorSet& set() const { return *set_; }
  [[nodiscard]] const crypto::SchnorrSigner& signer(u16 index) const { return *signers_[index]; }

  [[nodiscard]] Vote vote(u16 index, const Statement& statement, const LedgerId& chain = kChain) const {
    return {.statement = statement,
            .signer = index,
            .signature = signer(index).sign(vote_digest(chain, statement)),
            .final_view = View{0}};
  }

  [[nodiscard]] std::vector<Vote> votes(std::initializer_list<u16> who, const Statement& statement) const {
    std::vector<Vote> out;
    for (const u16 index : who) out.push_back(vote(index, statement));
    return out;
  }

  [[nodiscard]] Certificate certificate(std::initializer_list<u16> who, const Statement& statement) const {
    return make_certificate(statement, votes(who, statement), *set_).value();
  }

 private:
  std::vector<std::unique_ptr<crypto::SchnorrSigner>> signers_;
  std::optional<ValidatorSet> set_;
};

inline Statement finalize_at(u32 epoch, u64 view, u8 block = 0xb1) {
  return {.kind = VoteKind::finalize,
          .position = {Epoch{epoch}, View{view}},
          .block = filled(block).as<BlockHash>()};
}
inline Statement nullify_at(u32 epoch, u64 view) {
  return {.kind = VoteKind::nullify, .position = {Epoch{epoch}, View{view}}, .block = std::nullopt};
}

inline BlockContent content_at(u64 time_ms) {
  return {.time = TimeMs{time_ms},
          .tx_root = filled(0x11),
          .evidence_root = filled(0x12),
          .state_root = filled(0x13).as<StateRoot>(),
          .receipts_root = filled(0x14)};
}

}  // namespace moot::consensus::test
