// The example with few members, as its script plays it: folder, node, story, archive, audit, summary.
#include <gtest/gtest.h>

#include "tests/support/node/mootd.hpp"
#include "wallet/failure.hpp"

namespace moot::test {
namespace {

using wallet::ExitCode;

Finished moot(std::vector<std::string> words) {
  return run({.program = MOOT_BIN, .arguments = std::move(words), .environment = {}},
             std::chrono::seconds(120));
}

// What the README's tour shows that needs no key, once the story has been played.
void expect_that_the_tour_can_look(const std::string& node) {
  const std::vector<std::string> tour[] = {{"proposals"},
                                           {"tally", "0"},
                                           {"payout", "preview", "0"},
                                           {"payout", "show", "0"},
                                           {"redemptions", "--open"},
                                           {"actions"},
                                           {"roles"}};
  for (std::vector<std::string> words : tour) {
    const std::string name = words[0];
    words.insert(words.begin(), {"--node", node});
    const Finished finished = moot(words);
    EXPECT_EQ(finished.status, 0) << name << ": " << finished.err;
    EXPECT_FALSE(finished.out.empty()) << name;
  }
}

// The last words of scripts/run-example, on the folder that the story leaves: its node started again, its keys, its archive.
void expect_that_the_folder_can_be_used(const std::string& home) {
  Node node(home);
  const auto ben = [&](std::vector<std::string> words) {
    const Finished finished = run({.program = MOOT_BIN,
                                   .arguments = words,
                                   .environment = {{"MOOT_NODE", node.address()},
                                                   {"MOOT_KEYSTORE", home + "/keystore"},
                                                   {"MOOT_PASSWORD_FILE", home + "/password"},
                                                   {"MOOT_FROM", "ben"}}});
    EXPECT_EQ(finished.status, 0) << words[0] << ": " << finished.err;
    return finished.out;
  };
  for (const char* name : {"ada", "ben", "cleo", "dan"})
    EXPECT_NE(ben({"keys", "list"}).find(name), std::string::npos) << name;
  EXPECT_NE(ben({"share", "0"}).find("USDX"), std::string::npos);
  EXPECT_NE(ben({"vote", "2", "For"}).find("For"), std::string::npos);
  EXPECT_NE(ben({"history", "cleo"}).find("redemption"), std::string::npos);
  EXPECT_NE(ben({"audit", "replay", "--archive", home + "/ledger.moot"}).find("verified"), std::string::npos);
  EXPECT_EQ(node.stop(), 0);
}

TEST(Example, IsPlayedOnceAuditedAndSummedUp) {
  const TemporaryFolder folder("example");
  const std::string home = (folder.path() / "home").string();
  const Finished made = moot({"example", "genesis", "--out", home, "--members", "450", "--seed", "3"});
  ASSERT_EQ(made.status, 0) << made.err;
  Node node(home);

  const Finished played = moot({"--node", node.address(), "example", "run", "--dir", home, "--no-summary"});
  ASSERT_EQ(played.status, 0) << played.out << played.err;
  EXPECT_NE(played.out.find("passed early, sale authorised"), std::string::npos);
  expect_that_the_tour_can_look(node.address());

  const Finished again = moot({"--node", node.address(), "example", "run", "--dir", home});
  EXPECT_EQ(again.status, static_cast<int>(ExitCode::usage)) << "the story needs an empty ledger";
  EXPECT_NE(again.err.find("fresh"), std::string::npos) << again.err;

  const std::string archive = home + "/ledger.moot";
  const Finished exported = moot({"--node", node.address(), "audit", "export", "--out", archive});
  ASSERT_EQ(exported.status, 0) << exported.err;
  EXPECT_EQ(node.stop(), 0);
  const Finished audited = moot(
      {"--json", "audit", "replay", "--archive", archive, "--from-genesis", home + "/config/genesis.json"});
  ASSERT_EQ(audited.status, 0) << audited.err;
  write_text(home + "/audit.json", audited.out);
  const Finished summary = moot({"example", "summary", "--dir", home, "--audit", home + "/audit.json"});
  EXPECT_EQ(summary.status, 0) << summary.err;
  EXPECT_NE(summary.out.find("253 of 450 members"), std::string::npos) << summary.out;
  EXPECT_NE(summary.out.find("53,900.000000 USDX = the amount shared out, to the unit"), std::string::npos);
  EXPECT_NE(summary.out.find("verified to height"), std::string::npos);
  expect_that_the_folder_can_be_used(home);
}

TEST(Example, SaysSoWhenTheNodeHasAnotherLedger) {
  const TemporaryFolder folder("example_other");
  const std::string mine = (folder.path() / "mine").string();
  const std::string other = (folder.path() / "other").string();
  ASSERT_EQ(moot({"example", "genesis", "--out", mine, "--members", "450", "--seed", "3"}).status, 0);
  ASSERT_EQ(moot({"example", "genesis", "--out", other, "--members", "450", "--seed", "4"}).status, 0);
  Node node(other);
  const Finished played = moot({"--node", node.address(), "example", "run", "--dir", mine});
  EXPECT_EQ(played.status, static_cast<int>(ExitCode::usage)) << played.out;
  EXPECT_NE(played.err.find("another ledger"), std::string::npos) << played.err;
}

TEST(Example, WithoutANodeSaysThatNothingAnswers) {
  const TemporaryFolder folder("example_alone");
  const std::string home = (folder.path() / "home").string();
  ASSERT_EQ(moot({"example", "genesis", "--out", home, "--members", "450"}).status, 0);
  const Finished played = moot({"--node", "127.0.0.1:1", "example", "run", "--dir", home});
  EXPECT_EQ(played.status, static_cast<int>(ExitCode::unreachable)) << played.err;
}

}  // namespace
}  // namespace moot::test
