#include "payments/nouns/payment.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/ascii.h"
#include "base/form_fields.h"

namespace acquit::payments {
namespace {

constexpr auto kCardParts = std::to_array<std::pair<std::string_view, std::string CardFacts::*>>({
    {"country", &CardFacts::country},
    {"product", &CardFacts::product},
    {"nature", &CardFacts::nature},
    {"category", &CardFacts::category},
    {"bank_code", &CardFacts::bank_code},
    {"bank_label", &CardFacts::bank_label},
});

constexpr auto kAuthenticationParts = std::to_array<std::pair<std::string_view, std::string AuthenticationResult::*>>({
    {"enrolled", &AuthenticationResult::enrolled},
    {"status", &AuthenticationResult::status},
    {"status_reason", &AuthenticationResult::status_reason},
    {"type", &AuthenticationResult::type},
    {"eci", &AuthenticationResult::eci},
    {"cavv", &AuthenticationResult::cavv},
    {"ds_transaction_id", &AuthenticationResult::ds_transaction_id},
    {"acs_transaction_id", &AuthenticationResult::acs_transaction_id},
    {"server_transaction_id", &AuthenticationResult::server_transaction_id},
    {"version", &AuthenticationResult::version},
    {"error", &AuthenticationResult::error},
    {"cardholder_info", &AuthenticationResult::cardholder_info},
});

template <class T, std::size_t N>
base::FormFields fields_of(const T& value, const std::array<std::pair<std::string_view, std::string T::*>, N>& parts) {
  base::FormFields fields;
  for (const auto& [name, part] : parts) {
    if (!(value.*part).empty()) fields.emplace_back(name, value.*part);
  }
  return fields;
}

template <class T, std::size_t N>
void take_fields(T& value, std::string_view text,
                 const std::array<std::pair<std::string_view, std::string T::*>, N>& parts) {
  const auto fields = base::parse_form(text);
  if (!fields) return;
  for (const auto& [name, content] : *fields) {
    for (const auto& [known, part] : parts) {
      if (known == name) value.*part = content;
    }
  }
}

}  // namespace

void Transaction::await_authorisation(base::Time now) {
  due.authorise_at = std::max(now, capture.at - std::chrono::days(1));
  due.at = capture.awaits_validation() ? capture.at : *due.authorise_at;
}

const Transaction& WholePayment::speaking() const {
  const auto good = std::ranges::find_if(
      transactions, [](const Transaction& t) { return t.kind == Kind::debit && is_success(t.state); });
  if (good != transactions.end()) return *good;
  const auto latest = std::ranges::find(transactions.rbegin(), transactions.rend(), 1, &Transaction::sequence);
  return latest == transactions.rend() ? transactions.back() : *latest;
}

std::string_view to_string(Source source) {
  switch (source) {
    case Source::ecommerce: return "EC";
    case Source::mail_order: return "MOTO";
    case Source::call_centre: return "CC";
    case Source::other: return "OTHER";
  }
  return "EC";
}

bool is_online(Source source) {
  switch (source) {
    case Source::ecommerce:
    case Source::other: return true;
    case Source::mail_order:
    case Source::call_centre: return false;
  }
  return true;
}

std::optional<Source> parse_source(std::string_view text) {
  for (const Source source : {Source::ecommerce, Source::mail_order, Source::call_centre, Source::other}) {
    if (to_string(source) == text) return source;
  }
  return std::nullopt;
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::debit: return "debit";
    case Kind::credit: return "credit";
    case Kind::verification: return "verification";
  }
  return "debit";
}

std::optional<Kind> parse_kind(std::string_view text) {
  for (const Kind kind : {Kind::debit, Kind::credit, Kind::verification}) {
    if (to_string(kind) == text) return kind;
  }
  return std::nullopt;
}

std::string_view to_string(ChallengePreference preference) {
  switch (preference) {
    case ChallengePreference::none: return "none";
    case ChallengePreference::frictionless: return "frictionless";
    case ChallengePreference::challenge: return "challenge";
    case ChallengePreference::mandate: return "mandate";
  }
  return "none";
}

ChallengePreference parse_challenge_preference(std::string_view text) {
  using enum ChallengePreference;
  for (const ChallengePreference preference : {frictionless, challenge, mandate}) {
    if (to_string(preference) == text) return preference;
  }
  return none;
}

bool Means::allow(std::string_view method) const {
  return methods.empty() || std::ranges::find(methods, method) != methods.end();
}

bool Means::allow(const merchants::Contract& contract) const {
  return allow(contract.method) && (contracts.empty() || std::ranges::find(contracts, contract.id) != contracts.end());
}

std::string to_text(const CardFacts& facts) { return base::to_form(fields_of(facts, kCardParts)); }

CardFacts parse_card_facts(std::string_view text) {
  CardFacts facts;
  take_fields(facts, text, kCardParts);
  return facts;
}

std::string to_text(const AuthenticationResult& result) {
  base::FormFields fields = fields_of(result, kAuthenticationParts);
  if (result.liability_shift) fields.emplace_back("liability_shift", "yes");
  return base::to_form(fields);
}

AuthenticationResult parse_authentication_result(std::string_view text) {
  AuthenticationResult result;
  take_fields(result, text, kAuthenticationParts);
  result.liability_shift = text.ends_with("liability_shift=yes");
  return result;
}

Transaction born_of(const Transaction& from, TransactionId id, base::Time now) {
  return {.shop = from.shop,
          .id = id,
          .payment = from.payment,
          .attempt = from.attempt,
          .amount = from.amount,
          .contract_id = from.contract_id,
          .method = from.method,
          .card = from.card,
          .reference = retrieval_reference(id),
          .created_at = now};
}

std::string_view number_of(std::string_view key) { return key.substr(0, key.rfind('/')); }

std::string retrieval_reference(const TransactionId& id) { return base::ascii_upper(id.hex().substr(20)); }

}  // namespace acquit::payments
