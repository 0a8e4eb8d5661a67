// JSON without duplicate keys. Private to genesis/.
#pragma once

#include <boost/json/value.hpp>
#include <expected>
#include <string>
#include <string_view>

namespace moot::genesis {

// The document, or one sentence saying where it is not JSON or which key stands twice in one object. Most parsers keep one
// of two equal keys silently; here they would be two readings of one genesis.
std::expected<boost::json::value, std::string> parse_strict(std::string_view text);

}  // namespace moot::genesis
