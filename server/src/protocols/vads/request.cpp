#include "protocols/vads/request.h"

#include <algorithm>
#include <chrono>

#include "base/ascii.h"
#include "base/card_numbers.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/number.h"
#include "http/web_address.h"
#include "payments/nouns/calendar.h"
#include "protocols/vads/amounts.h"
#include "protocols/vads/fields.h"
#include "protocols/vads/form_errors.h"

namespace acquit::vads {
namespace {

// How far the shop's clock may be from ours (lyra.md §1.3: "too far … is refused").
constexpr std::chrono::hours kDateWithin{24};
constexpr std::int64_t kFrictionlessBelow = 30'00;
constexpr int kAttemptsInteractive = 3;

template <class T>
using Checked = std::expected<T, FormError>;

std::unexpected<FormError> bad(const Form& form, std::string_view field, i18n::Sentence rule) {
  return std::unexpected(fault(field, std::move(rule), form.get(field)));
}

Checked<void> check_action(const Form& form, const merchants::Shop& shop) {
  const std::string_view mode = form.get("vads_action_mode");
  if (mode == "SILENT" && !shop.silent_allowed) return bad(form, "vads_action_mode", {.key = "rule.silent"});
  if (mode == "IFRAME" && shop.frame_ancestors.empty()) return bad(form, "vads_action_mode", {.key = "rule.iframe"});
  if (shop.order_id_required && form.get("vads_order_id").empty()) {
    return bad(form, "vads_order_id", {.key = "rule.required_by_shop"});
  }
  return {};
}

std::chrono::sys_days day_of(std::int64_t moment_ms) {
  return std::chrono::floor<std::chrono::days>(base::time_from_ms(moment_ms));
}

Checked<std::chrono::sys_days> check_date(const Form& form, base::Time now) {
  const std::int64_t moment = *parse_moment(form.get("vads_trans_date"));
  if (std::chrono::abs(base::time_from_ms(moment) - now) > kDateWithin) {
    return bad(form, "vads_trans_date", {.key = "rule.trans_date"});
  }
  return day_of(moment);
}

// The contracts of `number` in `currency`, for the methods that are allowed so far.
Checked<void> force_contract(const Form& form, const merchants::ShopConfig& shop, base::Currency currency,
                             std::string_view number, const payments::Means& allowed, payments::Means& forced) {
  bool known = false;
  for (const merchants::Contract& contract : shop.contracts) {
    if (contract.merchant_number != number) continue;
    known = true;
    if (!allowed.allow(contract.method) || contract.currency != currency) continue;
    if (std::ranges::find(forced.contracts, contract.id) == forced.contracts.end())
      forced.contracts.push_back(contract.id);
    if (std::ranges::find(forced.methods, contract.method) == forced.methods.end())
      forced.methods.push_back(contract.method);
  }
  if (known) return {};
  return bad(form, "vads_contracts",
             {.key = "rule.contract", .arguments = {{"number", base::mask_card_numbers(number)}}});
}

Checked<payments::Means> allowed_means(const Form& form, const merchants::ShopConfig& shop, base::Currency currency) {
  payments::Means means;
  if (const std::string_view cards = form.get("vads_payment_cards"); !cards.empty()) {
    for (const std::string_view card : list_elements(cards)) means.methods.push_back(base::ascii_upper(card));
  }
  const std::string_view contracts = form.get("vads_contracts");
  if (contracts.empty()) return means;
  payments::Means forced;
  for (const std::string_view pair : list_elements(contracts)) {
    ACQUIT_CHECK(force_contract(form, shop, currency, pair.substr(pair.find('=') + 1), means, forced));
  }
  if (forced.contracts.empty()) return bad(form, "vads_contracts", {.key = "rule.contracts_no_method"});
  return forced;
}

payments::Buyer buyer_of(const Form& form) {
  std::string address(form.get("vads_cust_address_number"));
  if (!address.empty()) address += ' ';
  std::string shipping_address(form.get("vads_ship_to_street_number"));
  if (!shipping_address.empty()) shipping_address += ' ';
  return {.email = std::string(form.get("vads_cust_email")),
          .first_name = std::string(form.get("vads_cust_first_name")),
          .last_name = std::string(form.get("vads_cust_last_name")),
          .phone = std::string(form.get("vads_cust_phone")),
          .cell_phone = std::string(form.get("vads_cust_cell_phone")),
          .address = address + std::string(form.get("vads_cust_address")),
          .zip = std::string(form.get("vads_cust_zip")),
          .city = std::string(form.get("vads_cust_city")),
          .country = base::ascii_upper(form.get("vads_cust_country")),
          .reference = std::string(form.get("vads_cust_id")),
          .shipping_address = shipping_address + std::string(form.get("vads_ship_to_street")),
          .shipping_address_2 = std::string(form.get("vads_ship_to_street2")),
          .shipping_zip = std::string(form.get("vads_ship_to_zip")),
          .shipping_city = std::string(form.get("vads_ship_to_city")),
          .shipping_country = base::ascii_upper(form.get("vads_ship_to_country"))};
}

// What is kept for echo and page: everything but card data.
std::string kept_fields(const Form& form) {
  base::FormFields kept;
  for (const auto& [name, value] : form.fields) {
    if (name != "vads_card_number" && name != "vads_cvv" && name != "vads_expiry_month" && name != "vads_expiry_year") {
      kept.emplace_back(name, value);
    }
  }
  return base::to_form(kept);
}

// What check_card calls the expiry date is two fields of ours.
FormError card_fault(const Form& form, const base::Error& error) {
  std::string_view field = "vads_card_number";
  std::string key = "rule.card_number";
  if (error.field == "security_code") {
    field = "vads_cvv";
    key = "rule.card_code";
  } else if (error.field == "expiry") {
    const auto month = base::parse_int<int>(form.get("vads_expiry_month"));
    field = month && *month >= 1 && *month <= 12 ? "vads_expiry_year" : "vads_expiry_month";
    key = "rule.card_expiry";
  }
  if (form.get(field).empty()) key = "rule.missing";
  return fault(field, {.key = std::move(key)});
}

Checked<payments::CardEntry> card_of(const Form& form, base::Time now) {
  const auto card = payments::check_card({.number = base::Pan(std::string(form.get("vads_card_number"))),
                                          .expiry_month = std::string(form.get("vads_expiry_month")),
                                          .expiry_year = std::string(form.get("vads_expiry_year")),
                                          .security_code = base::SecurityCode(std::string(form.get("vads_cvv"))),
                                          .holder = {},
                                          .method = {}},
                                         now);
  if (!card) return std::unexpected(card_fault(form, card.error().errors.front()));
  return *card;
}

FormError plan_fault(const Form& form, const base::Error& error) {
  const std::string_view plan = form.get("vads_payment_config");
  std::string key = plan.starts_with("MULTI_EXT:") ? "rule.plan_multi_ext" : "rule.plan_multi";
  if (error.code == base::ErrorCode::field_format) key = "rule.plan_format";
  FormError out = fault("vads_payment_config", {.key = std::move(key)}, plan);
  out.detail = error.detail;
  return out;
}

Checked<payments::Plan> plan_of(const Form& form, base::Money amount, base::Time now) {
  const auto plan = payments::Plan::parse(plan_text(form.get("vads_payment_config"), amount.currency()));
  if (!plan) return std::unexpected(plan_fault(form, plan.error()));
  if (const auto fits = plan->check(amount, std::chrono::floor<std::chrono::days>(now)); !fits)
    return std::unexpected(plan_fault(form, fits.error()));
  if (!std::ranges::all_of(plan->of(amount), [](const payments::Instalment& part) { return is_whole(part.amount); }))
    return bad(form, "vads_payment_config", {.key = "rule.plan_multi"});
  return *plan;
}

payments::AuthenticationResult authentication_of(const Form& form) {
  payments::AuthenticationResult result;
  result.enrolled = form.get("vads_threeds_enrolled");
  result.status = form.get("vads_threeds_status");
  result.eci = form.get("vads_threeds_eci");
  if (result.eci.size() == 1) result.eci.insert(0, 1, '0');
  result.cavv = form.get("vads_threeds_cavv");
  result.ds_transaction_id = form.get("vads_threeds_xid");
  result.liability_shift = result.has_proof();
  return result;
}

}  // namespace

std::optional<FormError> check_page_action(const Form& form) {
  const std::string_view action = form.get("vads_page_action");
  const FieldRule* rule = find_rule("vads_page_action");
  if (action.empty() || action == "PAYMENT" || check_field(*rule, action)) return std::nullopt;
  return bad(form, "vads_page_action", {.key = "rule.page_action"}).error();
}

std::string payment_key(std::string_view trans_id, std::chrono::sys_days day) {
  const std::string date = payments::to_compact(day);
  return base::ascii_upper(trans_id) + "/" + date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6, 2);
}

std::optional<payments::RequestName> request_name(const Form& form) {
  const auto moment = parse_moment(form.get("vads_trans_date"));
  const std::string_view number = form.get("vads_trans_id");
  if (!moment || number.empty() || check_field(*find_rule("vads_trans_id"), number)) return std::nullopt;
  return payments::RequestName{.protocol = std::string(kProtocol),
                               .key = payment_key(number, day_of(*moment)),
                               .request_hash = base::to_hex(base::sha256(kept_fields(form)))};
}

payments::ChallengePreference challenge_preference(std::string_view threeds_mpi, base::Money amount,
                                                   bool frictionless_option) {
  using enum payments::ChallengePreference;
  if (threeds_mpi == "3") return challenge;
  if (threeds_mpi == "4") return mandate;
  if (threeds_mpi != "2" || !frictionless_option) return none;
  const bool euro = amount.currency().code() == "EUR";
  return !euro || amount.minor() < kFrictionlessBelow ? frictionless : none;
}

std::expected<CheckedForm, FormError> to_request(const Form& sent, const merchants::ShopConfig& shop,
                                                 merchants::Mode mode, base::Time now) {
  const Form form = sent.shown();
  ACQUIT_CHECK(check_action(form, shop.shop));
  ACQUIT_TRY(const std::chrono::sys_days trans_day, check_date(form, now));
  const auto currency = *currency_of(form.get("vads_currency"));
  const base::Money amount = money_of(*base::parse_int<std::int64_t>(form.get("vads_amount")), currency);
  if (amount.minor() == 0) return bad(form, "vads_amount", {.key = "rule.amount_zero"});
  ACQUIT_TRY(payments::Means means, allowed_means(form, shop, currency));
  ACQUIT_TRY(payments::Plan plan, plan_of(form, amount, now));
  const bool silent = form.get("vads_action_mode") == "SILENT";
  const std::string_view delay = form.get("vads_capture_delay");
  const std::string_view validation = form.get("vads_validation_mode");
  CheckedForm checked{
      .payment = {.mode = mode,
                  .protocol = std::string(kProtocol),
                  .source = payments::parse_source(form.get("vads_payment_src")).value_or(payments::Source::ecommerce),
                  .key = payment_key(form.get("vads_trans_id"), trans_day),
                  .reference = std::string(form.get("vads_order_id")),
                  .amount = amount,
                  .plan = std::move(plan),
                  .language = std::string(form.get("vads_language")),
                  .capture_delay_days = delay.empty() ? shop.shop.capture_delay_days : *base::parse_int<int>(delay),
                  .manual_validation = validation.empty() ? shop.shop.manual_validation : validation == "1",
                  .challenge_preference =
                      challenge_preference(form.get("vads_threeds_mpi"), amount, shop.shop.frictionless_option),
                  .means = std::move(means),
                  .buyer = buyer_of(form),
                  .protocol_fields = kept_fields(sent),
                  .request_hash = {},
                  .notification_url = http::sent_address(sent.get("vads_url_check")),
                  .attempts_max = silent ? 1 : kAttemptsInteractive},
      .action_mode = std::string(form.get("vads_action_mode")),
      .card = std::nullopt,
      .authentication = {}};
  checked.payment.request_hash = base::to_hex(base::sha256(checked.payment.protocol_fields));
  if (silent) {
    ACQUIT_TRY(checked.card, card_of(form, now));
    checked.authentication = authentication_of(form);
  }
  return checked;
}

}  // namespace acquit::vads
