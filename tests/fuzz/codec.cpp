// The canonical codec over a record of every shape: what decodes must encode to the very bytes it came from, since two
// encodings of one value would give one transaction two digests.
#include "base/codec.hpp"

#include "base/check.hpp"

namespace {

using namespace moot;

enum class Kind : u8 { first = 1, second = 2 };
constexpr bool is_known(Kind kind) { return kind == Kind::first || kind == Kind::second; }

struct Item {
  u16 number = 0;
  std::string text;
  static void describe(auto& self, auto&& visit) {
    visit("number", self.number);
    visit("text", self.text);
  }
};

struct Record {
  u8 small = 0;
  Amount amount;
  bool flag = false;
  Kind kind = Kind::first;
  std::optional<Address> address;
  std::vector<Item> items;
  std::vector<std::vector<u32>> nested;
  Bytes blob;
  Hash hash;
  static void describe(auto& self, auto&& visit) {
    visit("small", self.small);
    visit("amount", self.amount);
    visit("flag", self.flag);
    visit("kind", self.kind);
    visit("address", self.address);
    visit("items", self.items);
    visit("nested", self.nested);
    visit("blob", self.blob);
    visit("hash", self.hash);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  if (const auto record = decoded<Record>(input)) {
    const Bytes again = encoded(*record);
    MOOT_CHECK(std::equal(again.begin(), again.end(), input.begin(), input.end()),
               "a second encoding was accepted");
  }
  return 0;
}
