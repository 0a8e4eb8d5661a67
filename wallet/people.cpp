#include "wallet/people.hpp"

#include "crypto/sha256.hpp"
#include "wallet/files.hpp"
#include "wallet/inputs.hpp"
#include "wallet/tx_flow.hpp"

namespace moot::wallet {
namespace {

constexpr std::size_t kMaxHashedFile = std::size_t{1} << 30;
constexpr int kPage = 1'000;

}  // namespace

Result<pb::MemberName> member_name(const Globals& globals, std::string_view text) {
  pb::MemberName name;
  if (const auto number = parse_number(text)) {
    name.set_member(*number);
    return name;
  }
  const auto address = text.empty() ? acting_address(globals) : parse_party(globals, text);
  if (!address) return std::unexpected(address.error());
  name.set_address(as_string(address->view()));
  return name;
}

Result<pb::Member> find_member(const Globals& globals, const NodeClient& client, std::string_view text) {
  pb::GetMemberRequest request;
  auto name = member_name(globals, text);
  if (!name) return std::unexpected(name.error());
  *request.mutable_member() = std::move(*name);
  auto answer = client.call(&pb::GovernanceService::Stub::GetMember, client.governance(), request);
  if (!answer) return std::unexpected(answer.error());
  return std::move(*answer->mutable_member());
}

Result<Address> member_address(const Globals& globals, const NodeClient& client, std::string_view text) {
  if (!parse_number(text)) return parse_party(globals, text);
  const auto member = find_member(globals, client, text);
  if (!member) return std::unexpected(member.error());
  return address_in(member->address());
}

Result<ClassId> find_class(const NodeClient& client, std::string_view text) {
  if (const auto number = parse_number(text)) return ClassId{*number};
  pb::ListShareClassesRequest request;
  request.set_page_size(kPage);
  std::vector<pb::ShareClass> classes;
  do {
    const auto page =
        client.call(&pb::GovernanceService::Stub::ListShareClasses, client.governance(), request);
    if (!page) return std::unexpected(page.error());
    classes.insert(classes.end(), page->share_classes().begin(), page->share_classes().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  if (text.empty() && classes.size() == 1) return ClassId{classes.front().id()};
  if (text.empty())
    return fail("the ledger has several share classes", "Name one of them; `moot classes` shows them",
                ExitCode::usage);
  for (const auto& share_class : classes)
    if (share_class.name() == text) return ClassId{share_class.id()};
  return fail("there is no share class " + std::string(text), "`moot classes` shows them", ExitCode::usage);
}

Result<Hash> file_hash(const std::string& path) {
  const auto text = read_text_file(path, kMaxHashedFile);
  if (!text) return std::unexpected(text.error());
  return crypto::sha256(as_bytes(*text));
}

Result<Hash> hash_option(const std::string& hash, const std::string& file, std::string_view what) {
  if (!hash.empty()) return parse_hash(hash, what);
  if (!file.empty()) return file_hash(file);
  return Hash{};
}

Address address_in(const std::string& bytes) {
  Address out;
  if (bytes.size() == out.bytes.size()) std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

Hash hash_in(const std::string& bytes) {
  Hash out;
  if (bytes.size() == out.bytes.size()) std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

}  // namespace moot::wallet
