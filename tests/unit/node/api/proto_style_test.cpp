// The rules of `buf lint` STANDARD that can be seen in descriptors, each under its own name, so that they are held wherever
// the tests run. Not seen here: comments and options that STANDARD does not ask about, and protovalidate, which is not used.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "tests/unit/node/api/api_files.hpp"

namespace moot::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

bool is(const std::string& text, const char* pattern) { return std::regex_match(text, std::regex(pattern)); }

constexpr const char* kPascalCase = "[A-Z][A-Za-z0-9]*";
constexpr const char* kLowerSnakeCase = "[a-z][a-z0-9]*(_[a-z0-9]+)*";
constexpr const char* kUpperSnakeCase = "[A-Z][A-Z0-9]*(_[A-Z0-9]+)*";

// "TxErrorReason" gives "TX_ERROR_REASON".
std::string upper_snake(const std::string& pascal) {
  std::string out;
  for (std::size_t i = 0; i < pascal.size(); ++i) {
    const bool upper = pascal[i] >= 'A' && pascal[i] <= 'Z';
    if (upper && i > 0) out += '_';
    out += pascal[i] >= 'a' && pascal[i] <= 'z' ? static_cast<char>(pascal[i] - 'a' + 'A') : pascal[i];
  }
  return out;
}

struct Broken {
  std::vector<std::string> lines;
  void ask(bool kept, const char* rule, const std::string& where) {
    if (!kept) lines.push_back(std::string(rule) + ": " + where);
  }
};

void check_enum(const EnumDescriptor& type, Broken& broken) {
  const std::string& name = type.full_name();
  broken.ask(is(type.name(), kPascalCase), "ENUM_PASCAL_CASE", name);
  broken.ask(type.value(0)->number() == 0, "ENUM_FIRST_VALUE_ZERO", name);
  broken.ask(!type.options().allow_alias(), "ENUM_NO_ALLOW_ALIAS", name);
  for (int i = 0; i < type.value_count(); ++i) {
    const auto& value = *type.value(i);
    broken.ask(is(value.name(), kUpperSnakeCase), "ENUM_VALUE_UPPER_SNAKE_CASE", value.full_name());
    broken.ask(value.name().starts_with(upper_snake(type.name()) + "_"), "ENUM_VALUE_PREFIX",
               value.full_name());
    broken.ask(value.number() != 0 || value.name().ends_with("_UNSPECIFIED"), "ENUM_ZERO_VALUE_SUFFIX",
               value.full_name());
  }
}

void check_message(const Descriptor& type, Broken& broken) {
  broken.ask(is(type.name(), kPascalCase), "MESSAGE_PASCAL_CASE", type.full_name());
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    broken.ask(is(field.name(), kLowerSnakeCase), "FIELD_LOWER_SNAKE_CASE", field.full_name());
    broken.ask(!field.is_required(), "FIELD_NOT_REQUIRED", field.full_name());
  }
  for (int i = 0; i < type.real_oneof_decl_count(); ++i)
    broken.ask(is(type.oneof_decl(i)->name(), kLowerSnakeCase), "ONEOF_LOWER_SNAKE_CASE",
               type.oneof_decl(i)->full_name());
  for (int i = 0; i < type.enum_type_count(); ++i) check_enum(*type.enum_type(i), broken);
  for (int i = 0; i < type.nested_type_count(); ++i)
    if (!type.nested_type(i)->options().map_entry()) check_message(*type.nested_type(i), broken);
}

// A message may be the request or the response of one method only.
using Users = std::map<std::string, int>;

void check_services(const FileDescriptor& file, Users& users, Broken& broken) {
  for (int i = 0; i < file.service_count(); ++i) {
    const auto& service = *file.service(i);
    broken.ask(is(service.name(), kPascalCase), "SERVICE_PASCAL_CASE", service.full_name());
    broken.ask(service.name().ends_with("Service"), "SERVICE_SUFFIX", service.full_name());
    for (int k = 0; k < service.method_count(); ++k) {
      const auto& method = *service.method(k);
      const auto named = [&](const Descriptor& type, const std::string& suffix) {
        ++users[type.full_name()];
        return type.name() == method.name() + suffix ||
               type.name() == service.name() + method.name() + suffix;
      };
      broken.ask(is(method.name(), kPascalCase), "RPC_PASCAL_CASE", method.full_name());
      broken.ask(named(*method.input_type(), "Request"), "RPC_REQUEST_STANDARD_NAME", method.full_name());
      broken.ask(named(*method.output_type(), "Response"), "RPC_RESPONSE_STANDARD_NAME", method.full_name());
    }
  }
}

std::string with_slashes(std::string package) {
  std::replace(package.begin(), package.end(), '.', '/');
  return package;
}

void collect_types(const Descriptor& type, std::set<const FileDescriptor*>& out) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (const auto* message = type.field(i)->message_type()) out.insert(message->file());
    if (const auto* values = type.field(i)->enum_type()) out.insert(values->file());
  }
  for (int i = 0; i < type.nested_type_count(); ++i) collect_types(*type.nested_type(i), out);
}

void check_imports(const FileDescriptor& file, Broken& broken) {
  broken.ask(file.public_dependency_count() == 0, "IMPORT_NO_PUBLIC", file.name());
  broken.ask(file.weak_dependency_count() == 0, "IMPORT_NO_WEAK", file.name());
  std::set<const FileDescriptor*> used;
  for (int i = 0; i < file.message_type_count(); ++i) collect_types(*file.message_type(i), used);
  for (int i = 0; i < file.service_count(); ++i)
    for (int k = 0; k < file.service(i)->method_count(); ++k) {
      used.insert(file.service(i)->method(k)->input_type()->file());
      used.insert(file.service(i)->method(k)->output_type()->file());
    }
  for (int i = 0; i < file.dependency_count(); ++i)
    broken.ask(used.contains(file.dependency(i)), "IMPORT_USED",
               file.name() + " of " + file.dependency(i)->name());
}

void check_file(const FileDescriptor& file, Users& users, Broken& broken) {
  const std::size_t slash = file.name().rfind('/');
  const std::string folder = slash == std::string::npos ? "" : file.name().substr(0, slash);
  const std::string base = file.name().substr(slash == std::string::npos ? 0 : slash + 1);
  broken.ask(!file.package().empty(), "PACKAGE_DEFINED", file.name());
  broken.ask(is(file.package(), "[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*"), "PACKAGE_LOWER_SNAKE_CASE",
             file.name());
  broken.ask(is(file.package(), ".*\\.v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?"), "PACKAGE_VERSION_SUFFIX",
             file.name());
  broken.ask(folder == with_slashes(file.package()), "PACKAGE_DIRECTORY_MATCH", file.name());
  broken.ask(is(base, "[a-z][a-z0-9]*(_[a-z0-9]+)*\\.proto"), "FILE_LOWER_SNAKE_CASE", file.name());
  FileDescriptorProto text;
  file.CopyTo(&text);
  broken.ask(text.syntax() == "proto3", "SYNTAX_SPECIFIED", file.name());
  check_imports(file, broken);
  for (int i = 0; i < file.enum_type_count(); ++i) check_enum(*file.enum_type(i), broken);
  for (int i = 0; i < file.message_type_count(); ++i) check_message(*file.message_type(i), broken);
  check_services(file, users, broken);
}

std::vector<std::string> broken_rules(const std::vector<const FileDescriptor*>& files) {
  Broken broken;
  Users users;
  for (const FileDescriptor* file : files) {
    check_file(*file, users, broken);
    // All of a package in one folder, and all of a folder in one package; and no option of one file alone.
    broken.ask(file->package() == files[0]->package(), "DIRECTORY_SAME_PACKAGE", file->name());
    const auto& options = file->options();
    const auto& first = files[0]->options();
    broken.ask(options.go_package() == first.go_package(), "PACKAGE_SAME_GO_PACKAGE", file->name());
    broken.ask(options.java_package() == first.java_package(), "PACKAGE_SAME_JAVA_PACKAGE", file->name());
    broken.ask(options.java_multiple_files() == first.java_multiple_files(),
               "PACKAGE_SAME_JAVA_MULTIPLE_FILES", file->name());
    broken.ask(options.csharp_namespace() == first.csharp_namespace(), "PACKAGE_SAME_CSHARP_NAMESPACE",
               file->name());
    broken.ask(options.php_namespace() == first.php_namespace(), "PACKAGE_SAME_PHP_NAMESPACE", file->name());
    broken.ask(options.ruby_package() == first.ruby_package(), "PACKAGE_SAME_RUBY_PACKAGE", file->name());
    broken.ask(options.swift_prefix() == first.swift_prefix(), "PACKAGE_SAME_SWIFT_PREFIX", file->name());
  }
  for (const auto& [name, times] : users) broken.ask(times == 1, "RPC_REQUEST_RESPONSE_UNIQUE", name);
  return broken.lines;
}

TEST(ProtoStyle, TheApiKeepsEveryRule) {
  const auto files = api_files();
  ASSERT_FALSE(files.empty());
  EXPECT_THAT(broken_rules(files), testing::IsEmpty());
}

// Two files in which everything is wrong, each thing once or more.
constexpr const char* kUglyOther = R"(
  name: "Other.proto" package: "Ugly" syntax: "proto2" options { go_package: "other" }
  message_type { name: "thing" field { name: "Must" number: 1 type: TYPE_INT32 label: LABEL_REQUIRED }
                 oneof_decl { name: "Which" }
                 field { name: "a" number: 2 type: TYPE_INT32 label: LABEL_OPTIONAL oneof_index: 0 } })";
constexpr const char* kUgly = R"(
  name: "ugly.proto" syntax: "proto2"
  options { java_package: "a" java_multiple_files: true csharp_namespace: "a" php_namespace: "a" ruby_package: "a"
            swift_prefix: "a" }
  dependency: "Other.proto" public_dependency: 0 weak_dependency: 0
  message_type { name: "Thing" }
  enum_type { name: "colour" options { allow_alias: true } value { name: "red" number: 1 } value { name: "r" number: 1 }
              value { name: "none" number: 0 } }
  service { name: "shop" method { name: "buy" input_type: ".Thing" output_type: ".Thing" } })";

TEST(ProtoStyle, EachRuleFindsWhatBreaksIt) {
  google::protobuf::DescriptorPool pool;
  std::vector<const FileDescriptor*> files;
  for (const char* text : {kUglyOther, kUgly}) {
    FileDescriptorProto file;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &file));
    files.push_back(pool.BuildFile(file));
    ASSERT_NE(files.back(), nullptr);
  }
  std::set<std::string> found;
  for (const std::string& line : broken_rules(files)) found.insert(line.substr(0, line.find(':')));
  EXPECT_THAT(
      found,
      testing::UnorderedElementsAre(
          "DIRECTORY_SAME_PACKAGE", "ENUM_FIRST_VALUE_ZERO", "ENUM_NO_ALLOW_ALIAS", "ENUM_PASCAL_CASE",
          "ENUM_VALUE_PREFIX", "ENUM_VALUE_UPPER_SNAKE_CASE", "ENUM_ZERO_VALUE_SUFFIX",
          "FIELD_LOWER_SNAKE_CASE", "FIELD_NOT_REQUIRED", "FILE_LOWER_SNAKE_CASE", "IMPORT_NO_PUBLIC",
          "IMPORT_NO_WEAK", "IMPORT_USED", "MESSAGE_PASCAL_CASE", "ONEOF_LOWER_SNAKE_CASE", "PACKAGE_DEFINED",
          "PACKAGE_DIRECTORY_MATCH", "PACKAGE_LOWER_SNAKE_CASE", "PACKAGE_SAME_CSHARP_NAMESPACE",
          "PACKAGE_SAME_GO_PACKAGE", "PACKAGE_SAME_JAVA_MULTIPLE_FILES", "PACKAGE_SAME_JAVA_PACKAGE",
          "PACKAGE_SAME_PHP_NAMESPACE", "PACKAGE_SAME_RUBY_PACKAGE", "PACKAGE_SAME_SWIFT_PREFIX",
          "PACKAGE_VERSION_SUFFIX", "RPC_PASCAL_CASE", "RPC_REQUEST_RESPONSE_UNIQUE",
          "RPC_REQUEST_STANDARD_NAME", "RPC_RESPONSE_STANDARD_NAME", "SERVICE_PASCAL_CASE", "SERVICE_SUFFIX",
          "SYNTAX_SPECIFIED"));
}

}  // namespace
}  // namespace moot::test
