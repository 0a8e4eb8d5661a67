// The half of wallet/secrets.hpp that talks to the terminal.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "wallet/secrets.hpp"

namespace moot::wallet {
namespace {

// Set by the handler; a prompt is one at a time.
volatile sig_atomic_t interrupted = 0;
void note_signal(int) { interrupted = 1; }

// Catches what would otherwise end the process with the echo off. Signals are blocked except while somebody waits for input, so
// that none comes unseen between a look at `interrupted` and the wait. Stopping (Ctrl-Z) is ignored, for the echo's sake too.
class SignalGuard {
 public:
  SignalGuard() {
    interrupted = 0;
    struct sigaction action{};
    sigemptyset(&action.sa_mask);
    sigset_t caught;
    sigemptyset(&caught);
    for (const int signal : kSignals) sigaddset(&caught, signal);
    pthread_sigmask(SIG_BLOCK, &caught, &mask_before_);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      action.sa_handler = kSignals[i] == SIGTSTP ? SIG_IGN : note_signal;
      sigaction(kSignals[i], &action, &old_[i]);
    }
  }
  ~SignalGuard() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &old_[i], nullptr);
    pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

  // Waits until there is something to read, or a signal; false when there was one.
  [[nodiscard]] bool await_input(int fd) const {
    while (interrupted == 0) {
      pollfd watched{.fd = fd, .events = POLLIN, .revents = 0};
      if (::ppoll(&watched, 1, nullptr, &mask_before_) >= 0 || errno != EINTR) return interrupted == 0;
    }
    return false;
  }

 private:
  static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
  std::array<struct sigaction, kSignals.size()> old_{};
  sigset_t mask_before_{};
};

class Terminal {
 public:
  explicit Terminal(bool echo) : fd_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (fd_ < 0 || echo || ::tcgetattr(fd_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
    hidden_ = ::tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
  }
  ~Terminal() {
    if (fd_ < 0) return;
    if (hidden_) {
      ::tcsetattr(fd_, TCSAFLUSH, &before_);
      write("\n");
    }
    ::close(fd_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] bool open() const { return fd_ >= 0; }
  [[nodiscard]] bool hidden() const { return hidden_; }
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t done = ::write(fd_, text.data(), text.size());
      if (done < 0 && errno == EINTR && interrupted == 0) continue;
      if (done < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
  }
  // One line into `out`; its size without the line end, or nothing when the user broke off or closed the input.
  std::optional<std::size_t> read_line(std::span<u8> out, const SignalGuard& guard) const {
    std::size_t size = 0;
    while (size < out.size() && guard.await_input(fd_)) {
      const ssize_t got = ::read(fd_, out.data() + size, out.size() - size);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return std::nullopt;
      size += static_cast<std::size_t>(got);
      if (out[size - 1] == '\n') return size - 1;
    }
    return std::nullopt;
  }

 private:
  int fd_;
  bool hidden_ = false;
  termios before_{};
};

std::unexpected<Failure> no_terminal() {
  return fail(
      "there is no terminal to ask on",
      "Give the password with --password-file, --password-fd or MOOT_PASSWORD_FILE, and --yes for questions");
}
std::unexpected<Failure> broken_off() {
  return fail("cancelled; nothing was changed", {}, ExitCode::cancelled);
}

}  // namespace

Result<SecretText> prompt_secret(std::string_view question) {
  const SignalGuard guard;
  const Terminal terminal(false);
  if (!terminal.open()) return no_terminal();
  if (!terminal.hidden())
    return fail("this terminal cannot hide what is typed", "Use --password-file or --password-fd instead");
  terminal.write(question);
  crypto::SecretBytes line(kMaxSecret);
  const auto size = terminal.read_line(line.span(), guard);
  if (!size) return broken_off();
  return SecretText({reinterpret_cast<const char*>(line.view().data()), *size});
}

Result<std::string> ask_line(std::string_view question) {
  const SignalGuard guard;
  const Terminal terminal(true);
  if (!terminal.open()) return no_terminal();
  terminal.write(question);
  std::array<u8, kMaxSecret> line{};
  const auto size = terminal.read_line(line, guard);
  if (!size) return broken_off();
  return as_string(std::span(line).first(*size));
}

bool has_terminal() { return Terminal(true).open(); }

bool show_on_terminal(std::string_view text) {
  const Terminal terminal(true);
  return terminal.open() && terminal.write(text);
}

}  // namespace moot::wallet
