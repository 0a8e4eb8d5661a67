#include "genesis/strict_json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <set>
#include <vector>

namespace moot::genesis {
namespace {

constexpr std::size_t kMaxDepth = 16;

// Hears a document go by and stops at the first key that its object already has.
struct KeyWatch {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = 1'024;
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using error_code = boost::json::error_code;
  using text = boost::json::string_view;

  std::vector<std::set<std::string, std::less<>>> open;
  std::string part;
  std::string duplicate;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    open.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, error_code&) {
    open.pop_back();
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t, error_code&) { return true; }
  bool on_key_part(text piece, std::size_t, error_code&) {
    part.append(piece.data(), piece.size());
    return true;
  }
  bool on_key(text piece, std::size_t, error_code& ec) {
    part.append(piece.data(), piece.size());
    const bool fresh = open.back().insert(part).second;
    if (!fresh) {
      duplicate = part;
      ec = boost::json::error::syntax;
    }
    part.clear();
    return fresh;
  }
  bool on_string_part(text, std::size_t, error_code&) { return true; }
  bool on_string(text, std::size_t, error_code&) { return true; }
  bool on_number_part(text, error_code&) { return true; }
  bool on_int64(std::int64_t, text, error_code&) { return true; }
  bool on_uint64(std::uint64_t, text, error_code&) { return true; }
  bool on_double(double, text, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(text, error_code&) { return true; }
  bool on_comment(text, error_code&) { return true; }
};

std::string line_of(std::string_view text, std::size_t at) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size()));
  return "line " + std::to_string(1 + std::count(text.begin(), end, '\n'));
}

}  // namespace

std::expected<boost::json::value, std::string> parse_strict(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::basic_parser<KeyWatch> watch(options);
  boost::json::error_code ec;
  const std::size_t read = watch.write_some(false, text.data(), text.size(), ec);
  if (!watch.handler().duplicate.empty())
    return std::unexpected(line_of(text, read) + ": the key \"" + watch.handler().duplicate +
                           "\" stands twice in one object");
  if (ec) return std::unexpected(line_of(text, read) + ": not JSON (" + ec.message() + ")");
  const std::size_t more = text.find_first_not_of(" \t\r\n", read);
  if (more != std::string_view::npos)
    return std::unexpected(line_of(text, more) + ": something follows the document");
  // One arena for the whole document: a million members are ten million small values, made together and dropped together.
  boost::json::value document =
      boost::json::parse(text, ec, boost::json::make_shared_resource<boost::json::monotonic_resource>(), options);
  if (ec) return std::unexpected("not JSON (" + ec.message() + ")");
  return document;
}

}  // namespace moot::genesis
