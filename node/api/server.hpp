// The node's gRPC server: moot.v1, standard health and reflection.
//
// TLS when a certificate and key are given. Without, it listens on loopback only, unless told otherwise. start() serves, or
// says in one sentence why it cannot; stop() lets calls in flight end until the deadline, then ends them.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "node/api/listener.hpp"
#include "node/engine/ledger_node.hpp"

namespace moot::node::api {

struct ApiOptions {
  std::string listen = "127.0.0.1:9090";  // host:port; port 0 takes a free one
  std::string tls_certificate;            // PEM files; both or neither
  std::string tls_key;
  bool insecure = false;          // plaintext on other addresses than loopback
  std::string version = "0.1.0";  // of the program, as GetInfo tells it

  // Bounds. What is above one is refused with a reason; nothing waits without one.
  u32 max_connections = 4'096;            // one above it is closed at once
  u32 max_message_bytes = 4u << 20;       // of a unary request
  u32 max_bulk_message_bytes = 8u << 20;  // of a message of SubmitBatch
  u32 max_streams_per_connection = 256;
  u32 memory_bytes = 512u << 20;  // of gRPC's buffers; connections above it wait or are closed
  u32 max_threads = 64;
  u32 max_watchers = 256;         // streams of blocks and events
  u32 max_waiters = 16'384;       // calls of WaitForTransaction
  u32 max_bulk_streams = 64;      // streams of SubmitBatch
  DurationMs heartbeat{15'000};   // of an idle stream
  DurationMs stall{60'000};       // a stream whose client reads nothing for so long is cut
  DurationMs idle_bulk{300'000};  // a bulk stream whose client sends nothing for so long is cut
};

// Whether address and TLS settings go together: the form of the address, both TLS files or neither, no plaintext where other
// machines reach it unless that is wanted. The error names the settings, in one sentence.
std::expected<void, std::string> check_listening(const ApiOptions& options);
// Whether the TLS files, if any, can be read and fit each other.
std::expected<void, std::string> check_tls_files(const ApiOptions& options);

class ApiServer {
 public:
  // Node, clock and logger outlive the server. `listener` is bound to options.listen.
  static std::expected<std::unique_ptr<ApiServer>, std::string> start(Listener listener, LedgerNode& node,
                                                                      const ApiOptions& options,
                                                                      const Clock& clock, Logger& log);
  // The same, binding by itself.
  static std::expected<std::unique_ptr<ApiServer>, std::string> start(LedgerNode& node,
                                                                      const ApiOptions& options,
                                                                      const Clock& clock, Logger& log);
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  [[nodiscard]] int port() const;
  // host:port to connect to.
  [[nodiscard]] const std::string& address() const;
  // Connections closed because options.max_connections were open, since the start.
  [[nodiscard]] u64 refused_connections() const;

  // Health says NOT_SERVING at once, streams end with UNAVAILABLE, other calls have until the deadline. Idempotent.
  void stop(DurationMs grace);

 private:
  struct Running;
  explicit ApiServer(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace moot::node::api
