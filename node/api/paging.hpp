// Listings by pages: the first page pins the newest snapshot, later pages show the same one.
#pragma once

#include <expected>

#include "node/api/unary.hpp"

namespace moot::node::api {

inline constexpr u32 kDefaultPage = 50;
inline constexpr u32 kLargestPage = 1'000;
// Records looked at for one page: a filter that finds little answers with a short page rather than holding a thread.
inline constexpr u64 kLargestScan = 65'536;

struct PageStart {
  SnapshotPtr snapshot;
  u64 position = 0;
  u32 size = kDefaultPage;
  Hash request;
};

std::expected<PageStart, grpc::Status> open_page(Context& context, std::string_view token, std::int32_t size,
                                                 const Hash& request);
// The token of the page that starts at `position`.
std::string next_page(Context& context, const PageStart& page, u64 position);

// `method` tells listings with like requests apart.
template <class Request>
std::expected<PageStart, grpc::Status> open_page(Context& context, std::string_view method,
                                                 const Request& request) {
  Request bare = request;
  bare.clear_page_size();
  bare.clear_page_token();
  return open_page(context, request.page_token(), request.page_size(),
                   PageTokens::request_hash(method, bare.SerializeAsString()));
}

// Visits positions from the page's start while visit(position) → whether it added an item; gives the token of the rest,
// or nothing at the end.
template <class Visit>
std::string walk(Context& context, const PageStart& page, u64 count, Visit visit) {
  u32 added = 0;
  u64 at = page.position;
  for (u64 seen = 0; at < count; ++at, ++seen) {
    if (added == page.size || seen == kLargestScan) return next_page(context, page, at);
    if (visit(at)) ++added;
  }
  return {};
}

}  // namespace moot::node::api
