#include "wallet/secrets.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/check.hpp"
#include "base/random.hpp"
#include "crypto/context.hpp"
#include "wallet/files.hpp"

namespace moot::wallet {
namespace {

constexpr std::string_view kWhitespace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kWhitespace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhitespace) - first + 1);
}

std::string_view first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// Nothing when no source is named and the prompt is what is left.
std::optional<Result<SecretText>> unprompted(const PasswordSource& source) {
  if (source.fd) return read_secret_fd(*source.fd);
  if (source.file) return read_secret_file(*source.file);
  const char* from_environment = std::getenv("MOOT_PASSWORD_FILE");
  if (from_environment != nullptr && *from_environment != '\0') return read_secret_file(from_environment);
  return std::nullopt;
}

Result<void> check_new_password(const SecretText& password) {
  if (password.view().size() < kMinPassword)
    return fail("the password is shorter than " + std::to_string(kMinPassword) + " characters",
                "Choose a longer one: whoever copies the file can try passwords at leisure");
  return {};
}

}  // namespace

SecretText::SecretText(std::string_view text) : bytes_(text.size()) {
  std::copy(text.begin(), text.end(), bytes_.span().begin());
  // Best effort: the limit on locked memory may be small or zero.
  if (!text.empty()) static_cast<void>(::mlock(bytes_.view().data(), bytes_.size()));
}

void protect_process() {
  static_cast<void>(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  static_cast<void>(::setrlimit(RLIMIT_CORE, &none));
  auto seed = random_array<32>();
  MOOT_CHECK(crypto::randomize_context(seed), "32 bytes are a seed");
  crypto::wipe(seed);
}

Result<SecretText> read_secret_text(const std::filesystem::path& file) {
  auto text = read_text_file(file, kMaxSecret);
  if (!text) return std::unexpected(text.error());
  SecretText secret(*text);
  crypto::wipe(*text);
  return secret;
}

Result<SecretText> read_secret_file(const std::filesystem::path& file) {
  const auto text = read_secret_text(file);
  if (!text) return std::unexpected(text.error());
  return SecretText(first_line(text->view()));
}

Result<SecretText> read_secret_fd(int fd) {
  crypto::SecretBytes buffer(kMaxSecret + 1);
  std::size_t size = 0;
  while (size < buffer.size()) {
    const ssize_t got = ::read(fd, buffer.span().data() + size, buffer.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return fail(
          "cannot read the password from descriptor " + std::to_string(fd) + ": " + std::strerror(errno),
          "Open it in the shell, for example with 3<file");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (buffer.span()[size - 1] == '\n') break;
  }
  if (size > kMaxSecret) return fail("the password is longer than " + std::to_string(kMaxSecret) + " bytes");
  return SecretText(first_line({reinterpret_cast<const char*>(buffer.view().data()), size}));
}

Result<SecretText> existing_password(const PasswordSource& source, std::string_view question) {
  if (auto given = unprompted(source)) return std::move(*given);
  return prompt_secret(question);
}

Result<SecretText> new_password(const PasswordSource& source, std::string_view question) {
  auto given = unprompted(source);
  auto password = given ? std::move(*given) : prompt_secret(question);
  if (!password) return password;
  if (auto checked = check_new_password(*password); !checked) return std::unexpected(checked.error());
  if (given) return password;
  const auto again = prompt_secret("Again: ");
  if (!again) return std::unexpected(again.error());
  if (again->view() != password->view()) return fail("the two passwords differ", "Start again");
  return password;
}

Result<crypto::SecretKey> parse_raw_key(std::string_view text) {
  const std::string advice = "A raw key is 64 hexadecimal digits, with or without 0x in front";
  auto raw = from_hex(trimmed(text));
  if (!raw || raw->size() != 32) return fail("this is not a raw private key", advice);
  auto key = crypto::SecretKey::from_bytes(*raw);
  crypto::wipe(*raw);
  if (!key) return fail("this number is no private key of secp256k1: it is zero or too large", advice);
  return std::move(*key);
}

}  // namespace moot::wallet
