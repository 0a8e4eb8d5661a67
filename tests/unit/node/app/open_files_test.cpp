#include "node/app/open_files.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace moot::node::app {
namespace {

TEST(OpenFiles, LeaveConnectionsWhatTheNodeDoesNotNeed) {
  struct Row {
    u64 limit;
    u32 wanted;
    u32 connections;
  };
  const Row table[] = {
      {.limit = 1'048'576, .wanted = 4'096, .connections = 4'096},
      {.limit = 4'608, .wanted = 4'096, .connections = 4'096},
      {.limit = 4'607, .wanted = 4'096, .connections = 4'095},
      {.limit = 1'024, .wanted = 4'096, .connections = 512},
      {.limit = 1'024, .wanted = 100, .connections = 100},
      {.limit = 683, .wanted = 4'096, .connections = 171},
      {.limit = 512, .wanted = 4'096, .connections = 128},
      {.limit = 64, .wanted = 4'096, .connections = 16},
      {.limit = 0, .wanted = 4'096, .connections = 1},
      {.limit = ~u64{0}, .wanted = 4'096, .connections = 4'096},
  };
  for (const Row& row : table)
    EXPECT_EQ(connections_within(row.limit, row.wanted), row.connections) << row.limit;
}

TEST(OpenFiles, AreRaisedToTheHardLimit) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit lowered{.rlim_cur = 64, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  EXPECT_EQ(raise_open_file_limit(), before.rlim_max);
  rlimit raised{};
  ::getrlimit(RLIMIT_NOFILE, &raised);
  EXPECT_EQ(raised.rlim_cur, before.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace moot::node::app
