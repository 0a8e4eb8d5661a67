#include "node/api/server.hpp"

#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include <atomic>
#include <fstream>
#include <sstream>

#include "node/api/listen_address.hpp"
#include "node/api/malformed.hpp"
#include "node/api/services.hpp"

namespace moot::node::api {
namespace {

constexpr int kKeepaliveMs = 30'000;
constexpr int kLeastPingIntervalMs = 10'000;
constexpr int kMostMetadataBytes = 16 * 1024;
constexpr int kIdleConnectionMs = 30 * 60 * 1'000;

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

std::expected<std::string, std::string> read_pem(const std::string& path, std::string_view what) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().find("-----BEGIN ") == std::string::npos)
    return std::unexpected("The " + std::string(what) + " " + path + " cannot be read or is not a PEM file.");
  return text.str();
}

std::expected<Credentials, std::string> credentials_for(const ApiOptions& options,
                                                        const ListenAddress& address) {
  if (options.tls_certificate.empty() != options.tls_key.empty())
    return std::unexpected(
        "TLS needs both a certificate and a key: set api.tls_certificate and api.tls_key, or neither.");
  if (options.tls_certificate.empty()) {
    if (address.is_loopback() || options.insecure) return grpc::InsecureServerCredentials();
    return std::unexpected(
        "The API would listen on " + options.listen +
        " without TLS: set api.tls_certificate and api.tls_key, listen on 127.0.0.1, or say "
        "api.insecure = true if something in front of it encrypts.");
  }
  auto certificate = read_pem(options.tls_certificate, "TLS certificate");
  if (!certificate) return std::unexpected(certificate.error());
  auto key = read_pem(options.tls_key, "TLS key");
  if (!key) return std::unexpected(key.error());
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({std::move(*key), std::move(*certificate)});
  return grpc::SslServerCredentials(tls);
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
  // Without this a second node on the same port would silently share its connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

struct ApiServer::Running {
  Running(LedgerNode& node, const ApiOptions& options, const Clock& clock, Logger& log)
      : context(node, options, clock, log) {
    services.push_back(make_tx_service(context));
    services.push_back(make_governance_service(context));
    services.push_back(make_treasury_service(context));
    services.push_back(make_ledger_service(context));
    services.push_back(make_node_service(context));
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
  std::unique_ptr<grpc::Server> server;
  std::shared_ptr<HealthReport> health;
  std::string address;
  int port = 0;
  bool stopped = false;
};

std::expected<std::unique_ptr<ApiServer>, std::string> ApiServer::start(LedgerNode& node,
                                                                        const ApiOptions& options,
                                                                        const Clock& clock, Logger& log) {
  const auto address = parse_listen_address(options.listen);
  if (!address)
    return std::unexpected("The API's address \"" + options.listen +
                           "\" is not host:port, such as 127.0.0.1:9090.");
  auto credentials = credentials_for(options, *address);
  if (!credentials) return std::unexpected(credentials.error());

  library_log.store(&log);
  gpr_set_log_function(log_for_grpc);
  google::protobuf::SetLogHandler(log_for_protobuf);
  auto running = std::make_unique<Running>(node, options, clock, log);
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  set_bounds(builder, options);
  builder.AddListeningPort(options.listen, std::move(*credentials), &running->port);
  for (const auto& service : running->services) builder.RegisterService(service.get());
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(make_malformed_interceptor());
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  running->server = builder.BuildAndStart();
  if (!running->server || running->port == 0) {
    library_log.store(nullptr);
    return std::unexpected(
        "The API cannot listen on " + options.listen +
        ": the address is taken or not this machine's, or the TLS files do not fit each other.");
  }
  running->address = address->text(running->port);
  running->health = std::make_shared<Running::HealthReport>(node, *running->server);
  running->health->wake(false);
  running->context.hub.add(running->health);
  log.info("api listening", {{"address", running->address}, {"tls", !options.tls_certificate.empty()}});
  return std::unique_ptr<ApiServer>(new ApiServer(std::move(running)));
}

ApiServer::ApiServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}

ApiServer::~ApiServer() { stop(DurationMs{0}); }

int ApiServer::port() const { return running_->port; }
const std::string& ApiServer::address() const { return running_->address; }

void ApiServer::stop(DurationMs grace) {
  if (running_->stopped) return;
  running_->stopped = true;
  running_->context.hub.remove(running_->health.get());
  running_->server->GetHealthCheckService()->Shutdown();
  running_->context.hub.stop();
  running_->server->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(grace.raw()));
  running_->server->Wait();
  Logger* mine = &running_->context.log;
  library_log.compare_exchange_strong(mine, nullptr);
}

}  // namespace moot::node::api
