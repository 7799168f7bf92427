#include "protocols/vads/answer.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <unordered_map>

#include "base/ascii.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/list.h"
#include "base/utf8.h"
#include "payments/checkout/create_payment.h"
#include "payments/nouns/calendar.h"
#include "payments/nouns/card.h"
#include "protocols/vads/amounts.h"
#include "protocols/vads/answer_values.h"
#include "protocols/vads/card_data.h"
#include "protocols/vads/fields.h"
#include "protocols/vads/form_errors.h"
#include "protocols/vads/return_room.h"
#include "protocols/vads/signature.h"
#include "protocols/vads/statuses.h"

namespace acquit::vads {
namespace {

using payments::State;
using payments::Transaction;

constexpr std::array<std::string_view, 3> kOfNotifications{"vads_hash", "vads_url_check_src", "vads_unknown_fields"};
constexpr std::size_t kUnknownShown = 255;  // Bytes.

// What real gateways leave out rather than send empty, where there is no transaction: numbers, dates and structures, on
// which libraries fail that parse whatever is there. Texts stay, empty, for those that fail on what is absent.
constexpr auto kNoneRatherThanEmpty = std::to_array<std::string_view>(
    {"vads_trans_uuid", "vads_operation_type", "vads_sequence_number", "vads_effective_creation_date",
     "vads_brand_management", "vads_expiry_month", "vads_expiry_year"});

// Builds the answer in one pass; a field set twice keeps the later value, so an echo never outlives our own word.
class Fields {
 public:
  void set(std::string name, std::string value) {
    const auto [known, added] = places_.try_emplace(name, fields_.size());
    if (added) {
      fields_.emplace_back(std::move(name), std::move(value));
    } else {
      fields_[known->second].second = std::move(value);
    }
  }
  void set_if_absent(const std::string& name, std::string value) {
    if (!places_.contains(name)) set(name, std::move(value));
  }
  [[nodiscard]] std::string get(const std::string& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? std::string() : fields_[found->second].second;
  }
  base::FormFields take() {
    std::erase_if(fields_, [](const auto& field) {
      return field.second.empty() && std::ranges::find(kNoneRatherThanEmpty, field.first) != kNoneRatherThanEmpty.end();
    });
    return std::move(fields_);
  }

 private:
  base::FormFields fields_;
  std::unordered_map<std::string, std::size_t> places_;
};

// "&signature=" and 44 characters of base64, each of them escaped.
constexpr std::size_t kSignatureMax = 143;

// What a form may say too: echoed as it came where we have no word of our own.
constexpr auto kShared = std::to_array<std::string_view>(
    {"vads_amount", "vads_capture_delay", "vads_validation_mode", "vads_payment_src", "vads_language",
     "vads_identifier", "vads_subscription", "vads_threeds_enrolled", "vads_threeds_status", "vads_threeds_cavv",
     "vads_threeds_cavvAlgorithm", "vads_threeds_eci", "vads_threeds_xid"});
// What only we say, whatever the form said of it.
constexpr auto kResults = std::to_array<std::string_view>({"vads_result",
                                                           "vads_extra_result",
                                                           "vads_trans_status",
                                                           "vads_trans_uuid",
                                                           "vads_operation_type",
                                                           "vads_occurrence_type",
                                                           "vads_sequence_number",
                                                           "vads_payment_seq",
                                                           "vads_payment_certificate",
                                                           "vads_payment_error",
                                                           "vads_effective_amount",
                                                           "vads_effective_currency",
                                                           "vads_change_rate",
                                                           "vads_effective_creation_date",
                                                           "vads_presentation_date",
                                                           "vads_contract_used",
                                                           "vads_acquirer_network",
                                                           "vads_card_brand",
                                                           "vads_brand_management",
                                                           "vads_card_number",
                                                           "vads_expiry_month",
                                                           "vads_expiry_year",
                                                           "vads_card_holder_name",
                                                           "vads_card_country",
                                                           "vads_card_nature",
                                                           "vads_card_product_category",
                                                           "vads_bank_code",
                                                           "vads_bank_label",
                                                           "vads_bank_product",
                                                           "vads_wallet",
                                                           "vads_pays_ip",
                                                           "vads_auth_result",
                                                           "vads_auth_mode",
                                                           "vads_auth_number",
                                                           "vads_warranty_result",
                                                           "vads_risk_control",
                                                           "vads_risk_assessment_result",
                                                           "vads_risk_analysis_result",
                                                           "vads_avs_result",
                                                           "vads_threeds_auth_type",
                                                           "vads_threeds_sign_valid",
                                                           "vads_threeds_exit_status",
                                                           "vads_threeds_error_code",
                                                           "vads_initial_issuer_transaction_identifier",
                                                           "vads_identifier_status",
                                                           "vads_identifier_previously_registered",
                                                           "vads_recurrence_status",
                                                           "vads_recurrence_number"});

// Nobody decided: a machine on the way failed, or we took back what had no answer (lyra.md §1.14).
constexpr auto kTechnical = std::to_array<std::string_view>({"96", "97", "98", "99"});
bool is_technical(const Transaction& t) {
  return std::ranges::find(kTechnical, t.answer.response_code) != kTechnical.end();
}

// The buyer has not finished, or left: the shop's side of it has no transaction yet (lyra.md §1.13, ABANDONED).
bool is_unfinished(State state) {
  return state == State::initiated || state == State::authenticating || state == State::abandoned;
}

// Proof of an accepted payment for the shop's files: forty hex digits, made with the key.
std::string certificate(const notifications::Subject& subject) {
  const Transaction& t = subject.transaction;
  if (!payments::is_success(t.state)) return {};
  const auto& key = form_key(*subject.shop, subject.payment.mode);
  return base::to_hex(base::sha1(t.id.hex() + "+" + std::to_string(t.amount.minor()) + "+" +
                                 t.answer.authorisation_code + "+" + std::string(key.reveal())));
}

std::string warranty(const Transaction& t) {
  if (!payments::is_success(t.state)) return "NO";
  return t.authentication.liability_shift ? "YES" : "NO";
}

std::string brand_management(const notifications::Subject& subject) {
  const Transaction& t = subject.transaction;
  const std::string list = base::join(payments::brands_of(t.card.masked.substr(0, 6)), "|");
  return boost::json::serialize(
      boost::json::object{{"userChoice", t.card.brand_chosen}, {"brandList", list}, {"brand", t.method}});
}

std::string occurrence_type(const payments::Payment& payment, const Transaction& t) {
  if (payment.plan.is_single()) return "UNITAIRE";
  if (t.sequence == 1) return "RECURRENT_INITIAL";
  const bool last = t.sequence == static_cast<int>(payment.plan.of(payment.amount).size());
  return last ? "RECURRENT_FINAL" : "RECURRENT_INTERMEDIAIRE";
}

std::string operation_type(payments::Kind kind) {
  switch (kind) {
    case payments::Kind::credit: return "CREDIT";
    case payments::Kind::debit: return "DEBIT";
    case payments::Kind::verification: break;
  }
  return "VERIFICATION";
}

// Names that this protocol does not know: the shop's own, or what a buyer made of known ones (ADR 0017).
std::string unknown_names(const base::FormFields& asked) {
  std::string names;
  for (const auto& [name, value] : asked) {
    if (find_rule(name) == nullptr) base::append_part(names, name, ";");
  }
  return std::string(base::utf8_prefix(names, kUnknownShown));
}

void echo(Fields& out, const base::FormFields& sent) {
  for (const auto& [name, value] : sent) {
    // Shops tell a notification from a return by these; sent with the form, they are nobody's word.
    if (std::ranges::find(kOfNotifications, name) == kOfNotifications.end()) out.set(name, value);
  }
  for (const std::string_view name : kShared) out.set_if_absent(std::string(name), {});
  for (const std::string_view name : kResults) out.set(std::string(name), {});
}

void set_payment(Fields& out, const notifications::Subject& subject) {
  const payments::Payment& p = subject.payment;
  const Transaction& t = subject.transaction;
  const bool exists = !is_unfinished(t.state);
  const merchants::Contract* contract = subject.shop->find_contract(t.contract_id);
  const std::string number(std::to_string(p.amount.currency().number()));
  // The order's total as the form said it, also of a part or a refund: those have vads_effective_amount.
  if (out.get("vads_amount").empty()) out.set("vads_amount", to_amount(p.amount));
  out.set("vads_capture_delay", std::to_string(p.capture_delay_days));
  out.set("vads_validation_mode", p.manual_validation ? "1" : "0");
  out.set("vads_payment_src", std::string(payments::to_string(p.source)));
  // As sent, also where another was shown; modules compare.
  if (out.get("vads_language").empty()) out.set("vads_language", p.language);
  out.set("vads_pays_ip", p.buyer.address_country);
  out.set("vads_result", std::string(result_code(t)));
  out.set("vads_trans_status", std::string(trans_status(t)));
  out.set("vads_trans_uuid", exists ? t.id.hex() : "");
  out.set("vads_operation_type", exists ? operation_type(t.kind) : "");
  out.set("vads_occurrence_type", occurrence_type(p, t));
  out.set("vads_sequence_number", exists ? std::to_string(t.sequence) : "");
  out.set("vads_payment_certificate", certificate(subject));
  out.set("vads_payment_error", t.cause ? std::to_string(payment_error(*t.cause)) : "");
  out.set("vads_effective_amount", exists ? to_amount(t.amount) : "");
  out.set("vads_effective_currency",
          exists ? std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number : "");
  out.set("vads_effective_creation_date", exists ? payments::to_compact(t.created_at) : "");
  out.set("vads_presentation_date", presentation_date(subject.shop->shop, t));
  out.set("vads_contract_used", exists && contract != nullptr ? contract->merchant_number : "");
  out.set("vads_acquirer_network", exists && contract != nullptr ? base::ascii_upper(contract->acquirer) : "");
}

void set_card(Fields& out, const notifications::Subject& subject) {
  const Transaction& t = subject.transaction;
  if (is_unfinished(t.state)) return;
  out.set("vads_card_brand", t.method);
  if (t.card.masked.empty()) return;
  out.set("vads_brand_management", brand_management(subject));
  out.set("vads_card_number", t.card.masked);
  out.set("vads_expiry_month", std::to_string(t.card.expiry_month));
  out.set("vads_expiry_year", std::to_string(t.card.expiry_year));
  out.set("vads_card_holder_name", t.card.holder);
  out.set("vads_card_country", t.card.facts.country);
  out.set("vads_card_nature", t.card.facts.nature);
  out.set("vads_card_product_category", t.card.facts.category);
  out.set("vads_bank_code", t.card.facts.bank_code);
  out.set("vads_bank_label", t.card.facts.bank_label);
  out.set("vads_bank_product", t.card.facts.product);
}

void set_authorisation(Fields& out, const Transaction& t) {
  // Where nothing was tried, gateways of this family say MARK: nobody was asked for the amount.
  if (is_unfinished(t.state)) return out.set("vads_auth_mode", "MARK");
  const bool asked = !t.answer.response_code.empty();
  out.set("vads_auth_result", t.answer.response_code);
  out.set("vads_auth_mode", asked ? (t.verification ? "MARK" : "FULL") : "");
  out.set("vads_auth_number", t.answer.authorisation_code);
  out.set("vads_warranty_result", warranty(t));
  const RiskSaid said = risk_said(t);
  out.set("vads_risk_control", said.control);
  out.set("vads_risk_assessment_result", said.assessment);
  out.set("vads_extra_result", said.extra_result);
}

// `sent_algorithm`: of a proof that the shop brought itself; ours are all of kind 2.
void set_authentication(Fields& out, const payments::AuthenticationResult& a, const std::string& sent_algorithm) {
  const bool brought = !a.ds_transaction_id.empty() && out.get("vads_threeds_xid") == a.ds_transaction_id;
  out.set("vads_threeds_enrolled", a.enrolled);
  out.set("vads_threeds_status", a.status == "R" ? "N" : a.status);
  out.set("vads_threeds_auth_type", a.type);
  out.set("vads_threeds_cavv", a.cavv);
  const std::string algorithm = sent_algorithm.empty() ? "2" : sent_algorithm;
  out.set("vads_threeds_cavvAlgorithm", a.cavv.empty() ? "" : algorithm);
  out.set("vads_threeds_eci", a.eci);
  out.set("vads_threeds_xid", brought ? a.ds_transaction_id : threeds_xid(a.ds_transaction_id));
  out.set("vads_threeds_sign_valid", a.has_proof() ? "1" : "");
  out.set("vads_threeds_exit_status", threeds_exit_status(a));
  out.set("vads_threeds_error_code", threeds_error_code(a));
}

// A value as it leaves a browser, which reads each of CR, LF and CR LF in a page as one and sends CR LF, and knows
// neither NUL nor what is no UTF-8.
std::string as_browser_sends(std::string_view sent) {
  std::string value = base::valid_utf8(sent);
  constexpr std::string_view kChanged("\0\r\n", 3);
  if (std::ranges::none_of(value, [&](char c) { return c < ' ' && kChanged.contains(c); })) return value;
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\0') {
      out += "\uFFFD";
      continue;
    }
    if (value[i] != '\r' && value[i] != '\n') {
      out += value[i];
      continue;
    }
    if (value[i] == '\r' && i + 1 < value.size() && value[i + 1] == '\n') ++i;
    out += "\r\n";
  }
  return out;
}

// What a shop takes for success in vads_result and vads_trans_status.
constexpr auto kSuccessWords = std::to_array<std::string_view>(
    {"00", "ACCEPTED", "AUTHORISED", "AUTHORISED_TO_VALIDATE", "CAPTURED", "CAPTURE_PENDING", "INITIAL",
     "PARTIALLY_AUTHORISED", "PENDING", "PRE_AUTHORISED", "SUSPENDED", "UNDER_VERIFICATION", "WAITING_AUTHORISATION",
     "WAITING_AUTHORISATION_TO_VALIDATE", "WAITING_FOR_PAYMENT"});

// The return goes through the buyer's hands and its names are not signed: without success, no word of success that he
// brought (as his city, say) may be in it, or he could call it the result.
void take_out_success(base::FormFields& fields) {
  for (auto& [name, value] : fields) {
    const bool word = std::ranges::any_of(base::split(value, '+'), [](std::string_view part) {
      return std::ranges::find(kSuccessWords, part) != kSuccessWords.end();
    });
    // Our own status is what it is, and our auth_result stands before the order number: a shop that took it for the
    if (word && name != "vads_trans_status" && name != "vads_auth_result") value.clear();
  }
}

bool is_of_result(std::string_view name) {
  return std::ranges::find(kShared, name) != kShared.end() || std::ranges::find(kResults, name) != kResults.end();
}

base::FormFields signed_return(Fields out, const merchants::ShopConfig& shop, merchants::Mode mode, std::size_t room) {
  const bool success = out.get("vads_result") == "00";
  base::FormFields fields = out.take();
  if (!success) take_out_success(fields);
  for (auto& [name, value] : fields) value = as_browser_sends(value);
  make_room(fields, room - std::min(room, kSignatureMax), is_of_result);
  std::string signature = sign(fields, form_key(shop, mode), shop.shop.algorithm);
  fields.emplace_back("signature", std::move(signature));
  return fields;
}

}  // namespace

std::string_view result_code(const Transaction& transaction) {
  switch (transaction.state) {
    case State::pending:
    case State::waiting_authorisation:
    case State::to_validate:
    case State::authorised:
    case State::captured:
    case State::accepted: return "00";
    case State::refused: return is_technical(transaction) ? "96" : "05";
    case State::capture_failed:
    case State::expired: return "05";
    case State::initiated:
    case State::authenticating:
    case State::abandoned:
    case State::cancelled: return "17";
    case State::authorising: return "96";
  }
  return "96";
}

std::string_view trans_status(const Transaction& t) {
  if (t.state == State::waiting_authorisation && t.capture.awaits_validation())
    return "WAITING_AUTHORISATION_TO_VALIDATE";
  // Modules take INITIAL for a payment that is being decided and keep the order: not where nobody was asked.
  return status_of(is_unfinished(t.state) ? State::abandoned : t.state);
}

base::FormFields answer_fields(const notifications::Subject& subject, std::string_view source, std::size_t room) {
  Fields out;
  const base::FormFields asked = base::parse_form(subject.payment.protocol_fields).value_or(base::FormFields{});
  echo(out, asked);
  const payments::AuthenticationResult authentication =
      is_unfinished(subject.transaction.state) ? payments::AuthenticationResult{} : subject.transaction.authentication;
  const bool brought = !authentication.cavv.empty() && out.get("vads_threeds_cavv") == authentication.cavv;
  const std::string algorithm = brought ? out.get("vads_threeds_cavvAlgorithm") : "";
  set_payment(out, subject);
  set_card(out, subject);
  set_authorisation(out, subject.transaction);
  set_authentication(out, authentication, algorithm);
  if (source.empty()) return signed_return(std::move(out), *subject.shop, subject.payment.mode, room);
  const auto& key = form_key(*subject.shop, subject.payment.mode);
  out.set("vads_hash", base::to_hex(base::hmac_sha256(key.reveal(), "notification " + subject.transaction.id.hex())));
  out.set("vads_url_check_src", std::string(source));
  if (std::string names = unknown_names(asked); !names.empty()) out.set("vads_unknown_fields", std::move(names));
  base::FormFields fields = out.take();
  std::string signature = sign(fields, key, subject.shop->shop.algorithm);
  fields.emplace_back("signature", std::move(signature));
  return fields;
}

base::FormFields rejection_fields(const Form& form, const merchants::ShopConfig& shop, merchants::Mode mode,
                                  const FormError& error, std::size_t room) {
  base::FormFields sent = form.fields;
  std::erase_if(sent, [&](const auto& field) {
    return is_card_field(field.first) || shows_card_number(form, field.first, field.second);
  });
  Fields out;
  echo(out, sent);
  out.set("vads_result", "30");
  out.set("vads_extra_result", code_text(error.code));
  out.set("vads_trans_status", "NOT_CREATED");
  return signed_return(std::move(out), shop, mode, room);
}

}  // namespace acquit::vads
