#include "node/app/node_key.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "base/random.hpp"
#include "crypto/secret.hpp"
#include "node/app/files.hpp"

namespace moot::node::app {
namespace {

constexpr std::string_view kType = "moot-node-key";
constexpr std::size_t kMaxBytes = 4'096;

std::unexpected<Failure> unusable(const std::filesystem::path& file, std::string_view why) {
  return bad_input(fmt::format("the node's key {} cannot be used: {}", file.string(), why));
}

const boost::json::string* text_field(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_string();
}

std::optional<crypto::SecretKey> parse_secret(const boost::json::object& object) {
  const auto* text = text_field(object, "secretKey");
  auto raw = text == nullptr ? std::nullopt : from_hex({text->data(), text->size()});
  if (!raw) return std::nullopt;
  auto key = crypto::SecretKey::from_bytes(*raw);
  crypto::wipe(*raw);
  return key;
}

}  // namespace

crypto::SecretKey new_key() {
  while (true) {  // a number that is no key comes once in 2¹²⁸
    crypto::SecretBytes raw(32);
    random_bytes(raw.span());
    if (auto key = crypto::SecretKey::from_bytes(raw.view())) return std::move(*key);
  }
}

std::string public_key_text(const crypto::SecretKey& key) {
  return "0x" + to_hex(crypto::x_only(key).view());
}

std::string to_json(const crypto::SecretKey& key) {
  return fmt::format(
      "{{\n  \"type\": \"{}\",\n  \"publicKey\": \"{}\",\n  \"address\": \"{}\",\n  \"secretKey\": "
      "\"0x{}\"\n}}\n",
      kType, public_key_text(key), crypto::to_eip55(crypto::address_of(key)), to_hex(key.view()));
}

Result<crypto::SecretKey> read_node_key(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0)
    return unusable(file,
                    fmt::format("{}; `mootd init` makes one, or set node.key_file", std::strerror(errno)));
  if ((status.st_mode & 077) != 0)
    return unusable(file, fmt::format("other users may read it; run chmod 600 {}", file.string()));
  auto text = read_text(file, "the node's key", kMaxBytes);
  if (!text) return std::unexpected(text.error());
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(*text, error);
  crypto::wipe(*text);
  const auto* object = error ? nullptr : json.if_object();
  const auto* type = object == nullptr ? nullptr : text_field(*object, "type");
  if (type == nullptr || *type != kType)
    return unusable(file, "it is not a node's key file; restore your copy of it");
  auto key = parse_secret(*object);
  if (!key)
    return unusable(file,
                    "its secretKey is not 0x and 64 hexadecimal digits of a key; restore your copy of it");
  const auto* shown = text_field(*object, "publicKey");
  if (shown == nullptr || *shown != public_key_text(*key))
    return unusable(file, "its publicKey does not belong to its secretKey; restore your copy of it");
  return std::move(*key);
}

}  // namespace moot::node::app
