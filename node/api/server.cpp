#include "node/api/server.hpp"

#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include <atomic>
#include <fstream>
#include <sstream>

#include "node/api/acceptor.hpp"
#include "node/api/listen_address.hpp"
#include "node/api/malformed.hpp"
#include "node/api/services.hpp"

namespace moot::node::api {
namespace {

constexpr int kKeepaliveMs = 30'000;
constexpr int kLeastPingIntervalMs = 10'000;
constexpr int kMostMetadataBytes = 16 * 1024;
constexpr int kIdleConnectionMs = 30 * 60 * 1'000;
constexpr int kHandshakeMs = 20'000;  // a client that has said nothing sensible by then loses its connection

// The libraries' own lines (a handshake that failed, a client's text that is not UTF-8) join the node's log at level debug:
// clients must not be able to fill standard error. They have one function for the whole process, so the logger is that of
// the server started last.
std::atomic<Logger*> library_log{nullptr};
void log_for_grpc(gpr_log_func_args* line) {
  if (Logger* log = library_log.load()) log->debug("grpc", {{"line", line->message}});
}
void log_for_protobuf(google::protobuf::LogLevel, const char*, int, const std::string& line) {
  if (Logger* log = library_log.load()) log->debug("protobuf", {{"line", line}});
}

using Credentials = std::shared_ptr<grpc::ServerCredentials>;

std::expected<std::string, std::string> read_pem(const std::string& path, std::string_view setting) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().find("-----BEGIN ") == std::string::npos)
    return std::unexpected(std::string(setting) + " names " + path +
                           ", which cannot be read or is not a PEM file");
  return text.str();
}

// For options that check_listening has passed.
std::expected<Credentials, std::string> credentials_for(const ApiOptions& options) {
  if (options.tls_certificate.empty()) return grpc::InsecureServerCredentials();
  auto certificate = read_pem(options.tls_certificate, "api.tls_cert");
  if (!certificate) return std::unexpected(certificate.error());
  auto key = read_pem(options.tls_key, "api.tls_key");
  if (!key) return std::unexpected(key.error());
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({std::move(*key), std::move(*certificate)});
  return grpc::SslServerCredentials(tls);
}

// A server with a way in by external connections begins whatever the credentials are; one with a port of its own does not. This one
// serves nobody, for a moment.
bool fit_each_other(Credentials credentials) {
  grpc::ServerBuilder builder;
  grpc::CallbackGenericService nothing;
  builder.RegisterCallbackGenericService(&nothing);
  builder.AddListeningPort("127.0.0.1:0", std::move(credentials));
  return builder.BuildAndStart() != nullptr;
}

void set_bounds(grpc::ServerBuilder& builder, const ApiOptions& options) {
  grpc::ResourceQuota quota("moot-api");
  quota.Resize(options.memory_bytes).SetMaxThreads(static_cast<int>(options.max_threads));
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.max_bulk_message_bytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             static_cast<int>(options.max_streams_per_connection));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kLeastPingIntervalMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleConnectionMs);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
}

using Door = std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor>;
Door add_door(grpc::ServerBuilder& builder, Credentials credentials) {
  using From = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  return builder.experimental().AddExternalConnectionAcceptor(From::FROM_FD, std::move(credentials));
}

void keep_libraries_quiet() {
  gpr_set_log_function(log_for_grpc);
  google::protobuf::SetLogHandler(log_for_protobuf);
}

}  // namespace

std::expected<void, std::string> check_listening(const ApiOptions& options) {
  const auto address = parse_listen_address(options.listen);
  if (!address) return std::unexpected(not_an_address(options.listen));
  if (options.tls_certificate.empty() != options.tls_key.empty())
    return std::unexpected("api.tls_cert and api.tls_key belong together: set both or neither");
  if (!options.tls_certificate.empty() || address->is_loopback() || options.insecure) return {};
  return std::unexpected("the API would listen on " + options.listen +
                         " without TLS: set api.tls_cert and api.tls_key, set api.listen to 127.0.0.1, or "
                         "set api.insecure if something in front of it encrypts");
}

std::expected<void, std::string> check_tls_files(const ApiOptions& options) {
  if (options.tls_certificate.empty()) return {};
  auto credentials = credentials_for(options);
  if (!credentials) return std::unexpected(credentials.error());
  keep_libraries_quiet();
  if (fit_each_other(std::move(*credentials))) return {};
  return std::unexpected("api.tls_cert " + options.tls_certificate + " and api.tls_key " + options.tls_key +
                         " do not fit each other: the key must be the certificate's own");
}

struct ApiServer::Running {
  Running(LedgerNode& node, const ApiOptions& options, const Clock& clock, Logger& log)
      : context(node, options, clock, log) {
    services.push_back(make_tx_service(context));
    services.push_back(make_governance_service(context));
    services.push_back(make_treasury_service(context));
    services.push_back(make_ledger_service(context));
    services.push_back(make_node_service(context));
  }

  // The server, without a way in yet; false when gRPC begins none.
  bool build(Credentials credentials) {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    set_bounds(builder, context.options);
    door = add_door(builder, std::move(credentials));
    for (const auto& service : services) builder.RegisterService(service.get());
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
    interceptors.push_back(make_malformed_interceptor());
    builder.experimental().SetInterceptorCreators(std::move(interceptors));
    server = builder.BuildAndStart();
    return server != nullptr;
  }

  void accept(Listener listener) {
    health = std::make_shared<HealthReport>(context.node, *server);
    health->wake(false);
    context.hub.add(health);
    const auto hand_over = [this](int fd) {
      grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
      connection.fd = fd;
      door->HandleNewConnection(&connection);
    };
    acceptor = std::make_unique<Acceptor>(std::move(listener), context.options.max_connections, hand_over,
                                          context.clock, context.log);
  }

  // Tells the health service whether the node serves.
  class HealthReport final : public Sleeper {
   public:
    HealthReport(LedgerNode& node, grpc::Server& server) : node_(node), server_(server) {}
    void wake(bool stopping) override {
      if (stopping) return;
      const bool ready = node_.status().ready;
      if (ready == told_) return;
      told_ = ready;
      server_.GetHealthCheckService()->SetServingStatus(ready);
    }

   private:
    LedgerNode& node_;
    grpc::Server& server_;
    std::optional<bool> told_;
  };

  Context context;
  std::vector<std::unique_ptr<grpc::Service>> services;
  Door door;
  std::unique_ptr<grpc::Server> server;
  std::shared_ptr<HealthReport> health;
  std::string address;
  int port = 0;
  std::unique_ptr<Acceptor> acceptor;
  bool stopped = false;
};

std::expected<std::unique_ptr<ApiServer>, std::string> ApiServer::start(LedgerNode& node,
                                                                        const ApiOptions& options,
                                                                        const Clock& clock, Logger& log) {
  auto listener = Listener::bind(options.listen);
  if (!listener) return std::unexpected(listener.error());
  return start(std::move(*listener), node, options, clock, log);
}

std::expected<std::unique_ptr<ApiServer>, std::string> ApiServer::start(Listener listener, LedgerNode& node,
                                                                        const ApiOptions& options,
                                                                        const Clock& clock, Logger& log) {
  if (const auto good = check_listening(options); !good) return std::unexpected(good.error());
  if (const auto good = check_tls_files(options); !good) return std::unexpected(good.error());
  auto credentials = credentials_for(options);
  if (!credentials) return std::unexpected(credentials.error());
  if (const auto listening = listener.listen(); !listening) return std::unexpected(listening.error());

  library_log.store(&log);
  keep_libraries_quiet();
  auto running = std::make_unique<Running>(node, options, clock, log);
  running->address = listener.address();
  running->port = listener.port();
  if (!running->build(std::move(*credentials))) {
    library_log.store(nullptr);
    return std::unexpected("the API's server does not begin; log.level = 'debug' shows what gRPC says of it");
  }
  running->accept(std::move(listener));
  log.info("api listening", {{"address", running->address}, {"tls", !options.tls_certificate.empty()}});
  return std::unique_ptr<ApiServer>(new ApiServer(std::move(running)));
}

ApiServer::ApiServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}

ApiServer::~ApiServer() { stop(DurationMs{0}); }

int ApiServer::port() const { return running_->port; }
u64 ApiServer::refused_connections() const { return running_->acceptor->refused(); }
const std::string& ApiServer::address() const { return running_->address; }

void ApiServer::stop(DurationMs grace) {
  if (running_->stopped) return;
  running_->stopped = true;
  running_->acceptor->stop();
  running_->context.hub.remove(running_->health.get());
  running_->server->GetHealthCheckService()->Shutdown();
  running_->context.hub.stop();
  running_->server->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(grace.raw()));
  running_->server->Wait();
  Logger* mine = &running_->context.log;
  library_log.compare_exchange_strong(mine, nullptr);
}

}  // namespace moot::node::api
