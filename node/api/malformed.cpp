#include "node/api/malformed.hpp"

#include <set>

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
  Factory() {
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    for (const char* name :
         {"TxService", "GovernanceService", "TreasuryService", "LedgerService", "NodeService"}) {
      const auto* service = pool->FindServiceByName(std::string("moot.v1.") + name);
      for (int i = 0; i < service->method_count(); ++i)
        methods_.insert("/" + service->full_name() + "/" + service->method(i)->name());
    }
  }
  // Null, which gRPC leaves out, for methods that are not ours: those really are not implemented.
  hooks::Interceptor* CreateServerInterceptor(hooks::ServerRpcInfo* call) override {
    return methods_.contains(std::string_view(call->method())) ? new Malformed : nullptr;
  }

 private:
  std::set<std::string, std::less<>> methods_;
};

}  // namespace

std::unique_ptr<hooks::ServerInterceptorFactoryInterface> make_malformed_interceptor() {
  return std::make_unique<Factory>();
}

}  // namespace moot::node::api
