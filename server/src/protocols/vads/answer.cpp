#include "protocols/vads/answer.h"

#include <algorithm>
#include <unordered_map>

#include "base/digest.h"
#include "payments/calendar.h"
#include "payments/card.h"
#include "protocols/vads/amounts.h"
#include "protocols/vads/signature.h"

namespace acquit::vads {
namespace {

using payments::State;
using payments::Transaction;

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
  base::FormFields take() { return std::move(fields_); }

 private:
  base::FormFields fields_;
  std::unordered_map<std::string, std::size_t> places_;
};

// Proof of an accepted payment for the shop's files: forty hex digits, made with the key.
std::string certificate(const notifications::Subject& subject) {
  const Transaction& t = subject.transaction;
  if (!payments::is_success(t.state)) return {};
  const auto& key = subject.shop->form_key(subject.payment.mode);
  return base::to_hex(base::sha1(t.id.hex() + "+" + std::to_string(t.amount.minor()) + "+" + t.authorisation_code +
                                 "+" + std::string(key.reveal())));
}

std::string warranty(const Transaction& t) {
  if (!payments::is_success(t.state)) return t.state == State::abandoned ? "" : "NO";
  return t.authentication.liability_shift ? "YES" : "NO";
}

std::string exit_status(const payments::AuthenticationResult& a) {
  if (a.enrolled.empty()) return {};
  return a.enrolled == "Y" ? "10" : "7";
}

std::string brand_management(const Transaction& t, const std::string& methods_allowed) {
  if (t.card_masked.empty()) return {};
  std::string list;
  for (const std::string_view brand : payments::brands_of(t.card_masked.substr(0, 6)))
    list += (list.empty() ? "" : ";") + std::string(brand);
  const bool chosen = !methods_allowed.empty() && !list.starts_with(t.method);
  return std::string(R"({"userChoice":)") + (chosen ? "true" : "false") + R"(,"brand":")" + t.method +
         R"(","brandList":")" + list + R"("})";
}

std::string occurrence_type(const payments::Payment& payment, const Transaction& t) {
  if (payment.plan == "SINGLE") return "UNITAIRE";
  return t.sequence == 1 ? "RECURRENT_INITIAL" : "RECURRENT_INTERMEDIAIRE";
}

void set_payment(Fields& out, const notifications::Subject& subject) {
  const payments::Payment& p = subject.payment;
  const Transaction& t = subject.transaction;
  const bool exists = t.state != State::abandoned;
  const merchants::Contract* contract = subject.shop->find_contract(t.contract_id);
  const std::string number(std::to_string(p.amount.currency().number()));
  out.set("vads_amount", to_amount(t.amount));
  out.set("vads_capture_delay", std::to_string(p.capture_delay_days));
  out.set("vads_validation_mode", p.manual_validation ? "1" : "0");
  out.set("vads_payment_src", std::string(payments::to_string(p.source)));
  out.set("vads_language", p.language);
  out.set("vads_result", std::string(result_code(t)));
  out.set("vads_extra_result", "");
  out.set("vads_trans_status", std::string(trans_status(t)));
  out.set("vads_trans_uuid", exists ? t.id.hex() : "");
  out.set("vads_operation_type", t.kind == payments::Kind::credit  ? "CREDIT"
                                 : t.kind == payments::Kind::debit ? "DEBIT"
                                                                   : "VERIFICATION");
  out.set("vads_occurrence_type", occurrence_type(p, t));
  out.set("vads_sequence_number", std::to_string(t.sequence));
  out.set("vads_payment_certificate", certificate(subject));
  out.set("vads_payment_error", t.payment_error ? std::to_string(*t.payment_error) : "");
  out.set("vads_effective_amount", exists ? to_amount(t.amount) : "");
  out.set("vads_effective_currency",
          exists ? std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number : "");
  out.set("vads_change_rate", "");
  out.set("vads_effective_creation_date", payments::to_compact(t.created_at));
  out.set("vads_presentation_date", exists ? payments::to_compact(t.capture_at) : "");
  out.set("vads_contract_used", exists && contract != nullptr ? contract->merchant_number : "");
  out.set("vads_acquirer_network", exists && contract != nullptr ? base::ascii_upper(contract->acquirer) : "");
}

void set_card(Fields& out, const payments::Payment& payment, const Transaction& t) {
  const bool known = !t.card_masked.empty();
  out.set("vads_card_brand", t.method);
  out.set("vads_brand_management", brand_management(t, payment.methods));
  out.set("vads_card_number", t.card_masked);
  out.set("vads_expiry_month", known ? std::to_string(t.expiry_month) : "");
  out.set("vads_expiry_year", known ? std::to_string(t.expiry_year) : "");
  out.set("vads_card_holder_name", t.card_holder);
  for (const std::string_view name :
       {"vads_card_country", "vads_card_nature", "vads_card_product_category", "vads_bank_code", "vads_bank_label",
        "vads_bank_product", "vads_wallet", "vads_pays_ip"}) {
    out.set(std::string(name), "");
  }
}

void set_authorisation(Fields& out, const Transaction& t) {
  const bool asked = !t.response_code.empty();
  out.set("vads_auth_result", t.response_code);
  out.set("vads_auth_mode", asked ? (t.verification ? "MARK" : "FULL") : "");
  out.set("vads_auth_number", t.authorisation_code);
  out.set("vads_warranty_result", warranty(t));
  const bool risk = t.payment_error == 36;
  out.set("vads_risk_control", risk ? "CARD_FRAUD=ERROR" : "");
  out.set("vads_risk_assessment_result", risk ? "REFUSE" : "");
}

void set_authentication(Fields& out, const payments::AuthenticationResult& a) {
  out.set("vads_threeds_enrolled", a.enrolled);
  out.set("vads_threeds_status", a.status == "R" ? "N" : a.status);
  out.set("vads_threeds_auth_type", a.type);
  out.set("vads_threeds_cavv", a.cavv);
  out.set("vads_threeds_cavvAlgorithm", a.cavv.empty() ? "" : "2");
  out.set("vads_threeds_eci", a.eci);
  out.set("vads_threeds_xid", a.ds_transaction_id);
  out.set("vads_threeds_sign_valid", a.has_proof() ? "1" : "");
  out.set("vads_threeds_exit_status", exit_status(a));
  out.set("vads_threeds_error_code", "");
}

}  // namespace

std::string_view result_code(const Transaction& transaction) {
  if (transaction.state == State::abandoned) return "17";
  if (transaction.state == State::refused || transaction.state == State::expired) return "05";
  return "00";
}

std::string_view trans_status(const Transaction& t) {
  if (t.state == State::waiting_authorisation && t.awaits_validation()) return "WAITING_AUTHORISATION_TO_VALIDATE";
  return payments::names(t.state).vads;
}

base::FormFields answer_fields(const notifications::Subject& subject, std::string_view source) {
  Fields out;
  const auto sent = base::parse_form(subject.payment.protocol_fields);
  if (sent) {
    for (const auto& [name, value] : *sent) {
      // Shops tell a notification from a return by these; sent with the form, they are nobody's word.
      if (name != "vads_hash" && name != "vads_url_check_src") out.set(name, value);
    }
  }
  set_payment(out, subject);
  set_card(out, subject.payment, subject.transaction);
  set_authorisation(out, subject.transaction);
  set_authentication(out, subject.transaction.authentication);
  if (!source.empty()) {
    const auto& key = subject.shop->form_key(subject.payment.mode);
    out.set("vads_hash", base::to_hex(base::hmac_sha256(key.reveal(), "notification " + subject.transaction.id.hex())));
    out.set("vads_url_check_src", std::string(source));
  }
  base::FormFields fields = out.take();
  std::string signature = sign(fields, subject.shop->form_key(subject.payment.mode), subject.shop->shop.algorithm);
  fields.emplace_back("signature", std::move(signature));
  return fields;
}

}  // namespace acquit::vads
