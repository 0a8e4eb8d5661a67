// Members looked up by the address of their key, one or a hundred thousand.
//
// Private to the wallet's source files, as node_client.hpp is.
#pragma once

#include <map>
#include <span>

#include "wallet/csv.hpp"
#include "wallet/node_client.hpp"

namespace moot::wallet {

struct ListedMember {
  MemberId id;
  pb::MemberStatus status = pb::MEMBER_STATUS_UNSPECIFIED;

  // Belongs now: active or suspended. One who left or was expelled may be admitted again.
  [[nodiscard]] bool belongs() const;
};
using MembersByAddress = std::map<Address, ListedMember>;

// Those of the addresses that are members'. A few are asked for one by one; for many the whole list is read.
Result<MembersByAddress> look_up_members(const NodeClient& client, std::span<const Address> wanted);

// The member that each row's cell names, by number or by address, in the order of the rows.
Result<std::vector<MemberId>> members_in(const NodeClient& client, const CsvTable& table, std::size_t column);

}  // namespace moot::wallet
