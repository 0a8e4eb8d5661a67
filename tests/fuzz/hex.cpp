// Hexadecimal from outside: what is accepted must come back the same, but for the prefix and the case of letters.
#include "base/bytes.hpp"
#include "base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace moot;
  const std::string text = as_string({data, size});
  if (const auto bytes = from_hex(text)) {
    std::string plain = text.substr(text.starts_with("0x") || text.starts_with("0X") ? 2 : 0);
    for (char& c : plain)
      if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    MOOT_CHECK(to_hex(*bytes) == plain, "hexadecimal did not come back");
  }
  MOOT_CHECK(from_hex(to_hex({data, size})) == Bytes(data, data + size), "bytes did not come back");
  return 0;
}
