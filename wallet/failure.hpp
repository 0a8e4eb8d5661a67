// How a command of the wallet ends: the exit codes, and a failure that says what is wrong and what to do.
#pragma once

#include <expected>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace moot::wallet {

// The numbers are for scripts: append, never renumber. `moot help exit-codes` prints this table.
enum class ExitCode : int {
  ok = 0,
  failed = 1,               // what was asked for is not there, and anything else without a code of its own
  usage = 2,                // unknown command, option or value
  refused = 3,              // the ledger refused the transaction, or it failed in its block
  unreachable = 4,          // no node answers there
  cancelled = 5,            // the user said no, or broke off
  verification_failed = 6,  // a signature, receipt, archive or password is not what it should be
};

struct ExitCodeMeaning {
  ExitCode code;
  std::string_view name;
  std::string_view meaning;
};
std::span<const ExitCodeMeaning> exit_code_table();
std::string_view to_string(ExitCode code);

// Two sentences without their full stops: `what` is wrong, and what `advice` there is (may be empty).
struct Failure {
  ExitCode code = ExitCode::failed;
  std::string what;
  std::string advice;

  friend bool operator==(const Failure&, const Failure&) = default;
};

template <class T>
using Result = std::expected<T, Failure>;

inline std::unexpected<Failure> fail(std::string what, std::string advice = {},
                                     ExitCode code = ExitCode::failed) {
  return std::unexpected(Failure{.code = code, .what = std::move(what), .advice = std::move(advice)});
}

// "moot: what is wrong. What to do."
std::string sentence(const Failure& failure);

}  // namespace moot::wallet
