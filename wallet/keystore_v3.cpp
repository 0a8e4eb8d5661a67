#include "wallet/keystore_v3.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <variant>

#include "base/check.hpp"
#include "base/random.hpp"
#include "crypto/cipher.hpp"
#include "crypto/kdf.hpp"
#include "crypto/keccak.hpp"

namespace moot::wallet {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxSalt = 256;
constexpr std::size_t kKeyBytes = 32;  // of the derived key and of the secret

struct KeystoreFile {
  std::optional<Address> address;
  std::array<u8, 16> iv{};
  std::array<u8, kKeyBytes> ciphertext{};
  Hash mac;
  Bytes salt;
  std::variant<crypto::ScryptParams, crypto::Pbkdf2Params> kdf;
};

std::unexpected<Failure> damaged(const std::string& why) {
  return fail("the keystore file is damaged: " + why, "Restore it from a copy");
}

// Reads members of an object; the first that is missing or of another type is remembered, and the rest give nothing.
class Members {
 public:
  Members(const json::object& object, std::string& problem) : object_(object), problem_(problem) {}

  [[nodiscard]] std::string text(const char* name) const {
    const auto* value = find(name);
    if (value == nullptr) return {};
    if (const auto* found = value->if_string()) return std::string(*found);
    note(name, "is not a text");
    return {};
  }
  [[nodiscard]] u64 number(const char* name, u64 max) const {
    const auto* value = find(name);
    if (value == nullptr) return 0;
    u64 out = max;
    if (const auto* plain = value->if_int64(); plain != nullptr && *plain >= 0)
      out = static_cast<u64>(*plain);
    else
      note(name, "is not a whole number");
    if (out > max) note(name, "is larger than " + std::to_string(max));
    return out;
  }
  [[nodiscard]] Bytes hex(const char* name, std::size_t min, std::size_t max) const {
    const auto raw = from_hex(text(name));
    if (!raw) note(name, "is not hexadecimal");
    if (raw && (raw->size() < min || raw->size() > max)) note(name, "has the wrong length");
    return raw && problem_.empty() ? *raw : Bytes(min);
  }
  template <std::size_t N>
  void fixed(const char* name, std::array<u8, N>& out) const {
    const Bytes raw = hex(name, N, N);
    std::copy(raw.begin(), raw.end(), out.begin());
  }
  [[nodiscard]] const json::object& object(const char* name) const {
    static const json::object kNone;
    const auto* value = find(name);
    if (value == nullptr) return kNone;
    if (const auto* found = value->if_object()) return *found;
    note(name, "is not an object");
    return kNone;
  }

  void note(std::string_view name, std::string_view why) const {
    if (problem_.empty()) problem_ = "\"" + std::string(name) + "\" " + std::string(why);
  }

 private:
  const json::value* find(const char* name) const {
    const auto* value = object_.if_contains(name);
    if (value == nullptr) note(name, "is missing");
    return value;
  }

  const json::object& object_;
  std::string& problem_;
};

void read_kdf(const Members& crypto, KeystoreFile& out, std::string& problem) {
  const auto kdf = crypto.text("kdf");
  const Members params(crypto.object("kdfparams"), problem);
  out.salt = params.hex("salt", 1, kMaxSalt);
  if (params.number("dklen", 1024) != kKeyBytes) params.note("dklen", "is not 32");
  if (kdf == "scrypt") {
    const crypto::ScryptParams scrypt{.n = params.number("n", u64{1} << 32),
                                      .r = static_cast<u32>(params.number("r", 1 << 24)),
                                      .p = static_cast<u32>(params.number("p", 1 << 24)),
                                      .length = kKeyBytes};
    if (problem.empty() && !crypto::scrypt_params_ok(scrypt))
      params.note("kdfparams", "asks for more than 1 GiB of memory or 16 lanes, or is no setting of scrypt");
    out.kdf = scrypt;
  } else if (kdf == "pbkdf2") {
    if (params.text("prf") != "hmac-sha256") params.note("prf", "is not hmac-sha256");
    const auto rounds = params.number("c", kMaxPbkdf2Rounds);
    if (rounds == 0) params.note("c", "is zero");
    out.kdf = crypto::Pbkdf2Params{.iterations = static_cast<u32>(rounds), .length = kKeyBytes};
  } else {
    crypto.note("kdf", "is neither scrypt nor pbkdf2");
  }
}

Result<KeystoreFile> parse_keystore(std::string_view text) {
  if (text.size() > kMaxKeystoreText) return damaged("it is longer than any keystore file");
  json::error_code error;
  const auto value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object())
    return fail("this is not a keystore file: it is not a JSON object", "Check the path");
  std::string problem;
  const Members top(value.get_object(), problem);
  if (top.number("version", 1000) != 3) top.note("version", "is not 3");
  // Old wallets write "Crypto"; the format's tests write "crypto".
  const bool capital = value.get_object().contains("Crypto");
  const Members crypto(top.object(capital ? "Crypto" : "crypto"), problem);
  KeystoreFile out;
  if (crypto.text("cipher") != "aes-128-ctr") crypto.note("cipher", "is not aes-128-ctr");
  Members(crypto.object("cipherparams"), problem).fixed("iv", out.iv);
  crypto.fixed("ciphertext", out.ciphertext);
  crypto.fixed("mac", out.mac.bytes);
  read_kdf(crypto, out, problem);
  if (value.get_object().contains("address")) {
    out.address = fixed_from_hex<Address>(top.text("address"));
    if (!out.address) top.note("address", "is not an address");
  }
  if (!problem.empty()) return damaged(problem);
  return out;
}

crypto::SecretBytes derived_key(const KeystoreFile& file, std::string_view password) {
  const ByteView secret = as_bytes(password);
  auto key = std::holds_alternative<crypto::ScryptParams>(file.kdf)
                 ? crypto::scrypt(secret, file.salt, std::get<crypto::ScryptParams>(file.kdf))
                 : crypto::pbkdf2_sha256(secret, file.salt, std::get<crypto::Pbkdf2Params>(file.kdf));
  MOOT_CHECK(key.has_value() && key->size() == kKeyBytes, "the parameters were checked");
  return std::move(*key);
}

Hash mac_of(const crypto::SecretBytes& derived, ByteView ciphertext) {
  crypto::Keccak256 mac;
  mac.update(derived.view().subspan(16));
  mac.update(ciphertext);
  return mac.finish();
}

crypto::SecretBytes apply_cipher(const crypto::SecretBytes& derived, const std::array<u8, 16>& iv,
                                 ByteView data) {
  crypto::AesCtrKey key{.iv = iv};
  std::copy_n(derived.view().begin(), 16, key.key.begin());
  return crypto::aes128_ctr(key, data);
}

std::string random_uuid() {
  auto raw = random_array<16>();
  raw[6] = static_cast<u8>((raw[6] & 0x0f) | 0x40);  // version 4
  raw[8] = static_cast<u8>((raw[8] & 0x3f) | 0x80);  // the variant of RFC 9562
  std::string out = to_hex(raw);
  for (const std::size_t at : {8, 13, 18, 23}) out.insert(at, 1, '-');
  return out;
}

std::string describe_kdf(const KeystoreFile& file) {
  if (const auto* scrypt = std::get_if<crypto::ScryptParams>(&file.kdf))
    return "scrypt N=" + std::to_string(scrypt->n) + " r=" + std::to_string(scrypt->r) +
           " p=" + std::to_string(scrypt->p);
  return "pbkdf2 c=" + std::to_string(std::get<crypto::Pbkdf2Params>(file.kdf).iterations);
}

}  // namespace

std::string encrypt_key(const crypto::SecretKey& key, std::string_view password, KeyCost cost) {
  const crypto::ScryptParams scrypt =
      cost == KeyCost::standard ? crypto::ScryptParams{.n = 262'144, .r = 8, .p = 1, .length = kKeyBytes}
                                : crypto::ScryptParams{.n = 4096, .r = 8, .p = 6, .length = kKeyBytes};
  const auto salt = random_array<32>();
  KeystoreFile file{.iv = random_array<16>(), .salt = {salt.begin(), salt.end()}, .kdf = scrypt};
  const auto derived = derived_key(file, password);
  const auto ciphertext = apply_cipher(derived, file.iv, key.view());
  const json::object kdf_params{
      {"dklen", kKeyBytes}, {"n", scrypt.n}, {"p", scrypt.p}, {"r", scrypt.r}, {"salt", to_hex(file.salt)}};
  const json::object crypto_part{{"cipher", "aes-128-ctr"},
                                 {"ciphertext", to_hex(ciphertext.view())},
                                 {"cipherparams", {{"iv", to_hex(file.iv)}}},
                                 {"kdf", "scrypt"},
                                 {"kdfparams", kdf_params},
                                 {"mac", to_hex(mac_of(derived, ciphertext.view()).view())}};
  return json::serialize(json::object{{"address", to_hex(crypto::address_of(key).view())},
                                      {"crypto", crypto_part},
                                      {"id", random_uuid()},
                                      {"version", 3}}) +
         "\n";
}

Result<crypto::SecretKey> decrypt_key(std::string_view text, std::string_view password) {
  const auto file = parse_keystore(text);
  if (!file) return std::unexpected(file.error());
  const auto derived = derived_key(*file, password);
  if (!crypto::equal_constant_time(mac_of(derived, file->ciphertext).view(), file->mac.view()))
    return fail("the password does not open this key, or its file is damaged",
                "Check the password and try again", ExitCode::verification_failed);
  auto key = crypto::SecretKey::from_bytes(apply_cipher(derived, file->iv, file->ciphertext).view());
  if (!key) return damaged("what it holds is no private key");
  if (file->address && crypto::address_of(*key) != *file->address)
    return damaged("its \"address\" is not that of the key it holds");
  return std::move(*key);
}

Result<KeystoreSummary> summarize_keystore(std::string_view text) {
  const auto file = parse_keystore(text);
  if (!file) return std::unexpected(file.error());
  return KeystoreSummary{.address = file->address, .kdf = describe_kdf(*file)};
}

}  // namespace moot::wallet
