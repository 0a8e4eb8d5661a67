#include "ledger/typed_data.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "crypto/keccak.hpp"
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

// The words of texts met before: ballots repeat the title and one of four choices. A few, searched in order; the texts must
// outlive this.
class TextWords {
 public:
  const crypto::Word& operator()(std::string_view text) {
    for (const auto& [known, word] : known_)
      if (known == text) return word;
    if (known_.size() == kMost) known_.clear();
    return known_.emplace_back(text, crypto::word_of_text(text)).second;
  }

 private:
  static constexpr std::size_t kMost = 16;
  std::vector<std::pair<std::string_view, crypto::Word>> known_;
};

struct FieldHasher {
  StructHasher& out;
  TextWords* words = nullptr;  // where several messages share texts
  template <class V>
  void operator()(signing::FieldName, std::string_view, const V& value) {
    if constexpr (!std::is_same_v<V, std::string_view>)
      out.add(value);
    else if (words)
      out.add_word((*words)(value));
    else
      out.text(value);
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
StructHasher message_of(const SigningContext& context, const P& payload, const Terms& terms,
                        TextWords* words = nullptr) {
  StructHasher hasher(message_type<P>().hash);
  hasher.add(context.organisation_word);
  signing::visit_message(context.organisation, payload, terms, TailHasher{{hasher, words}});
  return hasher;
}

template <class P>
Hash message_digest(const SigningContext& context, const P& payload, const Terms& terms) {
  return crypto::typed_data_digest(context.separator, message_of(context, payload, terms).finish());
}

Terms terms_of(const Transaction& tx) {
  return {.signer = tx.signer, .nonce = tx.nonce, .valid_until = tx.valid_until};
}

constexpr std::size_t kRun = 8;  // messages hashed side by side

// The ids of at most kRun transactions, all of kind P: their messages are then of one size.
template <class P>
void add_run(const SigningContext& context, std::span<const Transaction* const> run, TextWords& words,
             std::vector<TxId>& out) {
  std::array<std::optional<StructHasher>, kRun> structs;
  std::array<std::array<u8, 66>, kRun> envelopes;
  std::array<ByteView, kRun> views;
  std::array<Hash, kRun> hashes;
  const auto hash_all = [&] {
    crypto::keccak256_each(std::span(views).first(run.size()), std::span(hashes).first(run.size()));
  };
  for (std::size_t i = 0; i < run.size(); ++i) {
    structs[i] = message_of(context, std::get<P>(run[i]->payload), terms_of(*run[i]), &words);
    views[i] = structs[i]->message();
  }
  hash_all();
  for (std::size_t i = 0; i < run.size(); ++i) {
    envelopes[i] = crypto::typed_data_message({.separator = context.separator, .struct_hash = hashes[i]});
    views[i] = envelopes[i];
  }
  hash_all();
  for (std::size_t i = 0; i < run.size(); ++i) out.push_back(hashes[i].as<TxId>());
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
  return transaction_id(context, tx.payload, terms_of(tx));
}

std::vector<TxId> transaction_ids(const SigningContext& context, std::span<const Transaction* const> txs) {
  std::vector<TxId> out;
  out.reserve(txs.size());
  TextWords words;
  while (out.size() < txs.size()) {
    const auto rest = txs.subspan(out.size());
    std::size_t count = 1;
    while (count < std::min(kRun, rest.size()) && rest[count]->kind() == rest[0]->kind()) ++count;
    std::visit([&]<class P>(const P&) { add_run<P>(context, rest.first(count), words, out); },
               rest[0]->payload);
  }
  return out;
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
  signature_checks(context, tx, id, out);
  return id;
}

void signature_checks(const SigningContext& context, const Transaction& tx, const TxId& id,
                      std::vector<SignatureCheck>& out) {
  const crypto::VerifyJob job{.signature = {tx.signature}, .digest = id.as<Hash>(), .expected = tx.signer};
  out.push_back({.job = job, .carried = false, .index = std::nullopt});
  std::visit(CarriedChecks{.context = context, .tx = tx, .out = out}, tx.payload);
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

std::vector<crypto::VerifyJob> jobs_of(std::span<const SignatureCheck> checks) {
  std::vector<crypto::VerifyJob> jobs;
  jobs.reserve(checks.size());
  for (const SignatureCheck& check : checks) jobs.push_back(check.job);
  return jobs;
}

std::vector<VerifyResult> verify_checks(std::span<const SignatureCheck> checks) {
  const std::vector<crypto::VerifyJob> jobs = jobs_of(checks);
  std::vector<VerifyResult> results(jobs.size());
  crypto::verify_jobs(jobs, results);
  return results;
}

void SignatureChecks::add(const SigningContext& context, const Transaction& tx, const TxId& id) {
  signature_checks(context, tx, id, checks_);
  ends_.push_back(checks_.size());
}

std::span<const SignatureCheck> SignatureChecks::of(std::size_t place) const {
  return all().subspan(begin_of(place), ends_[place] - begin_of(place));
}

Verdict SignatureChecks::verdict(std::size_t place, std::span<const VerifyResult> results) const {
  return signature_verdict(of(place), results.subspan(begin_of(place), of(place).size()));
}

Verdict verify_signatures(const SigningContext& context, const Transaction& tx) {
  std::vector<SignatureCheck> checks;
  signature_checks(context, tx, checks);
  return signature_verdict(checks, verify_checks(checks));
}

}  // namespace moot::ledger
