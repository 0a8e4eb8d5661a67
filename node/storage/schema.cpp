#include "node/storage/schema.hpp"

#include <fmt/format.h>

#include "base/codec.hpp"
#include "base/random.hpp"

namespace moot::node {
namespace {

constexpr std::string_view kSchemaKey = "schema";

struct SchemaRecord {
  u32 version = kSchemaVersion;
  LedgerId ledger;
  std::array<u8, 16> instance{};

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit("version", self.version);
    visit("ledger", self.ledger);
    visit("instance", self.instance);
  }
};

InstanceId create(KvStore& store, const LedgerId& ledger) {
  const SchemaRecord record{.ledger = ledger, .instance = random_array<16>()};
  KvBatch batch;
  batch.put(Family::meta, as_bytes(kSchemaKey), encoded(record));
  store.write(batch, Durability::synced);
  return {record.instance};
}

std::unexpected<StorageError> refuse(StorageErrorKind kind, std::string text) {
  return std::unexpected(StorageError{kind, std::move(text)});
}

}  // namespace

std::expected<InstanceId, StorageError> bind_schema(KvStore& store, const LedgerId& ledger) {
  const auto bytes = store.get(Family::meta, as_bytes(kSchemaKey));
  if (!bytes) return create(store, ledger);
  // The version comes first in every version, so that it can be read before anything else is understood.
  const u32 version = Reader(*bytes).get_uint<u32>();
  if (version > kSchemaVersion)
    return refuse(
        StorageErrorKind::newer_schema,
        fmt::format(
            "the database in {} has format {}, and this program knows formats up to {}: run the newer "
            "program that wrote it",
            store.name(), version, kSchemaVersion));
  const auto record = decoded<SchemaRecord>(*bytes);
  if (!record || version == 0)
    return refuse(
        StorageErrorKind::damaged,
        fmt::format("the database in {} is damaged (its format record cannot be read): restore a copy, or "
                    "start from an empty directory and synchronise",
                    store.name()));
  if (record->ledger != ledger)
    return refuse(
        StorageErrorKind::wrong_ledger,
        fmt::format("the database in {} belongs to ledger {}, and the genesis given is of ledger {}: choose "
                    "the other directory or the other genesis",
                    store.name(), to_hex(record->ledger.view()), to_hex(ledger.view())));
  return InstanceId{record->instance};
}

std::optional<LedgerId> bound_ledger(const KvStore& store) {
  const auto bytes = store.get(Family::meta, as_bytes(kSchemaKey));
  if (!bytes) return std::nullopt;
  const auto record = decoded<SchemaRecord>(*bytes);
  if (!record) return std::nullopt;
  return record->ledger;
}

Bytes height_key(Height height) { return encoded(height); }
std::optional<Height> height_from_key(ByteView key) { return decoded<Height>(key); }

}  // namespace moot::node
