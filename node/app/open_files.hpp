// How many files the process may have open at once (RLIMIT_NOFILE), and how many of them clients' connections can take.
#pragma once

#include "base/units.hpp"

namespace moot::node::app {

// What the node keeps for itself: the database's tables, then its logs, locks and what a compaction opens.
inline constexpr u64 kOwnFiles = 512;

// Raises the limit as far as an unprivileged process may, and says what it is then.
u64 raise_open_file_limit();

// At most `wanted`, and no more than `limit` leaves beside kOwnFiles; where that is little or nothing, a quarter of it.
u32 connections_within(u64 limit, u32 wanted);

}  // namespace moot::node::app
