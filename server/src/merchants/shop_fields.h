// What a new shop consists of, field by field: its name, where it stands, what it may hold, and what it holds where
// nobody says. One description for whoever reads a shop (a file, a page, an API) and for what checks it.
//
// A field reader F has text(name, value, rule, standard), parsed(name, value, rule, parse, standard), number(name,
// value, bounds, standard) and flag(name, value, standard), all but the last argument given; without a standard the
// field must be there. Pure; safe from any thread.
#pragma once

#include <string>

#include "merchants/field_rules.h"
#include "merchants/merchant_store.h"
#include "merchants/shop.h"

namespace acquit::merchants {

template <class F, class Row>
void each_company_field(F& field, Row& company) {
  field.number("id", company.id, kAnyId);
  field.text("name", company.name, rule::kName);
}

template <class F, class Row>
void each_group_field(F& field, Row& group) {
  field.number("id", group.id, kAnyId);
  field.text("name", group.name, rule::kName);
}

template <class F, class Row>
void each_shop_field(F& field, Row& shop) {
  field.parsed("id", shop.id, rule::kShopNumber, base::parse_shop_id);
  field.text("name", shop.name, rule::kName);
  field.text("url", shop.url, rule::kOwnUrl);
  field.text("contact_email", shop.contact_email, rule::kAddresses);
  field.text("language", shop.language, rule::kLanguage);
  field.text("available_languages", shop.available_languages, rule::kLanguages, "");
  field.text("timezone", shop.timezone, rule::kTimezone);
  field.text("country", shop.country, rule::kCountry);
  field.text("category_code", shop.category_code, rule::kCategory);
  field.flag("active", shop.active, true);
  field.parsed("signature_algorithm", shop.algorithm, rule::kAlgorithm, parse_signature_algorithm, "HMAC-SHA-256");
  field.number("capture_delay_days", shop.capture_delay_days, kDelayDays, 0);
  field.flag("manual_validation", shop.manual_validation, false);
  field.text("return_mode", shop.return_mode, rule::kReturnMode, "GET");
  field.flag("silent_allowed", shop.silent_allowed, false);
  field.flag("frictionless_option", shop.frictionless_option, false);
  field.flag("deferred_option", shop.deferred_option, false);
  field.flag("order_id_required", shop.order_id_required, false);
  field.flag("refuse_relabelled", shop.refuse_relabelled, true);
  field.text("frame_ancestors", shop.frame_ancestors, rule::kOrigins, "");
  field.flag("buyer_ticket", shop.buyer_ticket, true);
  field.text("merchant_mail", shop.merchant_mail, rule::kAddressesOrNone, "");
  field.flag("pay_unauthenticated", shop.pay_unauthenticated, false);
}

/// `place`: among the shop's contracts, from 1.
template <class F, class Row>
void each_contract_field(F& field, Row& contract, std::int64_t place, const std::string& acquirer) {
  field.number("id", contract.id, kAnyId);
  field.text("method", contract.method, rule::kMethod);
  field.parsed("currency", contract.currency, rule::kCurrency, base::Currency::from_code);
  field.text("merchant_number", contract.merchant_number, rule::kMerchantNumber);
  field.text("terminal_id", contract.terminal_id, rule::kTerminal);
  field.text("acquirer", contract.acquirer, rule::kAnyText, acquirer);
  field.text("acquirer_id", contract.acquirer_id, rule::kAcquirerId);
  field.number("rank", contract.rank, kRankBounds, place);
  field.number("amount_min", contract.amount_min, kAmountBounds, kAmountBounds.min);
  field.number("amount_max", contract.amount_max, kAmountBounds, kAmountBounds.max);
  field.number("capture_hour", contract.capture_hour, kHours, kCaptureHour);
}

template <class F, class Row>
void each_rule_field(F& field, Row& one) {
  field.parsed("rule", one.rule, rule::kRule, parse_rule);
  field.flag("enabled", one.enabled);
  field.text("url_test", one.url_test, rule::kUrlOrNone, "");
  field.text("url_production", one.url_production, rule::kUrlOrNone, "");
  field.text("alert_addresses", one.alert_addresses, rule::kAddressesOrNone, "");
  field.flag("automatic_replay", one.automatic_replay, true);
}

}  // namespace acquit::merchants
