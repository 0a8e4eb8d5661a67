// A registrar's signed invite, as the file that an applicant gets: JSON, checked when it is read.
//
//   {"format":"moot-invite/1","organisation":…,"ledgerId":"0x…","code":"0x…","registrar":"0x…","validUntilMs":"0",
//    "signature":"0x…"}
#pragma once

#include <string>
#include <string_view>

#include "ledger/typed_data.hpp"
#include "wallet/failure.hpp"

namespace moot::wallet {

inline constexpr std::size_t kMaxInviteFile = 16'384;

struct InviteFile {
  ledger::SigningContext signing;
  ledger::Invite invite;
  ledger::CarriedSignature signature;
};

std::string to_json(const InviteFile& file);
// Refuses an invite whose signature is not its registrar's (ExitCode::verification_failed).
Result<InviteFile> parse_invite_file(std::string_view text);

}  // namespace moot::wallet
