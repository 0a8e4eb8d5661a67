#include "wallet/member_list.hpp"

#include <set>

#include "wallet/inputs.hpp"
#include "wallet/output.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

constexpr std::size_t kAskedOneByOne = 100;
constexpr int kPage = 1'000;

// Nothing for an address that is no member's.
Result<std::optional<ListedMember>> ask(const NodeClient& client, const Address& address) {
  pb::GetMemberRequest request;
  request.mutable_member()->set_address(as_string(address.view()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  pb::GetMemberResponse answer;
  const grpc::Status status = client.governance().GetMember(&context, request, &answer);
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) return std::nullopt;
  if (!status.ok()) return std::unexpected(failure_of(status, client.node()));
  return ListedMember{.id = MemberId{answer.member().id()}, .status = answer.member().status()};
}

Result<MembersByAddress> read_list(const NodeClient& client, std::span<const Address> wanted) {
  const std::set<Address> asked(wanted.begin(), wanted.end());
  MembersByAddress out;
  pb::ListMembersRequest request;
  request.set_page_size(kPage);
  Progress progress("Reading the members", 0);
  u64 read = 0;
  do {
    const auto page = client.call(&pb::GovernanceService::Stub::ListMembers, client.governance(), request);
    if (!page) return std::unexpected(page.error());
    for (const auto& member : page->members()) {
      const Address address = address_in(member.address());
      if (asked.contains(address)) out[address] = {.id = MemberId{member.id()}, .status = member.status()};
    }
    progress.set(read += static_cast<u64>(page->members_size()));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return out;
}

}  // namespace

bool ListedMember::belongs() const {
  return status == pb::MEMBER_STATUS_ACTIVE || status == pb::MEMBER_STATUS_SUSPENDED;
}

Result<MembersByAddress> look_up_members(const NodeClient& client, std::span<const Address> wanted) {
  if (wanted.size() > kAskedOneByOne) return read_list(client, wanted);
  MembersByAddress out;
  for (const Address& address : wanted) {
    const auto member = ask(client, address);
    if (!member) return std::unexpected(member.error());
    if (*member) out[address] = **member;
  }
  return out;
}

Result<std::vector<MemberId>> members_in(const NodeClient& client, const CsvTable& table,
                                         std::size_t column) {
  std::vector<Address> addresses;
  for (const CsvRow& row : table.rows)
    if (const auto address = crypto::parse_address(row.cells[column])) addresses.push_back(*address);
  const auto known = look_up_members(client, addresses);
  if (!known) return std::unexpected(known.error());
  std::vector<MemberId> out;
  for (const CsvRow& row : table.rows) {
    const std::string& cell = row.cells[column];
    if (const auto number = parse_number(cell)) {
      out.push_back(MemberId{*number});
      continue;
    }
    const auto address = table.address(row, column);
    if (!address) return std::unexpected(address.error());
    const auto member = known->find(*address);
    if (member == known->end())
      return table.wrong(row.line, "no member has the address " + crypto::to_eip55(*address));
    out.push_back(member->second.id);
  }
  return out;
}

}  // namespace moot::wallet
