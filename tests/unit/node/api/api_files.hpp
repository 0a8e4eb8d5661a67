// What the API consists of, read from the descriptors that are compiled in, so that no test needs a list of its own.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "node/api/messages.hpp"

namespace moot::test {

// Every file of proto/moot/v1, by name. A file that the program was not linked with fails the test: it would be missed.
inline std::vector<const google::protobuf::FileDescriptor*> api_files() {
  const std::filesystem::path root = std::filesystem::path(MOOT_SOURCE_DIR) / "proto";
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(root / "moot" / "v1"))
    if (entry.path().extension() == ".proto") names.push_back("moot/v1/" + entry.path().filename().string());
  std::sort(names.begin(), names.end());
  std::vector<const google::protobuf::FileDescriptor*> out;
  for (const std::string& name : names) {
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    EXPECT_NE(file, nullptr) << name << " is not linked into this program";
    if (file) out.push_back(file);
  }
  return out;
}

inline std::vector<const google::protobuf::ServiceDescriptor*> api_services() {
  std::vector<const google::protobuf::ServiceDescriptor*> out;
  for (const auto* file : api_files())
    for (int i = 0; i < file->service_count(); ++i) out.push_back(file->service(i));
  return out;
}

// "/moot.v1.TxService/Submit", and so on.
inline std::vector<std::string> api_methods() {
  std::vector<std::string> out;
  for (const auto* service : api_services())
    for (int i = 0; i < service->method_count(); ++i)
      out.push_back("/" + service->full_name() + "/" + service->method(i)->name());
  return out;
}

}  // namespace moot::test
