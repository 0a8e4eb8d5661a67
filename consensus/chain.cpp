#include "consensus/chain.hpp"

#include <fmt/format.h>

#include "base/check.hpp"

namespace moot::consensus {
namespace {

std::string hex(const auto& digest) { return to_hex(digest.view()); }

// Gathers what every check needs, so that each reads as one sentence.
struct LinkCheck {
  const ChainTip& tip;
  const Header& header;
  const Justification& justification;
  const Certificate& finalization;
  const ValidatorSet& validators;

  using Result = std::expected<void, LinkError>;

  [[nodiscard]] Result fail(LinkFault fault, const std::string& why) const {
    return std::unexpected(LinkError{fault, fmt::format("block {}: {}", header.height.raw(), why)});
  }

  [[nodiscard]] Result identity() const {
    if (header.version != kHeaderVersion)
      return fail(LinkFault::version,
                  fmt::format("header version {} is not {}", header.version, kHeaderVersion));
    if (header.chain_id != tip.epoch.chain_id)
      return fail(LinkFault::chain, fmt::format("it belongs to ledger {}, not {}", hex(header.chain_id),
                                                hex(tip.epoch.chain_id)));
    if (header.flags == HeaderFlag::filler)
      return fail(LinkFault::filler, "a filler is never part of the chain");
    return {};
  }

  [[nodiscard]] Result order() const {
    if (tip.height.checked_add(Height{1}) != header.height)
      return fail(LinkFault::height, fmt::format("it follows block {}", tip.height.raw()));
    if (header.parent != tip.hash)
      return fail(LinkFault::parent, fmt::format("its parent is {} but block {} is {}", hex(header.parent),
                                                 tip.height.raw(), hex(tip.hash)));
    if (header.parent_view != tip.view)
      return fail(LinkFault::parent_view, fmt::format("it says its parent is of view {}, which is of view {}",
                                                      header.parent_view.raw(), tip.view.raw()));
    if (header.epoch != tip.epoch.epoch)
      return fail(LinkFault::epoch, fmt::format("it is of epoch {} where {} is due", header.epoch.raw(),
                                                tip.epoch.epoch.raw()));
    if (header.view <= tip.view)
      return fail(LinkFault::view, fmt::format("its view {} is not after its parent's, {}", header.view.raw(),
                                               tip.view.raw()));
    if (header.time <= tip.time)
      return fail(LinkFault::time, fmt::format("its time {} ms is not after its parent's, {} ms",
                                               header.time.raw(), tip.time.raw()));
    return {};
  }

  [[nodiscard]] Result people() const {
    if (header.validators_hash != tip.validators_hash || header.validators_hash != validators.hash())
      return fail(LinkFault::validators, "its validators are not those of its epoch");
    const bool changes = header.next_validators_hash != header.validators_hash;
    if (changes != (header.flags == HeaderFlag::seal))
      return fail(LinkFault::next_validators, "validators change after a seal and nowhere else");
    const u16 leader = leader_of(leader_order(tip.epoch, validators.size()), header.view);
    if (header.proposer != leader)
      return fail(LinkFault::proposer, fmt::format("validator {} proposed it in the turn of validator {}",
                                                   header.proposer, leader));
    return {};
  }

  [[nodiscard]] Result ancestry() const {
    if (justification_root(justification) != header.justification_root)
      return fail(LinkFault::justification_root,
                  "its justification is not the one that its header commits to");
    if (auto ok = parent_certificate(); !ok) return ok;
    return nullifications();
  }

  [[nodiscard]] Result parent_certificate() const {
    const auto& parent = justification.parent;
    if (parent.has_value() != tip.finalization.has_value())
      return fail(LinkFault::parent_certificate,
                  parent ? "it carries a parent certificate though its parent opens the epoch"
                         : "it carries no certificate of its parent");
    if (!parent || parent == tip.finalization) return {};
    const Statement& statement = parent->statement;
    if (statement.kind == VoteKind::nullify || statement.block != tip.hash ||
        statement.position != Position{tip.epoch.epoch, tip.view})
      return fail(LinkFault::parent_certificate, "its parent certificate is of another block");
    if (auto ok = verify(*parent, validators, header.chain_id); !ok)
      return fail(LinkFault::parent_certificate,
                  fmt::format("its parent certificate is wrong: {}", describe(ok.error())));
    return {};
  }

  [[nodiscard]] Result nullifications() const {
    // header.view > tip.view was checked, so the gap does not underflow, and the list bounds the loop.
    const u64 gap = header.view.raw() - tip.view.raw() - 1;
    if (justification.nullifications.size() != gap)
      return fail(LinkFault::nullifications, fmt::format("{} views were skipped and {} nullifications given",
                                                         gap, justification.nullifications.size()));
    u64 view = tip.view.raw();
    for (const auto& certificate : justification.nullifications) {
      const Statement due{
          .kind = VoteKind::nullify, .position = {header.epoch, View{++view}}, .block = std::nullopt};
      if (certificate.statement != due)
        return fail(LinkFault::nullifications,
                    fmt::format("view {} was skipped without its nullification", view));
      if (auto ok = verify(certificate, validators, header.chain_id); !ok)
        return fail(LinkFault::nullifications,
                    fmt::format("the nullification of view {} is wrong: {}", view, describe(ok.error())));
    }
    return {};
  }

  [[nodiscard]] Result finality() const {
    const Statement due{
        .kind = VoteKind::finalize, .position = header.position(), .block = block_hash(header)};
    if (finalization.statement != due)
      return fail(LinkFault::finalization, "its finalization certificate is of another block");
    if (auto ok = verify(finalization, validators, header.chain_id); !ok)
      return fail(LinkFault::finalization,
                  fmt::format("its finalization certificate is wrong: {}", describe(ok.error())));
    return {};
  }
};

}  // namespace

ChainTip genesis_tip(const LedgerId& chain_id, TimeMs created, const ValidatorSet& validators) {
  return {.epoch = {.chain_id = chain_id, .epoch = kFirstEpoch, .seal = genesis_hash(chain_id)},
          .hash = genesis_hash(chain_id),
          .view = View{0},
          .height = Height{0},
          .time = created,
          .validators_hash = validators.hash(),
          .finalization = std::nullopt};
}

ChainTip next_tip(const ChainTip& previous, const Header& header, const Certificate& finalization) {
  ChainTip tip{.epoch = previous.epoch,
               .hash = block_hash(header),
               .view = header.view,
               .height = header.height,
               .time = header.time,
               .validators_hash = header.next_validators_hash,
               .finalization = finalization};
  if (header.flags != HeaderFlag::seal) return tip;
  const auto epoch = previous.epoch.epoch.checked_add(Epoch{1});
  MOOT_CHECK(epoch.has_value(), "the last epoch number was used");
  tip.epoch.epoch = *epoch;
  tip.epoch.seal = tip.hash;
  tip.finalization.reset();
  return tip;
}

std::expected<void, LinkError> verify_link(const ChainTip& previous, const Header& header,
                                           const Justification& justification,
                                           const Certificate& finalization, const ValidatorSet& validators) {
  const LinkCheck check{previous, header, justification, finalization, validators};
  if (auto ok = check.identity(); !ok) return ok;
  if (auto ok = check.order(); !ok) return ok;
  if (auto ok = check.people(); !ok) return ok;
  if (auto ok = check.ancestry(); !ok) return ok;
  return check.finality();
}

}  // namespace moot::consensus
