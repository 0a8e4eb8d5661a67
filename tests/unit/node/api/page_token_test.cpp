#include "node/api/page_token.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace moot::node::api {
namespace {

PageMark some_mark() {
  return {.height = Height{123'456},
          .position = 987,
          .request = PageTokens::request_hash("ListMembers", "request")};
}

TEST(PageTokens, ComeBackAsTheyWent) {
  const PageTokens tokens;
  EXPECT_EQ(tokens.open(tokens.seal(some_mark())), some_mark());
  const PageMark largest{.height = Height{~u64{0}}, .position = ~u64{0}, .request = {}};
  EXPECT_EQ(tokens.open(tokens.seal(largest)), largest);
}

TEST(PageTokens, NoChangedCharacterIsTaken) {
  const PageTokens tokens;
  const std::string token = tokens.seal(some_mark());
  for (std::size_t at = 0; at < token.size(); ++at)
    for (const char c : {'A', 'z', '-', '=', ' ', '\0'}) {
      std::string bent = token;
      if (bent[at] == c) continue;
      bent[at] = c;
      EXPECT_FALSE(tokens.open(bent)) << at << c;
    }
  EXPECT_FALSE(tokens.open(""));
  EXPECT_FALSE(tokens.open(token + "A"));
  EXPECT_FALSE(tokens.open(token.substr(1)));
  EXPECT_FALSE(tokens.open(token.substr(0, token.size() - 1)));
  EXPECT_FALSE(tokens.open(std::string(100'000, 'A')));
}

TEST(PageTokens, AnotherNodesTokensAreNotTaken) {
  const PageTokens one;
  const PageTokens other;
  EXPECT_FALSE(other.open(one.seal(some_mark())));
}

TEST(PageTokens, TheRequestsHashTellsMethodFromContent) {
  EXPECT_NE(PageTokens::request_hash("ListA", "b"), PageTokens::request_hash("ListAb", ""));
  EXPECT_NE(PageTokens::request_hash("List", "a"), PageTokens::request_hash("List", "b"));
}

}  // namespace
}  // namespace moot::node::api
