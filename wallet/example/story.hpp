// The story of the example, from an empty ledger to the last redemption, played against a running node over its API.
#pragma once

#include "wallet/example/genesis.hpp"

namespace moot::wallet::example {

struct StoryOptions {
  Setting setting;
  std::string node;
  bool quiet = false;  // the acts are told on standard error instead of standard output
};
// Plays it and leaves <folder>/story.json: the summary and every number. Fails at the first number that is not as the plan
// says, naming it.
Result<void> play_story(const StoryOptions& options);

// The summary in story.json, with the verdict of an audit's report (of `moot audit replay --json`) when a file is given. Fails
// when the audit did not verify the very state in which the story ended.
struct SummaryOptions {
  std::filesystem::path folder;
  std::filesystem::path audit_report;  // may be empty
  bool json = false;
};
Result<void> print_summary(const SummaryOptions& options);

}  // namespace moot::wallet::example
