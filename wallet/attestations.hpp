// Contributions as an attestor signed them, on their way to the ledger: JSON lines, so that hundreds of thousands stream.
//
//   {"format":"moot-attestations/1","organisation":…,"ledgerId":"0x…","shareClass":"0"}
//   {"member":"12","units":"5","contentHash":"0x…","attestor":"0x…","validUntilMs":"0","signature":"0x…"}
//   …
//
// A statement is bound to the ledger, the class and the member, and its content counts once in the class (rules.md §3.6), so
// whoever carries the file can neither change it nor use it twice.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/keys.hpp"
#include "ledger/payloads/members.hpp"
#include "ledger/typed_data.hpp"
#include "wallet/failure.hpp"

namespace moot::wallet {

inline constexpr std::size_t kMaxAttestationsFile = std::size_t{1} << 30;

struct Attestations {
  ledger::SigningContext signing;
  ClassId share_class;
  std::vector<ledger::Contribution> contributions;  // contribution i stands on line i + 2
};

// Fills in attestor and signature of every contribution, on all cores. `progress` hears how many are done, on this thread.
void sign_contributions(const crypto::SecretKey& key, Attestations& attestations,
                        const std::function<void(u64)>& progress = {});

std::string to_json_lines(const Attestations& attestations);
// Checks every line and every signature; failures name the line: "batch.jsonl line 3: …".
Result<Attestations> parse_attestations(const std::string& name, std::string_view text);

}  // namespace moot::wallet
