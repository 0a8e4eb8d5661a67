// A running node: owns configuration, key, engine and API server, made in that order and ended in reverse.
#pragma once

#include <iosfwd>
#include <memory>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "node/app/config.hpp"
#include "node/app/validator_notice.hpp"
#include "node/engine/engine.hpp"

namespace moot::node::app {

class Application {
 public:
  // Everything is checked before anything is made. The first failure is the answer, and what was begun is ended.
  static Result<std::unique_ptr<Application>> start(const Config& config);
  // Serves until SIGTERM or SIGINT, then stops cleanly. A second signal ends the process at once. The caller has blocked
  // both signals in every thread (block_stop_signals).
  void run();
  ~Application();

  // One line for programs: "ready address=127.0.0.1:9090 ledger=0x… height=0 validating=true pid=123".
  [[nodiscard]] std::string ready_line() const;

 private:
  explicit Application(const Config& config);
  Result<void> open(const Config& config);
  void stop();

  SystemClock clock_;
  Logger log_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<ValidatorNotice> notice_;
  std::unique_ptr<api::ApiServer> server_;
  bool stopped_ = false;
};

// Before any thread starts: threads inherit it, so that run() alone receives them.
void block_stop_signals();

}  // namespace moot::node::app
