#include "wallet/failure.hpp"

#include <array>

#include "base/check.hpp"

namespace moot::wallet {
namespace {

constexpr std::array kExitCodes{
    ExitCodeMeaning{ExitCode::ok, "ok", "the command did what it says"},
    ExitCodeMeaning{ExitCode::failed, "failed",
                    "it could not, or what it was asked for is not there; the message says why"},
    ExitCodeMeaning{ExitCode::usage, "usage", "unknown command, option or value"},
    ExitCodeMeaning{ExitCode::refused, "refused",
                    "the ledger refused the transaction, or it failed in its block"},
    ExitCodeMeaning{ExitCode::unreachable, "unreachable", "no node answers at the given address"},
    ExitCodeMeaning{ExitCode::cancelled, "cancelled", "you said no to the question, or broke off"},
    ExitCodeMeaning{ExitCode::verification_failed, "verification failed",
                    "a signature, receipt, archive or password is not what it should be"},
};

void append_sentence(std::string& out, std::string_view text) {
  if (text.empty()) return;
  out += ' ';
  out += text;
  const char last = text.back();
  if (last != '.' && last != '?' && last != '!' && last != '\n') out += '.';
}

}  // namespace

std::span<const ExitCodeMeaning> exit_code_table() { return kExitCodes; }

std::string_view to_string(ExitCode code) {
  for (const auto& row : kExitCodes)
    if (row.code == code) return row.name;
  MOOT_CHECK(false, "every exit code stands in the table");
}

std::string sentence(const Failure& failure) {
  std::string out = "moot:";
  append_sentence(out, failure.what);
  append_sentence(out, failure.advice);
  return out;
}

}  // namespace moot::wallet
