// Programs of this tree as real processes, for functional tests. A process never outlives its object: the destructor kills
// what still runs, by its own id.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace moot::test {

struct Command {
  std::string program;
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  // over the test's own, from which MOOT_… is taken out
  std::optional<rlimit> open_files = {};           // RLIMIT_NOFILE, instead of the test's own
};

class Process {
 public:
  explicit Process(const Command& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Types into its standard input, which stays open until end_input() or the destructor.
  void type(const std::string& text) const;
  void end_input();
  // How it ended: the exit status, or 128 + the signal, as shells say it. Nothing when it still runs after `limit`. When it
  // has ended, out() and err() are whole.
  std::optional<int> wait(std::chrono::milliseconds limit);

  // The first whole line of standard output that begins with `prefix`, at most `limit` from now; nothing when the process
  // ends or the time passes without one.
  std::optional<std::string> line(const std::string& prefix, std::chrono::milliseconds limit);
  // Whether `text` comes to stand on standard error, at most `limit` from now.
  bool complains(const std::string& text, std::chrono::milliseconds limit);
  [[nodiscard]] std::string out();
  [[nodiscard]] std::string err();

 private:
  // One of its outputs, as far as it has been read.
  struct Output {
    std::string text;
    bool ended = false;
  };
  void read(int fd, Output& into);

  pid_t pid_ = -1;
  int in_ = -1;
  std::optional<int> status_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Output out_, err_;
  std::thread out_reader_, err_reader_;
};

struct Finished {
  int status = -1;  // -1: did not end in time, and was killed
  std::string out, err;
};
// Runs a program to its end, with nothing on its standard input.
Finished run(const Command& command, std::chrono::milliseconds limit = std::chrono::seconds(60));

}  // namespace moot::test
