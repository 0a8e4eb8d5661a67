// One description drives the messages: every described field must stand in its message with the right type, and every
// value must come back as it went.
#include "node/api/convert.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/random.hpp"
#include "ledger/tx_error.hpp"

namespace moot::node::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Type = FieldDescriptor::Type;

template <class T>
constexpr bool kIsFixed = requires(T& value) { value.bytes.size(); };

template <class T>
std::string expected_type() {
  if constexpr (requires { typename T::raw_type; }) {
    if constexpr (std::is_same_v<typename T::raw_type, u128>)
      return "string";
    else
      return expected_type<typename T::raw_type>();
  } else if constexpr (std::is_same_v<T, bool>)
    return "bool";
  else if constexpr (std::is_enum_v<T>)
    return "enum";
  else if constexpr (std::is_same_v<T, u64> || requires(T& v) {
                       v.value;
                       v <=> v;
                     })
    return "uint64";
  else if constexpr (std::is_unsigned_v<T>)
    return "uint32";
  else if constexpr (kIsFixed<T>)
    return "bytes";
  else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, ledger::HashedText>)
    return "string";
  else if constexpr (codec_detail::is_vector<T>::value)
    return "repeated message";
  else
    return "message";
}

std::string actual_type(const FieldDescriptor& field) {
  return (field.is_repeated() ? "repeated " : "") + std::string(field.type_name());
}

// Compares a struct's description with its message, and goes into the structs inside.
template <class T>
void check_message(const Descriptor& message, std::set<std::string>& seen);

template <class T>
void check_field_type(const FieldDescriptor& field, std::set<std::string>& seen) {
  EXPECT_EQ(actual_type(field), expected_type<T>()) << field.full_name();
  if constexpr (codec_detail::is_vector<T>::value) {
    check_message<typename T::value_type>(*field.message_type(), seen);
  } else if constexpr (Described<T>) {
    check_message<T>(*field.message_type(), seen);
  }
}

template <class Variant>
void check_oneof(const Descriptor& message, std::set<std::string>& seen) {
  ASSERT_EQ(message.field_count(), static_cast<int>(std::variant_size_v<Variant>)) << message.full_name();
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check_message<std::variant_alternative_t<I, Variant>>(*message.FindFieldByNumber(I + 1)->message_type(),
                                                           seen),
     ...);
  }(std::make_index_sequence<std::variant_size_v<Variant>>{});
}

template <class T>
void check_message(const Descriptor& message, std::set<std::string>& seen) {
  seen.insert(message.name());
  if constexpr (std::is_same_v<T, ledger::Action> || std::is_same_v<T, ledger::Payload>) {
    check_oneof<T>(message, seen);
  } else {
    int described = 0;
    T value{};
    T::describe(value, [&]<class F>(const char* name, F&) {
      ++described;
      const FieldDescriptor* field = message.FindFieldByName(snake_case(name));
      ASSERT_NE(field, nullptr) << message.full_name() << " lacks " << snake_case(name);
      check_field_type<F>(*field, seen);
    });
    EXPECT_EQ(message.field_count(), described)
        << message.full_name() << " has fields that nothing describes";
  }
}

TEST(Convert, EveryDescribedFieldStandsInItsMessageWithItsType) {
  std::set<std::string> seen;
  check_message<ledger::Payload>(*pb::Payload::descriptor(), seen);
  EXPECT_TRUE(seen.contains("Vote"));
  EXPECT_TRUE(seen.contains("Policy"));
  EXPECT_TRUE(seen.contains("Settlement"));
}

TEST(Convert, AKindsMessageBearsTheKindsName) {
  for (int kind = 1; kind <= static_cast<int>(std::variant_size_v<ledger::Payload>); ++kind) {
    const FieldDescriptor* field = pb::Payload::descriptor()->FindFieldByNumber(kind);
    ASSERT_NE(field, nullptr) << kind;
    std::string wanted(word(static_cast<ledger::TxKind>(kind)));
    if (wanted == "DelegateVotes") wanted = "SetDelegate";  // signed under a name that wallets do not filter
    if (wanted == "AuditAttestation") wanted = "AttestAudit";
    EXPECT_EQ(field->message_type()->name(), wanted);
  }
}

// Fills any described value with random, valid contents.
class Filler {
 public:
  explicit Filler(u64 seed) : random_(seed) {}

  template <class T>
  void fill(T& value) {
    if constexpr (std::is_same_v<T, ledger::Payload> || std::is_same_v<T, ledger::Action>) {
      choose(value, random_.below(std::variant_size_v<T>));
    } else if constexpr (requires { typename T::raw_type; }) {
      typename T::raw_type raw{};
      fill(raw);
      value = T{raw};
    } else if constexpr (std::is_same_v<T, u128>) {
      value = static_cast<u128>(random_.next()) << 64 | random_.next();
    } else if constexpr (std::is_same_v<T, bool>) {
      value = random_.below(2) == 1;
    } else if constexpr (std::is_enum_v<T>) {
      do value = static_cast<T>(random_.below(40));
      while (!is_known(value));
    } else if constexpr (std::is_unsigned_v<T>) {
      value = static_cast<T>(random_.next());
    } else if constexpr (kIsFixed<T>) {
      random_.fill(value.bytes);
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = std::string(random_.below(20), 'x') + "é" + std::to_string(random_.next());
    } else if constexpr (std::is_same_v<T, ledger::HashedText>) {
      fill(value.text);
    } else if constexpr (codec_detail::is_vector<T>::value) {
      value.resize(random_.below(4));
      for (auto& item : value) fill(item);
    } else if constexpr (Described<T>) {
      T::describe(value, [this](const char*, auto& field) { this->fill(field); });
    } else {
      fill(value.value);  // an Id
    }
  }

  template <class Variant>
  void choose(Variant& value, std::size_t index) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((I == index ? fill(value.template emplace<I>()) : void()), ...);
    }(std::make_index_sequence<std::variant_size_v<Variant>>{});
  }

 private:
  SeededRandom random_;
};

TEST(Convert, RandomTransactionsOfEveryKindComeBackAsTheyWent) {
  Filler filler(20'260'131);
  for (std::size_t kind = 0; kind < std::variant_size_v<ledger::Payload>; ++kind) {
    for (int round = 0; round < 20; ++round) {
      ledger::Transaction tx;
      filler.choose(tx.payload, kind);
      filler.fill(tx.signer);
      filler.fill(tx.nonce);
      filler.fill(tx.valid_until);
      for (u8& byte : tx.signature) filler.fill(byte);
      pb::Transaction message;
      to_proto(tx, message);
      pb::Transaction wire;
      ASSERT_TRUE(wire.ParseFromString(message.SerializeAsString()));
      const auto back = from_proto(wire);
      ASSERT_TRUE(back) << back.error().field << " " << back.error().problem;
      ASSERT_EQ(*back, tx) << word(tx.kind());
      ASSERT_EQ(encode_transaction(*back), encode_transaction(tx));
    }
  }
}

pb::Transaction transfer_message() {
  pb::Transaction message;
  message.set_signer(std::string(20, 'a'));
  auto& transfer = *message.mutable_payload()->mutable_transfer();
  transfer.set_to(std::string(20, 'b'));
  transfer.set_amount("55000000000");
  return message;
}

TEST(Convert, AWrongFieldIsNamedByItsPath) {
  auto message = transfer_message();
  ASSERT_TRUE(from_proto(message));
  message.mutable_payload()->mutable_transfer()->set_to("short");
  EXPECT_EQ(from_proto(message).error().field, "payload.transfer.to");
  message = transfer_message();
  message.mutable_payload()->mutable_transfer()->set_amount("1.5");
  EXPECT_EQ(from_proto(message).error().field, "payload.transfer.amount");
  message = transfer_message();
  message.set_signer("");
  EXPECT_EQ(from_proto(message).error().field, "signer");
  message = transfer_message();
  message.set_signature(std::string(64, 's'));
  EXPECT_EQ(from_proto(message).error().field, "signature");
  message.clear_payload();
  EXPECT_EQ(from_proto(message).error().field, "payload");
  auto& grants = *message.mutable_payload()->mutable_settle_redemptions();
  grants.add_items();
  EXPECT_TRUE(from_proto(message.payload()));
  auto& propose = *message.mutable_payload()->mutable_propose();
  EXPECT_EQ(from_proto(message).error().field, "payload.propose.kind") << "a kind must be given";
  propose.set_kind(pb::PROPOSAL_KIND_TEXT);
  propose.add_actions();
  EXPECT_EQ(from_proto(message).error().field, "payload.propose.actions[0]");
  propose.mutable_actions(0)->mutable_asset_creation()->set_decimals(256);
  EXPECT_EQ(from_proto(message).error().field, "payload.propose.actions[0].asset_creation.decimals");
}

TEST(Convert, ABallotsFieldsAreCheckedOnItsOwnPath) {
  pb::Payload payload;
  payload.mutable_vote()->set_proposal_hash("abc");
  EXPECT_EQ(from_proto(payload).error().field, "payload.vote.proposal_hash");
  payload.mutable_vote()->set_proposal_hash(std::string(32, 'h'));
  payload.mutable_vote()->set_choice(static_cast<pb::Choice>(9));
  EXPECT_EQ(from_proto(payload).error().field, "payload.vote.choice");
  payload.mutable_vote()->set_choice(static_cast<pb::Choice>(-255));
  EXPECT_EQ(from_proto(payload).error().field, "payload.vote.choice");
}

TEST(Convert, DecimalTextsOfAmountsAreStrict) {
  EXPECT_EQ(to_decimal(0), "0");
  EXPECT_EQ(to_decimal(kMaxU128), "340282366920938463463374607431768211455");
  EXPECT_EQ(from_decimal("340282366920938463463374607431768211455"), kMaxU128);
  for (const char* bad :
       {"", "00", "01", "-1", "+1", " 1", "1 ", "1e3", "340282366920938463463374607431768211456",
        "999999999999999999999999999999999999999", "1000000000000000000000000000000000000000"})
    EXPECT_FALSE(from_decimal(bad)) << bad;
}

TEST(Errors, ReasonsInTheProtoAreExactlyThoseOfTheLedger) {
  const auto& reasons = *pb::TxErrorReason_descriptor();
  ASSERT_EQ(static_cast<std::size_t>(reasons.value_count()), ledger::all_tx_errors().size() + 1);
  for (const ledger::TxError code : ledger::all_tx_errors()) {
    const auto* value = reasons.FindValueByNumber(static_cast<int>(code));
    ASSERT_NE(value, nullptr) << reason(code);
    EXPECT_EQ(value->name(), "TX_ERROR_REASON_" + std::string(reason(code)));
  }
}

template <class E>
void expect_same_words(const google::protobuf::EnumDescriptor& proto, int first, int last) {
  EXPECT_EQ(proto.value_count(), last - first + 2) << proto.name();
  for (int number = first; number <= last; ++number) {
    std::string wanted;
    for (const char c : word(static_cast<E>(number))) {
      if (c >= 'A' && c <= 'Z' && !wanted.empty()) wanted += '_';
      wanted += c == '-' || c == ' ' ? '_' : static_cast<char>(std::toupper(c));
    }
    const auto* value = proto.FindValueByNumber(number + kEnumOffset<E>);
    ASSERT_NE(value, nullptr) << proto.name() << " " << number;
    EXPECT_TRUE(value->name().ends_with("_" + wanted)) << value->name() << " is not " << wanted;
  }
}

TEST(Convert, EnumerationsAgreeInNumberAndWord) {
  expect_same_words<ledger::Role>(*pb::Role_descriptor(), 1, 6);
  expect_same_words<ledger::Choice>(*pb::Choice_descriptor(), 1, 4);
  expect_same_words<ledger::MemberStatus>(*pb::MemberStatus_descriptor(), 1, 4);
  expect_same_words<ledger::ProposalKind>(*pb::ProposalKind_descriptor(), 0, 8);
  expect_same_words<ledger::ProposalState>(*pb::ProposalState_descriptor(), 1, 8);
  expect_same_words<ledger::SaleState>(*pb::SaleState_descriptor(), 1, 6);
  expect_same_words<ledger::AssetKind>(*pb::AssetKind_descriptor(), 1, 2);
  expect_same_words<ledger::RedemptionState>(*pb::RedemptionState_descriptor(), 1, 4);
}

}  // namespace
}  // namespace moot::node::api
