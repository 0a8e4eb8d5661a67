#include "tests/support/node/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "base/check.hpp"

namespace moot::test {
namespace {

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (!std::string_view{*entry}.starts_with("MOOT_")) out.emplace_back(*entry);
  for (const auto& [name, value] : command.environment) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Process::Process(const Command& command) {
  std::vector<std::string> words{command.program};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> variables = environment_of(command);
  // Gathered before the fork: afterwards only calls that are safe in a copy of a threaded process.
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(variables);
  int out[2], err[2];
  int in[2];  // a socket, because typing to a child that has ended must be no signal here
  MOOT_CHECK(::pipe2(out, O_CLOEXEC) == 0 && ::pipe2(err, O_CLOEXEC) == 0, "pipes for a child");
  MOOT_CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) == 0, "a child's standard input");
  pid_ = ::fork();
  MOOT_CHECK(pid_ >= 0, "a child process");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves no node behind
    if (command.open_files) ::setrlimit(RLIMIT_NOFILE, &*command.open_files);
    ::dup2(in[1], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(in[1]);
  ::close(out[1]);
  ::close(err[1]);
  in_ = in[0];
  out_reader_ = std::thread([this, fd = out[0]] { read(fd, out_); });
  err_reader_ = std::thread([this, fd = err[0]] { read(fd, err_); });
}

Process::~Process() {
  end_input();
  if (!status_) {
    ::kill(pid_, SIGKILL);
    wait(std::chrono::seconds(10));
  }
  out_reader_.join();
  err_reader_.join();
}

void Process::read(int fd, Output& into) {
  char buffer[4096];
  while (true) {
    const ssize_t size = ::read(fd, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    const std::lock_guard lock(mutex_);
    if (size > 0)
      into.text.append(buffer, static_cast<std::size_t>(size));
    else
      into.ended = true;
    changed_.notify_all();
    if (size <= 0) break;
  }
  ::close(fd);
}

void Process::signal(int number) const {
  if (!status_) ::kill(pid_, number);
}

void Process::type(const std::string& text) const {
  MOOT_CHECK(in_ >= 0, "the input is open");
  const ssize_t sent = ::send(in_, text.data(), text.size(), MSG_NOSIGNAL);
  MOOT_CHECK(sent < 0 || static_cast<std::size_t>(sent) == text.size(), "a line fits into the socket");
}

void Process::end_input() {
  if (in_ >= 0) ::close(std::exchange(in_, -1));
}

std::optional<int> Process::wait(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!status_) {
    int status = 0;
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_)
      status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    else if (std::chrono::steady_clock::now() > end)
      return std::nullopt;
    else
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  // What it said last may still be on its way here. Not for ever: a child of its own may hold the other end.
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(10), [this] { return out_.ended && err_.ended; });
  return status_;
}

std::optional<std::string> Process::line(const std::string& prefix, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  std::optional<std::string> found;
  const auto look = [&] {
    const std::string& text = out_.text;
    std::size_t from = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         from = end + 1, end = text.find('\n', from))
      if (text.compare(from, prefix.size(), prefix) == 0) {
        found = text.substr(from, end - from);
        return true;
      }
    return out_.ended;
  };
  changed_.wait_for(lock, limit, look);
  return found;
}

bool Process::complains(const std::string& text, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  const auto stands = [&] { return err_.text.find(text) != std::string::npos; };
  changed_.wait_for(lock, limit, [&] { return stands() || err_.ended; });
  return stands();
}

std::string Process::out() {
  const std::lock_guard lock(mutex_);
  return out_.text;
}

std::string Process::err() {
  const std::lock_guard lock(mutex_);
  return err_.text;
}

Finished run(const Command& command, std::chrono::milliseconds limit) {
  Process process(command);
  process.end_input();
  const auto status = process.wait(limit);
  return {.status = status.value_or(-1), .out = process.out(), .err = process.err()};
}

}  // namespace moot::test
