// The table of settings: see config.hpp.
#include <fmt/format.h>

#include <limits>

#include "node/app/config.hpp"

namespace moot::node::app {
namespace {

using Set = std::expected<void, std::string>;

// A setting that is a field as it stands; `Field` maps a Config to a reference.
template <class Field>
Setting text(std::string_view section, std::string_view key, std::string_view meaning, Field field) {
  return {section, key, meaning,
          [field](Config& config, const SettingValue& value) -> Set {
            field(config) = std::get<std::string>(value);
            return {};
          },
          [field](const Config& config) -> SettingValue { return field(config); }};
}

template <class Field>
Setting flag(std::string_view section, std::string_view key, std::string_view meaning, Field field) {
  return {section, key, meaning,
          [field](Config& config, const SettingValue& value) -> Set {
            field(config) = std::get<bool>(value);
            return {};
          },
          [field](const Config& config) -> SettingValue { return field(config); }};
}

struct Bounds {
  u64 least = 0;
  u64 most = std::numeric_limits<u32>::max();
};

template <class Field>
Setting number(std::string_view section, std::string_view key, std::string_view meaning, Bounds bounds,
               Field field) {
  return {
      section, key, meaning,
      [field, bounds](Config& config, const SettingValue& value) -> Set {
        const u64 given = std::get<u64>(value);
        if (given < bounds.least || given > bounds.most)
          return std::unexpected(fmt::format("is {}, outside {} to {}", given, bounds.least, bounds.most));
        field(config) = static_cast<std::remove_cvref_t<decltype(field(config))>>(given);
        return {};
      },
      [field](const Config& config) -> SettingValue { return u64{field(config)}; }};
}

// Never empty: an empty path would mean the home folder itself.
template <class Field>
Setting path(std::string_view section, std::string_view key, std::string_view meaning, Field field) {
  Setting out = text(section, key, meaning, field);
  out.set = [field](Config& config, const SettingValue& value) -> Set {
    if (std::get<std::string>(value).empty()) return std::unexpected("is empty");
    field(config) = std::get<std::string>(value);
    return {};
  };
  return out;
}

Set set_listen(Config& config, const SettingValue& value) {
  const std::string& listen = std::get<std::string>(value);
  const auto colon = listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  const bool digits =
      !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (colon == 0 || !digits || std::stoul(port) > 65'535)
    return std::unexpected(fmt::format("is \"{}\", not host:port such as 127.0.0.1:9090", listen));
  config.api.listen = listen;
  return {};
}

Set set_level(Config& config, const SettingValue& value) {
  const auto level = log_level_from(std::get<std::string>(value));
  if (!level)
    return std::unexpected(
        fmt::format("is \"{}\"; choose debug, info, warn, error or off", std::get<std::string>(value)));
  config.log_level = *level;
  return {};
}

#define MOOT_FIELD(member) [](auto& config) -> auto& { return config.member; }

void add_node(std::vector<Setting>& out) {
  out.push_back(path("node", "data_dir",
                     "Folder of the ledger's database. Safe to copy only while the node is stopped.",
                     MOOT_FIELD(node.data_dir)));
  out.push_back(
      path("node", "key_file",
           "This node's key, readable by its owner only. The record of what it signed stands beside it.",
           MOOT_FIELD(node.key_file)));
  out.push_back(path("node", "genesis_file", "What the ledger began with. Its hash is the ledger's name.",
                     MOOT_FIELD(node.genesis_file)));
  out.push_back(number("node", "verify_threads", "Threads that check signatures; 0: one for each processor.",
                       {.least = 0, .most = 1'024}, MOOT_FIELD(node.verify_threads)));
  out.push_back(flag(
      "node", "library_signatures",
      "Check signatures one by one with libsecp256k1 alone, also where many at once would take a fraction.",
      MOOT_FIELD(node.library_signatures)));
  out.push_back(flag(
      "node", "allow_clock_behind",
      "Start although the machine's clock is behind the newest block; blocks then carry the ledger's time.",
      MOOT_FIELD(node.allow_clock_behind)));
}

void add_api(std::vector<Setting>& out) {
  Setting listen =
      text("api", "listen", "Address and port for clients; port 0 takes a free one.", MOOT_FIELD(api.listen));
  listen.set = set_listen;
  out.push_back(std::move(listen));
  out.push_back(text("api", "tls_cert", "Certificate chain (PEM). With tls_key: TLS. Empty: plaintext.",
                     MOOT_FIELD(api.tls_certificate)));
  out.push_back(text("api", "tls_key", "The certificate's private key (PEM).", MOOT_FIELD(api.tls_key)));
  out.push_back(flag("api", "insecure", "Allow plaintext on addresses that other machines reach.",
                     MOOT_FIELD(api.insecure)));
  out.push_back(
      number("api", "max_connections",
             "Connections at once; one above it is closed. Less where the limit of open files is low.",
             {.least = 1, .most = 1u << 20}, MOOT_FIELD(api.max_connections)));
  out.push_back(number("api", "max_message_bytes", "Largest request.", {.least = 65'536, .most = 64u << 20},
                       MOOT_FIELD(api.max_message_bytes)));
  out.push_back(number("api", "max_bulk_message_bytes", "Largest message of a bulk stream.",
                       {.least = 65'536, .most = 64u << 20}, MOOT_FIELD(api.max_bulk_message_bytes)));
  out.push_back(number("api", "max_streams_per_connection", "Calls at once on one connection.",
                       {.least = 1, .most = 65'536}, MOOT_FIELD(api.max_streams_per_connection)));
  out.push_back(number("api", "memory_bytes", "Memory for messages in flight; above it connections wait.",
                       {.least = 16u << 20}, MOOT_FIELD(api.memory_bytes)));
  out.push_back(number("api", "max_threads", "Threads that serve calls.", {.least = 2, .most = 1'024},
                       MOOT_FIELD(api.max_threads)));
  out.push_back(number("api", "max_watchers", "Streams of blocks and events at once.",
                       {.least = 1, .most = 65'536}, MOOT_FIELD(api.max_watchers)));
  out.push_back(number("api", "max_waiters", "Calls at once that wait for a transaction.",
                       {.least = 1, .most = 1u << 20}, MOOT_FIELD(api.max_waiters)));
  out.push_back(number("api", "max_bulk_streams", "Bulk streams at once.", {.least = 1, .most = 65'536},
                       MOOT_FIELD(api.max_bulk_streams)));
}

void add_mempool(std::vector<Setting>& out) {
  constexpr u64 kNoLimit = u64{1} << 40;
  out.push_back(number("mempool", "max_transactions", "Transactions that may wait for a block.",
                       {.least = 1, .most = kNoLimit}, MOOT_FIELD(mempool.max_transactions)));
  out.push_back(number("mempool", "max_bytes", "Bytes of their envelopes.",
                       {.least = 1u << 20, .most = kNoLimit}, MOOT_FIELD(mempool.max_bytes)));
  out.push_back(number("mempool", "per_account",
                       "Transactions of one account that may wait, gaps in its nonces included.",
                       {.least = 1, .most = 65'536}, MOOT_FIELD(mempool.per_account)));
  out.push_back(number("mempool", "per_voter", "Ballots of one voter on one proposal that may wait.",
                       {.least = 1, .most = 65'536}, MOOT_FIELD(mempool.per_voter)));
}

std::vector<Setting> make() {
  std::vector<Setting> out;
  add_node(out);
  add_api(out);
  add_mempool(out);
  out.push_back(
      {"log", "level", "debug, info, warn, error or off; lines go to standard error.", set_level,
       [](const Config& config) -> SettingValue { return std::string{to_string(config.log_level)}; }});
  return out;
}

#undef MOOT_FIELD

}  // namespace

std::span<const Setting> settings() {
  static const std::vector<Setting> table = make();
  return table;
}

}  // namespace moot::node::app
