#include "ledger/typed_data.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "crypto/sha256.hpp"
#include "crypto/typed_data.hpp"
#include "ledger/signed_fields.hpp"

namespace moot::ledger {
namespace {

using crypto::StructHasher;
using crypto::VerifyResult;

struct TypeInfo {
  std::string encoded;
  Hash hash;
};

// Collects "string organisation,uint64 proposal".
struct TypeWriter {
  std::string& out;
  template <class V>
  void operator()(signing::FieldName name, std::string_view type, const V&) {
    if (out.back() != '(') out.push_back(',');
    out.append(type).append(" ").append(name.stem).append(name.suffix);
  }
};

struct FieldHasher {
  StructHasher& out;
  template <class V>
  void operator()(signing::FieldName, std::string_view, const V& value) {
    if constexpr (std::is_same_v<V, std::string_view>)
      out.text(value);
    else
      out.add(value);
  }
};

// Skips the organisation, whose word is already known.
struct TailHasher {
  FieldHasher inner;
  bool first = true;
  template <class V>
  void operator()(signing::FieldName name, std::string_view type, const V& value) {
    if (!std::exchange(first, false)) inner(name, type, value);
  }
};

TypeInfo finish_type(std::string open) {
  open.push_back(')');
  const Hash hash = crypto::type_hash(open);
  return {.encoded = std::move(open), .hash = hash};
}

template <class P>
const TypeInfo& message_type() {
  static const TypeInfo info = [] {
    std::string text{word(P::kKind)};
    text.push_back('(');
    signing::visit_message({}, P{}, Terms{}, TypeWriter{text});
    return finish_type(std::move(text));
  }();
  return info;
}

template <class Statement>
const TypeInfo& statement_type() {
  static const TypeInfo info = [] {
    std::string text{Statement::kType};
    text.push_back('(');
    signing::visit_statement({}, Statement{}, TypeWriter{text});
    return finish_type(std::move(text));
  }();
  return info;
}

template <class P>
Hash message_digest(const SigningContext& context, const P& payload, const Terms& terms) {
  StructHasher hasher(message_type<P>().hash);
  hasher.add(context.organisation_word);
  signing::visit_message(context.organisation, payload, terms, TailHasher{{hasher}});
  return crypto::typed_data_digest(context.separator, hasher.finish());
}

template <class Statement>
Hash digest_of(const SigningContext& context, const Statement& statement) {
  StructHasher hasher(statement_type<Statement>().hash);
  hasher.add(context.organisation_word);
  signing::visit_statement(context.organisation, statement, TailHasher{{hasher}});
  return crypto::typed_data_digest(context.separator, hasher.finish());
}

// Appends the signatures that travel inside a payload.
struct CarriedChecks {
  const SigningContext& context;
  const Transaction& tx;
  std::vector<SignatureCheck>& out;

  void operator()(const Join& join) {
    const Invite invite{
        .code = join.invite_code, .registrar = join.registrar, .valid_until = join.invite_valid_until};
    add(join.invite_signature, statement_digest(context, invite), join.registrar);
  }
  void operator()(const RotateKey& rotate) {
    const AcceptKey accept{.previous = tx.signer, .next = rotate.new_address, .nonce = tx.nonce};
    add(rotate.new_signature, statement_digest(context, accept), rotate.new_address);
  }
  void operator()(const RecordContributions& record) {
    for (u32 i = 0; i < record.contributions.size(); ++i) {
      const Contribution& item = record.contributions[i];
      add(item.signature, statement_digest(context, statement_of(record.share_class, item)), item.attestor);
      out.back().index = i;
    }
  }
  template <class Other>
  void operator()(const Other&) {}

  void add(const CarriedSignature& signature, const Hash& digest, const Address& signer) {
    const crypto::VerifyJob job{.signature = {signature.bytes}, .digest = digest, .expected = signer};
    out.push_back({.job = job, .carried = true, .index = std::nullopt});
  }
};

}  // namespace

SigningContext signing_context(std::string organisation, const LedgerId& ledger_id) {
  const crypto::Domain domain{.name = kDomainName, .version = kDomainVersion, .salt = ledger_id.as<Hash>()};
  const Hash word{crypto::word_of_text(organisation)};
  return {.organisation = std::move(organisation),
          .ledger_id = ledger_id,
          .separator = crypto::domain_separator(domain),
          .organisation_word = word};
}

Hash text_hash(std::string_view text) {
  static const crypto::TaggedHasher hasher("moot/text");
  return hasher(as_bytes(text));
}

Hash list_hash(ByteView encoded_list) {
  static const crypto::TaggedHasher hasher("moot/list");
  return hasher(encoded_list);
}

TxId transaction_id(const SigningContext& context, const Payload& payload, const Terms& terms) {
  return std::visit([&](const auto& p) { return message_digest(context, p, terms); }, payload).as<TxId>();
}

TxId transaction_id(const SigningContext& context, const Transaction& tx) {
  return transaction_id(context, tx.payload,
                        {.signer = tx.signer, .nonce = tx.nonce, .valid_until = tx.valid_until});
}

std::string_view type_string(TxKind kind) {
  return std::visit([]<class P>(const P&) -> std::string_view { return message_type<P>().encoded; },
                    empty_payload(kind));
}

Hash statement_digest(const SigningContext& context, const Invite& statement) {
  return digest_of(context, statement);
}
Hash statement_digest(const SigningContext& context, const ContributionStatement& statement) {
  return digest_of(context, statement);
}
Hash statement_digest(const SigningContext& context, const AcceptKey& statement) {
  return digest_of(context, statement);
}

ContributionStatement statement_of(ClassId share_class, const Contribution& contribution) {
  return {.share_class = share_class,
          .member = contribution.member,
          .units = contribution.units,
          .content_hash = contribution.content_hash,
          .attestor = contribution.attestor,
          .valid_until = contribution.valid_until};
}

TxId signature_checks(const SigningContext& context, const Transaction& tx,
                      std::vector<SignatureCheck>& out) {
  const TxId id = transaction_id(context, tx);
  const crypto::VerifyJob job{.signature = {tx.signature}, .digest = id.as<Hash>(), .expected = tx.signer};
  out.push_back({.job = job, .carried = false, .index = std::nullopt});
  std::visit(CarriedChecks{.context = context, .tx = tx, .out = out}, tx.payload);
  return id;
}

Verdict signature_verdict(std::span<const SignatureCheck> checks, std::span<const VerifyResult> results) {
  MOOT_CHECK(checks.size() == results.size(), "one result a check");
  const auto first = [&](VerifyResult result) {
    return std::ranges::find(results, result) - results.begin();
  };
  const std::size_t bad = first(VerifyResult::bad_signature);
  if (bad < checks.size()) return std::unexpected(Refusal{TxError::bad_signature, checks[bad].index});
  const std::size_t wrong = first(VerifyResult::wrong_signer);
  if (wrong == checks.size()) return {};
  const TxError code = checks[wrong].carried ? TxError::carried_signature_mismatch : TxError::signer_mismatch;
  return std::unexpected(Refusal{code, checks[wrong].index});
}

Verdict verify_signatures(const SigningContext& context, const Transaction& tx) {
  std::vector<SignatureCheck> checks;
  signature_checks(context, tx, checks);
  std::vector<VerifyResult> results;
  results.reserve(checks.size());
  for (const SignatureCheck& check : checks) results.push_back(crypto::verify_job(check.job));
  return signature_verdict(checks, results);
}

}  // namespace moot::ledger
