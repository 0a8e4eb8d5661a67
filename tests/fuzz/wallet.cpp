// What the wallet reads from people and files: keystore files, recovery words, paths, extended keys, text for the
// terminal. The first byte chooses. No password is tried: deriving keys is what a keystore's bounds are for, and slow.
#include <algorithm>

#include "base/check.hpp"
#include "wallet/hd.hpp"
#include "wallet/keystore_v3.hpp"
#include "wallet/mnemonic.hpp"
#include "wallet/output.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace moot;
  using namespace moot::wallet;
  if (size == 0) return 0;
  const std::string text = as_string(ByteView(data, size).subspan(1));
  switch (data[0] % 5) {
    case 0: static_cast<void>(summarize_keystore(text)); break;
    case 1:
      if (const auto phrase = parse_mnemonic(text)) {
        const auto entropy = mnemonic_entropy(*phrase);
        MOOT_CHECK(entropy.has_value(), "a parsed phrase has its entropy");
        MOOT_CHECK(mnemonic_from_entropy(entropy->view()).view() == phrase->view(),
                   "one phrase for one entropy");
      }
      break;
    case 2:
      if (const auto path = parse_path(text))
        MOOT_CHECK(parse_path(to_text(*path)) == path, "a path reads back");
      break;
    case 3:
      if (const auto key = ExtendedKey::from_xprv(text))
        MOOT_CHECK(key->to_xprv() == text, "one text for one key");
      if (const auto key = ExtendedPublicKey::from_xpub(text))
        MOOT_CHECK(key->to_xpub() == text, "one text for one key");
      break;
    default: {
      const std::string shown = printable(text);
      MOOT_CHECK(
          std::none_of(shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }),
          "no control character reaches the terminal");
      MOOT_CHECK(printable(shown) == shown, "printable text stays as it is");
    }
  }
  return 0;
}
