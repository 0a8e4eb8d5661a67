// What wallets show and sign: the same fields as typed_data.cpp hashes, as text.
#include <algorithm>
#include <string>

#include "base/math.hpp"
#include "crypto/keys.hpp"
#include "ledger/signed_fields.hpp"
#include "ledger/typed_data.hpp"

namespace moot::ledger {
namespace {

// A value as a person and a JSON string show it.
template <class T>
std::string shown(const T& value) {
  if constexpr (std::is_same_v<T, bool>)
    return value ? "true" : "false";
  else if constexpr (std::is_same_v<T, std::string_view>)
    return std::string{value};
  else if constexpr (std::is_same_v<T, Address>)
    return crypto::to_eip55(value);
  else if constexpr (requires { value.raw(); })
    return to_decimal(value.raw());
  else if constexpr (requires { value.value; })
    return to_decimal(value.value);
  else if constexpr (requires { value.bytes; })
    return "0x" + to_hex(value.view());
  else
    return to_decimal(value);
}

struct FieldLister {
  std::vector<SignedField>& out;
  template <class V>
  void operator()(signing::FieldName name, std::string_view type, const V& value) {
    out.push_back({std::string{name.stem}.append(name.suffix), std::string{type}, shown(value)});
  }
};

template <class Statement>
SignedMessage listed(const SigningContext& context, const Statement& statement) {
  SignedMessage out{.primary_type = std::string{Statement::kType}, .fields = {}};
  signing::visit_statement(context.organisation, statement, FieldLister{out.fields});
  return out;
}

// JSON leaves every character but the quote, the backslash and C0 controls as it is.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const u8 byte = static_cast<u8>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20) {
      out.append("\\u00").append(to_hex({&byte, 1}));
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
  return out;
}

std::string pair(std::string_view key, const std::string& json) { return quoted(key) + ":" + json; }

std::string type_list(const std::vector<SignedField>& fields) {
  std::string out = "[";
  for (const SignedField& field : fields) {
    if (out.size() > 1) out.push_back(',');
    out += "{" + pair("name", quoted(field.name)) + "," + pair("type", quoted(field.type)) + "}";
  }
  return out + "]";
}

std::string object(const std::vector<SignedField>& fields) {
  std::string out = "{";
  for (const SignedField& field : fields) {
    if (out.size() > 1) out.push_back(',');
    out += pair(field.name, field.type == "bool" ? field.value : quoted(field.value));
  }
  return out + "}";
}

}  // namespace

SignedMessage signed_message(const SigningContext& context, const Payload& payload, const Terms& terms) {
  SignedMessage out{.primary_type = std::string{word(kind_of(payload))}, .fields = {}};
  std::visit(
      [&](const auto& p) { signing::visit_message(context.organisation, p, terms, FieldLister{out.fields}); },
      payload);
  return out;
}

SignedMessage signed_message(const SigningContext& context, const Invite& statement) {
  return listed(context, statement);
}
SignedMessage signed_message(const SigningContext& context, const ContributionStatement& statement) {
  return listed(context, statement);
}
SignedMessage signed_message(const SigningContext& context, const AcceptKey& statement) {
  return listed(context, statement);
}

std::string typed_data_json(const SigningContext& context, const SignedMessage& message) {
  const std::vector<SignedField> domain{
      {"name", "string", std::string{kDomainName}},
      {"version", "string", std::string{kDomainVersion}},
      {"salt", "bytes32", shown(context.ledger_id)},
  };
  const std::string types = "{" + pair("EIP712Domain", type_list(domain)) + "," +
                            pair(message.primary_type, type_list(message.fields)) + "}";
  return "{" + pair("types", types) + "," + pair("primaryType", quoted(message.primary_type)) + "," +
         pair("domain", object(domain)) + "," + pair("message", object(message.fields)) + "}";
}

}  // namespace moot::ledger
