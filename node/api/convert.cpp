#include "node/api/convert.hpp"

#include <utility>

#include "base/check.hpp"

namespace moot::node::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

template <class T>
struct is_amount : std::false_type {};
template <class Tag>
struct is_amount<Quantity<Tag, u128>> : std::true_type {};
template <class T>
struct is_quantity : std::false_type {};
template <class Tag, class Raw>
struct is_quantity<Quantity<Tag, Raw>> : std::true_type {};
template <class T>
struct is_id : std::false_type {};
template <class Tag>
struct is_id<Id<Tag>> : std::true_type {};
template <class T>
concept FixedBytes = requires(T& value) {
  value.bytes.size();
  value.bytes.data();
};
template <class T>
concept Text = std::is_same_v<T, std::string> || std::is_same_v<T, ledger::HashedText>;

std::string& text_of(std::string& value) { return value; }
std::string& text_of(ledger::HashedText& value) { return value.text; }
const std::string& text_of(const std::string& value) { return value; }
const std::string& text_of(const ledger::HashedText& value) { return value.text; }

const FieldDescriptor& field_of(const Descriptor& message, const char* name) {
  const FieldDescriptor* field = message.FindFieldByName(snake_case(name));
  MOOT_CHECK(field, "every described field stands in its message (convert_test)");
  return *field;
}

// ---- to protobuf ----

class MessageWriter {
 public:
  explicit MessageWriter(Message& out) : out_(out), reflection_(*out.GetReflection()) {}

  template <class T>
  void operator()(const char* name, const T& value) {
    put(field_of(*out_.GetDescriptor(), name), value);
  }

 private:
  template <class T>
  void put(const FieldDescriptor& field, const T& value) {
    if constexpr (is_amount<T>::value) {
      reflection_.SetString(&out_, &field, to_decimal(value.raw()));
    } else if constexpr (is_quantity<T>::value) {
      put(field, value.raw());
    } else if constexpr (is_id<T>::value) {
      put(field, value.value);
    } else if constexpr (std::is_same_v<T, bool>) {
      reflection_.SetBool(&out_, &field, value);
    } else if constexpr (std::is_enum_v<T>) {
      reflection_.SetEnumValue(&out_, &field, static_cast<int>(value) + kEnumOffset<T>);
    } else if constexpr (std::is_same_v<T, u64>) {
      reflection_.SetUInt64(&out_, &field, value);
    } else if constexpr (std::is_unsigned_v<T>) {
      reflection_.SetUInt32(&out_, &field, value);
    } else if constexpr (FixedBytes<T>) {
      reflection_.SetString(&out_, &field, to_bytes(value.bytes));
    } else if constexpr (Text<T>) {
      reflection_.SetString(&out_, &field, text_of(value));
    } else if constexpr (codec_detail::is_vector<T>::value) {
      for (const auto& item : value) fill(*reflection_.AddMessage(&out_, &field), item);
    } else {
      fill(*reflection_.MutableMessage(&out_, &field), value);
    }
  }

 public:
  template <class T>
  static void fill(Message& out, const T& value) {
    if constexpr (std::is_same_v<T, ledger::Action> || std::is_same_v<T, ledger::Payload>) {
      const FieldDescriptor* field =
          out.GetDescriptor()->FindFieldByNumber(static_cast<int>(value.index()) + 1);
      MOOT_CHECK(field, "every alternative stands in its message (convert_test)");
      Message& inner = *out.GetReflection()->MutableMessage(&out, field);
      std::visit([&inner](const auto& one) { fill(inner, one); }, value);
    } else {
      T::describe(value, MessageWriter(out));
    }
  }

 private:
  Message& out_;
  const Reflection& reflection_;
};

// ---- from protobuf ----

template <class Variant>
void emplace_at(Variant& out, std::size_t index) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((I == index ? static_cast<void>(out.template emplace<I>()) : void()), ...);
  }(std::make_index_sequence<std::variant_size_v<Variant>>{});
}

// The first wrong field stays in `error`, and nothing is read after it.
class MessageReader {
 public:
  MessageReader(const Message& in, std::string path, std::optional<FieldError>& error)
      : in_(in), reflection_(*in.GetReflection()), path_(std::move(path)), error_(error) {}

  template <class T>
  void operator()(const char* name, T& value) {
    if (!error_) get(field_of(*in_.GetDescriptor(), name), value);
  }

  template <class T>
  static void read(const Message& in, std::string path, std::optional<FieldError>& error, T& value) {
    if constexpr (std::is_same_v<T, ledger::Action> || std::is_same_v<T, ledger::Payload>) {
      const Reflection& reflection = *in.GetReflection();
      const FieldDescriptor* field =
          reflection.GetOneofFieldDescriptor(in, in.GetDescriptor()->oneof_decl(0));
      if (!field) {
        error = FieldError{std::move(path), "must hold exactly one of its kinds"};
        return;
      }
      emplace_at(value, static_cast<std::size_t>(field->number()) - 1);
      path += "." + field->name();
      const Message& inner = reflection.GetMessage(in, field);
      std::visit([&](auto& one) { read(inner, std::move(path), error, one); }, value);
    } else {
      T::describe(value, MessageReader(in, std::move(path), error));
    }
  }

 private:
  void refuse(const FieldDescriptor& field, std::string problem) {
    error_ = FieldError{path_ + "." + field.name(), std::move(problem)};
  }

  template <class T>
  void get(const FieldDescriptor& field, T& value) {
    if constexpr (is_amount<T>::value)
      get_amount(field, value);
    else if constexpr (is_quantity<T>::value)
      get_quantity(field, value);
    else if constexpr (is_id<T>::value)
      value = T{reflection_.GetUInt64(in_, &field)};
    else if constexpr (std::is_same_v<T, bool>)
      value = reflection_.GetBool(in_, &field);
    else if constexpr (std::is_enum_v<T>)
      get_enum(field, value);
    else if constexpr (std::is_same_v<T, u64>)
      value = reflection_.GetUInt64(in_, &field);
    else if constexpr (std::is_unsigned_v<T>)
      get_small(field, value);
    else if constexpr (FixedBytes<T>)
      get_fixed(field, value);
    else if constexpr (Text<T>)
      text_of(value) = reflection_.GetString(in_, &field);
    else if constexpr (codec_detail::is_vector<T>::value)
      get_list(field, value);
    else
      read(reflection_.GetMessage(in_, &field), path_ + "." + field.name(), error_, value);
  }

  template <class T>
  void get_quantity(const FieldDescriptor& field, T& value) {
    typename T::raw_type raw{};
    get(field, raw);
    value = T{raw};
  }

  template <class T>
  void get_amount(const FieldDescriptor& field, T& value) {
    const std::string text = reflection_.GetString(in_, &field);
    const auto raw = text.empty() ? std::optional<u128>{0} : from_decimal(text);
    if (!raw) return refuse(field, "must be the decimal text of an integer of base units below 2^128");
    value = T{*raw};
  }

  template <class T>
  void get_enum(const FieldDescriptor& field, T& value) {
    const int number = reflection_.GetEnumValue(in_, &field) - kEnumOffset<T>;
    value = static_cast<T>(number);
    if (number < 0 || number > 255 || !is_known(value))
      refuse(field, "must be one of the values that its enum names");
  }

  template <class T>
  void get_small(const FieldDescriptor& field, T& value) {
    const u32 raw = reflection_.GetUInt32(in_, &field);
    value = static_cast<T>(raw);
    if (value != raw) refuse(field, "must be at most " + std::to_string(std::numeric_limits<T>::max()));
  }

  template <class T>
  void get_fixed(const FieldDescriptor& field, T& value) {
    const std::string bytes = reflection_.GetString(in_, &field);
    if (bytes.empty()) return;  // not given: zero, which is what "none" is on the ledger
    if (bytes.size() != value.bytes.size())
      return refuse(field, "must be " + std::to_string(value.bytes.size()) + " bytes, not " +
                               std::to_string(bytes.size()));
    std::copy(bytes.begin(), bytes.end(), value.bytes.begin());
  }

  template <class T>
  void get_list(const FieldDescriptor& field, T& value) {
    const int count = reflection_.FieldSize(in_, &field);
    value.resize(static_cast<std::size_t>(count));
    for (int i = 0; i < count && !error_; ++i)
      read(reflection_.GetRepeatedMessage(in_, &field, i),
           path_ + "." + field.name() + "[" + std::to_string(i) + "]", error_,
           value[static_cast<std::size_t>(i)]);
  }

  const Message& in_;
  const Reflection& reflection_;
  std::string path_;
  std::optional<FieldError>& error_;
};

// ---- ballots, which are most of all transactions ----

void vote_to_proto(const ledger::Vote& vote, pb::Vote& out) {
  out.set_proposal(vote.proposal.value);
  out.set_proposal_hash(vote.proposal_hash.bytes.data(), vote.proposal_hash.bytes.size());
  out.set_title(vote.title);
  out.set_choice(enum_to_proto<pb::Choice>(vote.choice));
  out.set_reason(vote.reason);
}

Converted<ledger::Payload> vote_from_proto(const pb::Vote& in) {
  const std::string_view hash = in.proposal_hash();
  ledger::Vote vote{.proposal = ProposalId{in.proposal()},
                    .proposal_hash = {},
                    .title = in.title(),
                    .choice = static_cast<ledger::Choice>(in.choice()),
                    .reason = in.reason()};
  if (!hash.empty() && hash.size() != vote.proposal_hash.bytes.size())
    return std::unexpected(
        FieldError{"payload.vote.proposal_hash", "must be 32 bytes, not " + std::to_string(hash.size())});
  std::copy(hash.begin(), hash.end(), vote.proposal_hash.bytes.begin());
  if (in.choice() < 0 || in.choice() > 255 || !is_known(vote.choice))
    return std::unexpected(
        FieldError{"payload.vote.choice", "must be one of the values that its enum names"});
  return ledger::Payload{std::move(vote)};
}

}  // namespace

std::string snake_case(std::string_view camel) {
  std::string out;
  for (const char c : camel) {
    if (c >= 'A' && c <= 'Z') {
      out += '_';
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      out += c;
    }
  }
  return out;
}

std::optional<u128> from_decimal(std::string_view text) {
  if (text.empty() || text.size() > 39 || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  u128 value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<u128>(c - '0');
    if (value > (kMaxU128 - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

void to_proto(const ledger::Payload& payload, pb::Payload& out) {
  if (const auto* vote = std::get_if<ledger::Vote>(&payload))
    return vote_to_proto(*vote, *out.mutable_vote());
  MessageWriter::fill(out, payload);
}

void to_proto(const ledger::Action& action, pb::Action& out) { MessageWriter::fill(out, action); }
void to_proto(const ledger::Policy& policy, pb::Policy& out) { MessageWriter::fill(out, policy); }
void to_proto(const ledger::SaleTerms& terms, pb::SaleTerms& out) { MessageWriter::fill(out, terms); }

void to_proto(const ledger::Transaction& tx, pb::Transaction& out) {
  to_proto(tx.payload, *out.mutable_payload());
  out.set_signer(to_bytes(tx.signer.bytes));
  out.set_nonce(tx.nonce);
  out.set_valid_until_ms(tx.valid_until.raw());
  out.set_signature(to_bytes(tx.signature));
}

Converted<ledger::Payload> from_proto(const pb::Payload& in) {
  if (in.has_vote()) return vote_from_proto(in.vote());
  ledger::Payload out;
  std::optional<FieldError> error;
  MessageReader::read(in, "payload", error, out);
  if (error) return std::unexpected(std::move(*error));
  return out;
}

Converted<ledger::Transaction> from_proto(const pb::Transaction& in) {
  auto payload = from_proto(in.payload());
  if (!payload) return std::unexpected(std::move(payload.error()));
  ledger::Transaction tx{.payload = std::move(*payload),
                         .signer = {},
                         .nonce = in.nonce(),
                         .valid_until = TimeMs{in.valid_until_ms()}};
  const auto signer = fixed_from<Address>(in.signer());
  if (!signer)
    return std::unexpected(
        FieldError{"signer", "must be 20 bytes, not " + std::to_string(in.signer().size())});
  tx.signer = *signer;
  const std::string& signature = in.signature();
  if (!signature.empty() && signature.size() != tx.signature.size())
    return std::unexpected(
        FieldError{"signature", "must be 65 bytes, not " + std::to_string(signature.size())});
  std::copy(signature.begin(), signature.end(), tx.signature.begin());
  return tx;
}

}  // namespace moot::node::api
