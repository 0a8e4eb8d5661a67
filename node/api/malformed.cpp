#include "node/api/malformed.hpp"

#include <string>

#include "node/api/status.hpp"

namespace moot::node::api {
namespace {

namespace hooks = grpc::experimental;

class Malformed final : public hooks::Interceptor {
 public:
  void Intercept(hooks::InterceptorBatchMethods* methods) override {
    // Each of our methods is implemented, so gRPC gives this code here only for a request that it could not parse.
    if (methods->QueryInterceptionHookPoint(hooks::InterceptionHookPoints::PRE_SEND_STATUS) &&
        methods->GetSendStatus().error_code() == grpc::StatusCode::UNIMPLEMENTED)
      methods->ModifySendStatus(bad_field("request", "is not a message of this method's type"));
    methods->Proceed();
  }
};

class Factory final : public hooks::ServerInterceptorFactoryInterface {
 public:
  // Null, which gRPC leaves out, for methods that are not ours: those really are not implemented.
  hooks::Interceptor* CreateServerInterceptor(hooks::ServerRpcInfo* call) override {
    return is_ours(call->method()) ? new Malformed : nullptr;
  }

 private:
  // Asked of the descriptors, so that a new service needs no word here. "/package.Service/Method" is there
  // "package.Service.Method".
  static bool is_ours(std::string name) {
    constexpr std::string_view kOurs = "/moot.v1.";
    const std::size_t slash = name.rfind('/');
    if (!name.starts_with(kOurs) || slash == 0) return false;
    name[slash] = '.';
    return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name.substr(1)) != nullptr;
  }
};

}  // namespace

std::unique_ptr<hooks::ServerInterceptorFactoryInterface> make_malformed_interceptor() {
  return std::make_unique<Factory>();
}

}  // namespace moot::node::api
