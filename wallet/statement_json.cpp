#include "wallet/statement_json.hpp"

#include <boost/json.hpp>

#include <set>

#include "crypto/keys.hpp"
#include "wallet/inputs.hpp"

namespace moot::wallet {

namespace json = boost::json;

std::string hex_text(ByteView bytes) { return "0x" + to_hex(bytes); }

struct StatementReader::Object {
  json::object members;
  std::set<std::string, std::less<>> asked;
};

StatementReader::StatementReader(std::string_view text) : object_(std::make_unique<Object>()) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object()) {
    complain("it is not one JSON object");
    return;
  }
  object_->members = std::move(value.as_object());
}

StatementReader::~StatementReader() = default;

bool StatementReader::has(std::string_view name) const { return object_->members.contains(name); }

std::string StatementReader::text(std::string_view name) {
  object_->asked.insert(std::string(name));
  const json::value* value = object_->members.if_contains(name);
  if (value != nullptr && value->is_string()) return std::string(value->as_string());
  complain(std::string(name) + (value == nullptr ? " is missing" : " is not a text"));
  return {};
}

u64 StatementReader::number(std::string_view name) {
  if (const auto value = parse_number(text(name))) return *value;
  complain(std::string(name) + " is not the text of a whole number");
  return 0;
}

Address StatementReader::address(std::string_view name) {
  if (const auto value = crypto::parse_address(text(name))) return *value;
  complain(std::string(name) + " is not an address");
  return {};
}

void StatementReader::complain(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

std::expected<void, std::string> StatementReader::finish() {
  for (const auto& member : object_->members)
    if (!object_->asked.contains(member.key()))
      complain("nobody knows its member \"" + std::string(member.key()) + "\"");
  if (problem_.empty()) return {};
  return std::unexpected(problem_);
}

}  // namespace moot::wallet
