// What node/api reads from outside besides canonical envelopes: transactions as messages, page tokens, amounts as text,
// addresses to listen on. The first byte chooses.
#include "base/check.hpp"
#include "node/api/convert.hpp"
#include "node/api/listen_address.hpp"
#include "node/api/page_token.hpp"

namespace moot::node::api {
namespace {

void transaction(ByteView in) {
  google::protobuf::SetLogHandler(nullptr);  // it would say of every text that it is not UTF-8
  pb::Transaction message;
  if (!message.ParseFromArray(in.data(), static_cast<int>(in.size()))) return;
  const auto tx = from_proto(message);
  if (!tx) return;
  pb::Transaction again;
  to_proto(*tx, again);
  const auto back = from_proto(again);
  MOOT_CHECK(back && *back == *tx, "a transaction came back");
  const auto decoded_tx = ledger::decode_transaction(ledger::encode_transaction(*tx));
  MOOT_CHECK(!decoded_tx || *decoded_tx == *tx, "its envelope says the same");
}

void page_token(ByteView in) {
  static const PageTokens tokens(std::array<u8, 32>{1});
  const std::string text = as_string(in);
  const auto mark = tokens.open(text);
  if (mark) MOOT_CHECK(tokens.seal(*mark) == text, "one mark has one token");
}

void amount(ByteView in) {
  const std::string text = as_string(in);
  const auto value = from_decimal(text);
  if (value) MOOT_CHECK(to_decimal(*value) == text, "one amount has one text");
}

void listen_address(ByteView in) {
  const auto address = parse_listen_address(as_string(in));
  if (!address) return;
  const auto again = parse_listen_address(address->text(address->port));
  MOOT_CHECK(again && again->port == address->port && again->is_loopback() == address->is_loopback(),
             "an address came back");
}

}  // namespace
}  // namespace moot::node::api

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace moot::node::api;
  if (size == 0) return 0;
  const moot::ByteView rest(data + 1, size - 1);
  switch (data[0]) {
    case 't': transaction(rest); break;
    case 'p': page_token(rest); break;
    case 'a': amount(rest); break;
    case 'l': listen_address(rest); break;
    default: break;
  }
  return 0;
}
