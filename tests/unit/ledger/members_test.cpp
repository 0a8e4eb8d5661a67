// Members: joining, admission, consent, delegation, leaving (rules.md §3.2, §3.8, §5.2).
#include <gtest/gtest.h>

#include "tests/support/ledger_world.hpp"

namespace moot {
namespace {

using namespace ledger;
using namespace test;

TEST(Delegation, AMemberNamesAnother) {
  LedgerWorld world;
  world.run("m0", SetDelegate{test_address("m1")});
  EXPECT_EQ(world.state().members[0].delegate.last(), 2u);
}

}  // namespace
}  // namespace moot
