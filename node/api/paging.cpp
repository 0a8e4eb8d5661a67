#include "node/api/paging.hpp"

namespace moot::node::api {

void fill_context(const Snapshot& snapshot, pb::ReadContext& out) {
  out.set_height(snapshot.block.height.raw());
  out.set_state_root(to_bytes(snapshot.block.state_root.bytes));
  out.set_time_ms(snapshot.block.time.raw());
}

std::expected<PageStart, grpc::Status> open_page(Context& context, std::string_view token, std::int32_t size,
                                                 const Hash& request) {
  PageStart page;
  page.request = request;
  if (size < 0) return std::unexpected(bad_field("page_size", "must not be negative"));
  if (size > 0) page.size = std::min(static_cast<u32>(size), kLargestPage);
  if (token.empty()) {
    page.snapshot = context.node.snapshot();
    return page;
  }
  const auto mark = context.tokens.open(token);
  if (!mark || mark->request != request)
    return std::unexpected(api_error(grpc::StatusCode::INVALID_ARGUMENT,
                                     pb::API_ERROR_REASON_PAGE_TOKEN_INVALID,
                                     "The page token was not given by this node for this request; start "
                                     "again without one, and keep the other fields "
                                     "the same between pages."));
  page.position = mark->position;
  page.snapshot = context.pinned.find(mark->height);
  if (!page.snapshot)
    return std::unexpected(
        api_error(grpc::StatusCode::OUT_OF_RANGE, pb::API_ERROR_REASON_PAGE_TOKEN_EXPIRED,
                  "The height that this listing shows is no longer held; start again from the first page."));
  return page;
}

std::string next_page(Context& context, const PageStart& page, u64 position) {
  context.pinned.pin(page.snapshot);
  return context.tokens.seal({page.snapshot->block.height, position, page.request});
}

}  // namespace moot::node::api
