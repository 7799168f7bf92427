// A good form, a shop that takes it, and ways to spoil it: for the tests of the vads form.
#pragma once

#include <algorithm>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/form_fields.h"
#include "base/manual_clock.h"
#include "merchants/shop.h"
#include "protocols/vads/form.h"
#include "protocols/vads/signature.h"

namespace acquit::vads::testing {

inline constexpr base::ShopId kShop{69876357};
inline constexpr base::ShopId kOtherShop{87654321};
inline constexpr std::string_view kTestKey = "1122334455667788";
inline constexpr std::string_view kProductionKey = "8877665544332211";
/// The day and second of ManualClock's start.
inline constexpr std::string_view kNow = "20231114221320";

inline merchants::Contract contract(std::int64_t id, std::string_view method, std::string_view currency) {
  return {.id = id,
          .method = std::string(method),
          .currency = *base::Currency::from_code(currency),
          .merchant_number = "1234567",
          .terminal_id = "001",
          .acquirer = "acquirer",
          .acquirer_id = "12345678901",
          .rank = id,
          .amount_min = 100,
          .amount_max = 10'000'000,
          .capture_hour = 22,
          .active = true};
}

/// CB, VISA and AMEX in euro and francs, 1.00 to 100,000.00; no options.
inline merchants::ShopConfig sample_shop(base::ShopId id = kShop) {
  const auto number = static_cast<std::int64_t>(id.value() % 10'000);
  merchants::ShopConfig config{.shop = {.id = id,
                                        .group_id = number,
                                        .name = "Boutique d’Été",
                                        .url = "https://shop.example/",
                                        .contact_email = "contact@shop.example",
                                        .language = "fr",
                                        .available_languages = {},
                                        .timezone = "Europe/Paris",
                                        .country = "FR",
                                        .category_code = "5999",
                                        .active = true,
                                        .return_mode = "GET",
                                        .frame_ancestors = {},
                                        .merchant_mail = {}},
                               .keys = merchants::both_keys(kFormKey, base::SecretKey(std::string(kTestKey)),
                                                            base::SecretKey(std::string(kProductionKey))),
                               .contracts = {},
                               .rules = {}};
  std::int64_t contract_id = 0;
  for (const std::string_view currency : {"EUR", "CHF"}) {
    for (const std::string_view method : {"CB", "VISA", "AMEX"}) {
      config.contracts.push_back(contract(++contract_id, method, currency));
    }
  }
  return config;
}

/// The fields of a form that sample_shop takes at ManualClock's start.
inline base::FormFields good_fields() {
  return {{"vads_action_mode", "INTERACTIVE"}, {"vads_amount", "5124"},
          {"vads_ctx_mode", "TEST"},           {"vads_currency", "978"},
          {"vads_page_action", "PAYMENT"},     {"vads_payment_config", "SINGLE"},
          {"vads_site_id", "69876357"},        {"vads_trans_date", std::string(kNow)},
          {"vads_trans_id", "123456"},         {"vads_version", "V2"}};
}

inline void set(base::FormFields& fields, std::string_view name, std::string_view value) {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  if (found != fields.end()) {
    found->second = value;
  } else {
    fields.emplace_back(name, value);
  }
}

inline void drop(base::FormFields& fields, std::string_view name) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
}

/// The body that a shop posts.
inline std::string signed_body(base::FormFields fields, std::string_view key = kTestKey,
                               merchants::SignatureAlgorithm algorithm = merchants::SignatureAlgorithm::hmac_sha256) {
  fields.emplace_back("signature", sign(fields, base::SecretKey(std::string(key)), algorithm));
  return base::to_form(fields);
}

/// Both checks of a form of `shop`, one after the other.
inline std::expected<CheckedForm, FormError> check_form(Form form, const merchants::ShopConfig& shop,
                                                        merchants::Mode mode, base::Time now) {
  auto sent = SignedForm::check(form, std::make_shared<const merchants::ShopConfig>(shop), mode);
  if (!sent) return std::unexpected(std::move(sent).error());
  return vads::check_form(*sent, now);
}

}  // namespace acquit::vads::testing
