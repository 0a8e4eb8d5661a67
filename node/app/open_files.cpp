#include "node/app/open_files.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "node/storage/rocksdb_store.hpp"

namespace moot::node::app {

static_assert(kOwnFiles >= RocksDbOptions{}.open_files + 128, "room beside the database's tables");

u64 raise_open_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
  return ::setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

u32 connections_within(u64 limit, u32 wanted) {
  const u64 beside_own = limit > kOwnFiles ? limit - kOwnFiles : 0;
  const u64 room = std::max({beside_own, limit / 4, u64{1}});  // a quarter, rounded down
  return static_cast<u32>(std::min(u64{wanted}, room));
}

}  // namespace moot::node::app
