// A call of any method with any bytes, as an attacker makes it.
#pragma once

#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <string>
#include <vector>

#include "node/api/messages.hpp"

namespace moot::test {

struct RawAnswer {
  grpc::Status status;
  std::vector<std::string> messages;
};

// Sends the messages, closes its side, and reads all that comes until the end or the limit.
inline RawAnswer raw_call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                          const std::vector<std::string>& messages, std::chrono::milliseconds limit) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + limit);
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  const auto call = stub.PrepareCall(&context, method, &queue);
  const auto done = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return ok;
  };
  call->StartCall(nullptr);
  bool open = done();
  for (const std::string& message : messages) {
    if (!open) break;
    const grpc::Slice slice(message);
    call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    open = done();
  }
  if (open) {
    call->WritesDone(nullptr);
    done();
  }
  RawAnswer out;
  for (;;) {
    grpc::ByteBuffer buffer;
    call->Read(&buffer, nullptr);
    if (!done()) break;
    std::vector<grpc::Slice> slices;
    buffer.Dump(&slices);
    std::string& text = out.messages.emplace_back();
    for (const grpc::Slice& slice : slices)
      text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  call->Finish(&out.status, nullptr);
  done();
  queue.Shutdown();
  return out;
}

}  // namespace moot::test
