// Passwords, recovery words and raw keys on their way in: from a prompt that does not echo, a file, or a descriptor.
// Never from the command line, which every process of the machine may read.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "crypto/keys.hpp"
#include "crypto/secret.hpp"
#include "wallet/failure.hpp"

namespace moot::wallet {

inline constexpr std::size_t kMaxSecret = 4096;  // bytes of a password, a phrase or a key's text
inline constexpr std::size_t kMinPassword =
    8;  // bytes of a new password; existing keystores may have shorter ones

// Text that is wiped when it ends and kept out of swap where the system allows. Move-only.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string_view text);

  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes_.view().data()), bytes_.size()};
  }
  [[nodiscard]] bool empty() const { return bytes_.size() == 0; }

 private:
  crypto::SecretBytes bytes_;
};

// Call once, first thing in main: no core dumps, no debugger of the same user, and libsecp256k1 blinded.
void protect_process();

// A whole file: for recovery words, which may stand on several lines.
Result<SecretText> read_secret_text(const std::filesystem::path& file);
// The first line of a file or of an open descriptor, without its line end.
Result<SecretText> read_secret_file(const std::filesystem::path& file);
Result<SecretText> read_secret_fd(int fd);

// Asks on the terminal (/dev/tty), without echo. Ctrl-C gives ExitCode::cancelled with the terminal as it was.
Result<SecretText> prompt_secret(std::string_view question);

// Where a password comes from: the descriptor, else the file, else MOOT_PASSWORD_FILE, else the prompt.
struct PasswordSource {
  std::optional<std::filesystem::path> file;
  std::optional<int> fd;
};

// The password of a key that exists.
Result<SecretText> existing_password(const PasswordSource& source, std::string_view question);
// A password for a key that is being written: asked twice at the prompt, at least kMinPassword bytes from anywhere.
Result<SecretText> new_password(const PasswordSource& source, std::string_view question);

// 64 hexadecimal digits, with or without 0x. The message never repeats the text.
Result<crypto::SecretKey> parse_raw_key(std::string_view text);

// Whether a terminal is there to ask on.
bool has_terminal();
// Shows text on the terminal itself, past any redirection: for recovery words. False without a terminal.
bool show_on_terminal(std::string_view text);
// Asks on the terminal and reads a visible line.
Result<std::string> ask_line(std::string_view question);

}  // namespace moot::wallet
