#include "sandbox/shop/checkout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/number.h"
#include "base/utf8.h"
#include "sandbox/shop/order_book.h"
#include "sandbox/shop/vads_form.h"

namespace acquit::sandbox {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kLanguages = {{{"fr", "français"},
                                                                                       {"de", "Deutsch"},
                                                                                       {"en", "English"},
                                                                                       {"zh", "中文"},
                                                                                       {"es", "español"},
                                                                                       {"it", "italiano"},
                                                                                       {"ja", "日本語"},
                                                                                       {"nl", "Nederlands"},
                                                                                       {"pl", "polski"},
                                                                                       {"pt", "português"},
                                                                                       {"ru", "русский"},
                                                                                       {"sv", "svenska"},
                                                                                       {"tr", "Türkçe"}}};
constexpr std::size_t kNameMax = 63;
constexpr std::size_t kEmailMax = 150;
constexpr int kCaptureDelayMax = 365;

// The value of `name` if it is one of `allowed`; the first of them if the field is absent.
Result<std::string> one_of(const base::FormFields& fields, std::string_view name,
                           std::initializer_list<std::string_view> allowed) {
  const std::string* const sent = base::find_field(fields, name);
  const std::string_view value = sent == nullptr ? *allowed.begin() : *sent;
  if (std::ranges::find(allowed, value) != allowed.end()) return std::string(value);
  return fail(ErrorCode::field_value, "Ce choix n'existe pas : " + std::string(name), std::string(name));
}

Result<std::string> read_text(const base::FormFields& fields, std::string_view name, std::size_t max) {
  const std::string_view value = base::trim(base::field_of(fields, name));
  if (base::is_valid_utf8(value) && base::utf8_length(value) <= max && value.find_first_of("<>") == value.npos) {
    return std::string(value);
  }
  return fail(ErrorCode::field_value, "Ce texte ne convient pas : " + std::string(name), std::string(name));
}

Result<std::vector<BasketLine>> read_basket(const base::FormFields& fields) {
  std::vector<BasketLine> basket;
  for (const Product& product : catalogue()) {
    const std::string name = "quantity_" + std::string(product.reference);
    const std::string_view text = base::field_of(fields, name);
    if (text.empty()) continue;
    const auto quantity = base::parse_int<std::int64_t>(text);
    if (!quantity || *quantity < 0 || *quantity > kQuantityMax) {
      return fail(ErrorCode::field_value, "La quantité va de 0 à 9.", name);
    }
    if (*quantity > 0) basket.push_back({.product = &product, .quantity = *quantity});
  }
  if (basket.empty()) return fail(ErrorCode::field_value, "Votre panier est vide.", "quantity");
  return basket;
}

Result<ModuleSettings> read_settings(const base::FormFields& fields) {
  ModuleSettings settings;
  settings.language = base::field_of(fields, "language");
  if (settings.language.empty()) settings.language = "fr";
  if (std::ranges::find(kLanguages, std::string_view(settings.language), [](const auto& row) { return row.first; }) ==
      kLanguages.end()) {
    return fail(ErrorCode::field_value, "Cette langue n'est pas proposée.", "language");
  }
  ACQUIT_TRY(settings.return_mode, one_of(fields, "return_mode", {"GET", "POST", "NONE"}));
  ACQUIT_TRY(settings.validation_mode, one_of(fields, "validation_mode", {"", "0", "1"}));
  settings.capture_delay = base::field_of(fields, "capture_delay");
  const auto days = base::parse_int<int>(settings.capture_delay);
  if (!settings.capture_delay.empty() && (!days || *days < 0 || *days > kCaptureDelayMax)) {
    return fail(ErrorCode::field_value, "Le délai va de 0 à 365 jours.", "capture_delay");
  }
  ACQUIT_TRY(const std::string redirect, one_of(fields, "redirect", {"", "1"}));
  settings.redirect = !redirect.empty();
  return settings;
}

std::string payment_config(const Checkout& checkout) {
  const std::int64_t count = checkout.instalments;
  if (count == 1) return "SINGLE";
  // The rounding remainder is paid first; the rest divides evenly.
  const std::int64_t part = checkout.total.minor() / count;
  const std::int64_t first = checkout.total.minor() - part * (count - 1);
  return fmt::format("MULTI:first={};count={};period=30", first, count);
}

}  // namespace

std::span<const std::pair<std::string_view, std::string_view>> languages() { return kLanguages; }

Result<Checkout> read_checkout(const base::FormFields& fields) {
  const std::string_view code = base::field_of(fields, "currency").empty() ? "EUR" : base::field_of(fields, "currency");
  const auto currency = base::Currency::from_code(code);
  if (!currency || std::ranges::find(kCurrencies, code) == kCurrencies.end()) {
    return fail(ErrorCode::field_value, "Cette devise n'est pas proposée.", "currency");
  }
  Checkout checkout{.basket = {}, .total = base::Money::zero(*currency), .instalments = 1, .buyer = {}, .settings = {}};
  ACQUIT_TRY(checkout.basket, read_basket(fields));
  ACQUIT_TRY(checkout.total, total_of(checkout.basket, *currency));
  ACQUIT_TRY(const std::string instalments, one_of(fields, "instalments", {"1", "3"}));
  checkout.instalments = instalments == "3" ? 3 : 1;
  ACQUIT_TRY(checkout.buyer.first_name, read_text(fields, "first_name", kNameMax));
  ACQUIT_TRY(checkout.buyer.last_name, read_text(fields, "last_name", kNameMax));
  ACQUIT_TRY(checkout.buyer.email, read_text(fields, "email", kEmailMax));
  if (!checkout.buyer.email.empty() && checkout.buyer.email.find('@') == std::string::npos) {
    return fail(ErrorCode::field_value, "L'adresse e-mail n'est pas complète.", "email");
  }
  ACQUIT_TRY(checkout.settings, read_settings(fields));
  return checkout;
}

base::FormFields payment_form(const Order& order, const ModuleOptions& options) {
  const Checkout& checkout = order.checkout;
  const ModuleSettings& settings = checkout.settings;
  base::FormFields fields = {
      {"signature", ""},
      {"vads_action_mode", "INTERACTIVE"},
      {"vads_amount", std::to_string(checkout.total.minor())},
      {"vads_available_languages", ""},
      {"vads_capture_delay", settings.capture_delay},
      {"vads_contrib", "modified_eCommerce_Shopsoftware_1.x-2.x_1.2.1/3.3.0/8.2.36"},
      {"vads_ctx_mode", "TEST"},
      {"vads_currency", fmt::format("{:03}", checkout.total.currency().number())},
      {"vads_cust_address", "1 rue de l'Exemple"},
      {"vads_cust_city", "Paris"},
      {"vads_cust_country", "FR"},
      {"vads_cust_email", checkout.buyer.email},
      {"vads_cust_first_name", checkout.buyer.first_name},
      {"vads_cust_id", "2"},
      {"vads_cust_last_name", checkout.buyer.last_name},
      {"vads_cust_phone", ""},
      {"vads_cust_state", ""},
      {"vads_cust_title", ""},
      {"vads_cust_zip", "75001"},
      {"vads_language", settings.language},
      {"vads_order_id", order.id},
      {"vads_page_action", "PAYMENT"},
      {"vads_payment_cards", ""},
      {"vads_payment_config", payment_config(checkout)},
      {"vads_return_mode", settings.return_mode},
      {"vads_ship_to_city", "Paris"},
      {"vads_ship_to_country", "FR"},
      {"vads_ship_to_first_name", checkout.buyer.first_name},
      {"vads_ship_to_last_name", checkout.buyer.last_name},
      {"vads_ship_to_state", ""},
      {"vads_ship_to_street", "1 rue de l'Exemple"},
      {"vads_ship_to_street2", ""},
      {"vads_ship_to_zip", "75001"},
      {"vads_site_id", std::string(options.shop_id)},
      {"vads_threeds_mpi", ""},
      {"vads_trans_date", order.trans_date},
      {"vads_trans_id", order.trans_id},
      {"vads_url_return", std::string(options.return_url)},
      {"vads_validation_mode", settings.validation_mode},
      {"vads_version", "V2"},
      {"vads_ext_info_session_name", "MODsid"},
      {"vads_ext_info_session_id", order.session_id},
  };
  if (settings.redirect) {
    fields.emplace_back("vads_redirect_success_timeout", "5");
    fields.emplace_back("vads_redirect_success_message", "Redirection vers la boutique dans quelques instants");
    fields.emplace_back("vads_redirect_error_timeout", "5");
    fields.emplace_back("vads_redirect_error_message", "Redirection vers la boutique dans quelques instants");
  }
  fields.front().second = vads_signature(fields, options.key);
  return fields;
}

}  // namespace acquit::sandbox
