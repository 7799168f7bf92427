#include "protocols/vads/fields.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/form_fields.h"
#include "base/list.h"
#include "base/number.h"
#include "base/utf8.h"
#include "http/web_address.h"
#include "payments/nouns/plan.h"
#include "platform/i18n/language.h"
#include "protocols/vads/amounts.h"
#include "protocols/vads/means.h"

namespace acquit::vads {
namespace {

using enum Format;

constexpr std::string_view kPageActions =
    "PAYMENT REGISTER REGISTER_UPDATE REGISTER_PAY ASK_REGISTER_PAY REGISTER_SUBSCRIBE REGISTER_PAY_SUBSCRIBE "
    "SUBSCRIBE "
    "REGISTER_UPDATE_PAY";
constexpr std::string_view kProductTypes =
    "FOOD_AND_GROCERY AUTOMOTIVE ENTERTAINMENT HOME_AND_GARDEN HOME_APPLIANCE AUCTION_AND_GROUP_BUYING "
    "FLOWERS_AND_GIFTS "
    "COMPUTER_AND_SOFTWARE HEALTH_AND_BEAUTY SERVICE_FOR_INDIVIDUAL SERVICE_FOR_BUSINESS SPORTS "
    "CLOTHING_AND_ACCESSORIES "
    "TRAVEL HOME_AUDIO_PHOTO_VIDEO TELEPHONY";
constexpr std::string_view kLanguages = "de en zh es fr it ja nl pl pt ru sv tr";
constexpr std::string_view kTitles = "PRIVATE COMPANY";

// Required ones first, in the order in which they are reported.
constexpr auto kRules = std::to_array<FieldRule>({
    {"vads_site_id", digits, 8, 8, 2, true, {}},
    {"vads_ctx_mode", one_of, 4, 10, 11, true, "TEST PRODUCTION"},
    {"vads_version", one_of, 2, 2, 1, true, "V2"},
    {"vads_action_mode", one_of, 6, 11, 47, true, "INTERACTIVE SILENT IFRAME"},
    {"vads_page_action", one_of, 7, 22, 46, true, kPageActions},
    {"vads_payment_config", any_text, 6, 4096, 7, true, {}},
    {"vads_amount", number, 1, 12, 9, true, {}},
    {"vads_currency", currency, 3, 3, 10, true, {}},
    {"vads_trans_id", letters_digits, 6, 6, 3, true, {}},
    {"vads_trans_date", moment, 14, 14, 4, true, {}},
    {"vads_capture_delay", days, 1, 3, 6, false, {}},
    {"vads_validation_mode", one_of, 1, 1, 5, false, "0 1"},
    {"vads_payment_cards", means, 1, 1024, 8, false, {}},
    {"vads_contracts", map, 1, 255, 62, false, {}},
    {"vads_contrib", any_text, 1, 255, 31, false, {}},
    {"vads_language", language, 1, 35, 12, false, {}},
    {"vads_available_languages", languages, 2, 255, 71, false, kLanguages},
    {"vads_shop_name", any_text, 1, 127, 72, false, {}},
    {"vads_shop_url", web_address, 1, 1024, 73, false, {}},
    {"vads_theme_config", map, 1, 1024, 32, false, {}},
    {"vads_payment_src", one_of, 2, 5, 60, false, "EC MOTO CC OTHER"},
    {"vads_user_info", any_text, 1, 255, 61, false, {}},
    {"vads_payment_option_code", any_text, 1, 255, 103, false, {}},
    {"vads_acquirer_transient_data", any_text, 1, 255, 99, false, {}},
    {"vads_override_payment_cinematic", one_of, 6, 17, 99, false, "IMMEDIATE_CAPTURE DELAYED_CAPTURE"},
    {"vads_threeds_mpi", one_of, 1, 1, 50, false, "0 1 2 3 4 5"},
    {"vads_order_id", identifier, 1, 64, 13, false, {}},
    {"vads_order_info", any_text, 1, 255, 14, false, {}},
    {"vads_order_info2", any_text, 1, 255, 14, false, {}},
    {"vads_order_info3", any_text, 1, 255, 14, false, {}},
    // Before the family that they belong to.
    {"vads_ext_info_bil_address_complement", any_text, 1, 250, 91, false, {}},
    {"vads_ext_info_bil_date_of_birth", day, 8, 19, 91, false, {}},
    {"vads_ext_info_bil_gender", digits, 1, 1, 91, false, {}},
    {"vads_ext_info_*", any_text, 1, 255, 91, false, {}},
    {"vads_nb_products", number, 1, 12, 99, false, {}},
    {"vads_product_label*", product_text, 1, 255, 97, false, {}},
    {"vads_product_amount*", number, 1, 12, 102, false, {}},
    {"vads_product_qty*", number, 1, 12, 101, false, {}},
    {"vads_product_ref*", identifier, 1, 64, 100, false, {}},
    {"vads_product_type*", one_of, 1, 64, 98, false, kProductTypes},
    {"vads_product_vat*", vat, 1, 12, 99, false, {}},
    {"vads_insurance_amount", number, 1, 12, 110, false, {}},
    {"vads_shipping_amount", number, 1, 12, 109, false, {}},
    {"vads_tax_amount", number, 1, 12, 108, false, {}},
    {"vads_tax_rate", vat, 1, 12, 99, false, {}},
    {"vads_totalamount_vat", number, 1, 12, 99, false, {}},
    {"vads_cust_email", mail_address, 3, 150, 15, false, {}},
    {"vads_cust_id", any_text, 1, 63, 16, false, {}},
    {"vads_cust_title", any_text, 1, 63, 17, false, {}},
    {"vads_cust_status", one_of, 7, 7, 92, false, kTitles},
    {"vads_cust_first_name", any_text, 1, 63, 104, false, {}},
    {"vads_cust_last_name", any_text, 1, 63, 105, false, {}},
    {"vads_cust_legal_name", any_text, 1, 100, 121, false, {}},
    {"vads_cust_name", any_text, 1, 127, 18, false, {}},
    {"vads_cust_phone", any_text, 1, 32, 23, false, {}},
    {"vads_cust_cell_phone", any_text, 1, 32, 77, false, {}},
    {"vads_cust_address_number", any_text, 1, 64, 112, false, {}},
    {"vads_cust_address", any_text, 1, 255, 19, false, {}},
    {"vads_cust_address2", any_text, 1, 255, 19, false, {}},
    {"vads_cust_district", any_text, 1, 127, 113, false, {}},
    {"vads_cust_zip", any_text, 1, 64, 20, false, {}},
    {"vads_cust_city", any_text, 1, 128, 21, false, {}},
    {"vads_cust_state", any_text, 1, 127, 88, false, {}},
    {"vads_cust_country", country, 2, 2, 22, false, {}},
    {"vads_cust_national_id", any_text, 1, 255, 99, false, {}},
    {"vads_cust_antecedents", one_of, 4, 11, 99, false, "NONE NO_INCIDENT INCIDENT"},
    {"vads_cust_account_creation_date", moment, 14, 14, 99, false, {}},
    {"vads_proof_of_id_type", identifier, 1, 64, 99, false, {}},
    {"vads_proof_of_id_number", letters_digits, 1, 13, 99, false, {}},
    {"vads_fingerprint_id", identifier, 1, 128, 99, false, {}},
    {"vads_ship_to_first_name", any_text, 1, 63, 106, false, {}},
    {"vads_ship_to_last_name", any_text, 1, 63, 107, false, {}},
    {"vads_ship_to_name", any_text, 1, 127, 80, false, {}},
    {"vads_ship_to_legal_name", any_text, 1, 100, 125, false, {}},
    {"vads_ship_to_street", any_text, 1, 255, 81, false, {}},
    {"vads_ship_to_street2", any_text, 1, 255, 82, false, {}},
    {"vads_ship_to_street_number", any_text, 1, 64, 114, false, {}},
    {"vads_ship_to_district", any_text, 1, 127, 115, false, {}},
    {"vads_ship_to_city", any_text, 1, 128, 83, false, {}},
    {"vads_ship_to_state", any_text, 1, 127, 84, false, {}},
    {"vads_ship_to_zip", any_text, 1, 64, 85, false, {}},
    {"vads_ship_to_country", country, 2, 2, 86, false, {}},
    {"vads_ship_to_phone_num", any_text, 1, 32, 87, false, {}},
    {"vads_ship_to_status", one_of, 7, 7, 93, false, kTitles},
    {"vads_ship_to_type", one_of, 7, 24, 94, false,
     "RECLAIM_IN_SHOP RELAY_POINT RECLAIM_IN_STATION PACKAGE_DELIVERY_COMPANY ETICKET"},
    {"vads_ship_to_speed", one_of, 7, 8, 95, false, "STANDARD EXPRESS PRIORITY"},
    {"vads_ship_to_delay", one_of, 6, 15, 99, false, "INFERIOR_EQUALS SUPERIOR IMMEDIATE ALWAYS"},
    {"vads_ship_to_delivery_company_name", any_text, 1, 127, 96, false, {}},
    {"vads_ship_to_user_info", any_text, 1, 255, 116, false, {}},
    {"vads_url_return", web_address, 1, 1024, 28, false, {}},
    {"vads_url_success", web_address, 1, 1024, 24, false, {}},
    {"vads_url_refused", web_address, 1, 1024, 25, false, {}},
    {"vads_url_cancel", web_address, 1, 1024, 27, false, {}},
    {"vads_url_error", web_address, 1, 1024, 29, false, {}},
    {"vads_url_referral", web_address, 1, 1024, 26, false, {}},
    {"vads_url_check", web_address, 1, 1024, 33, false, {}},
    {"vads_url_post_wallet", web_address, 1, 1024, 99, false, {}},
    {"vads_return_mode", one_of, 3, 4, 48, false, "NONE GET POST"},
    {"vads_redirect_success_timeout", seconds, 1, 3, 34, false, {}},
    {"vads_redirect_success_message", any_text, 1, 255, 35, false, {}},
    {"vads_redirect_error_timeout", seconds, 1, 3, 36, false, {}},
    {"vads_redirect_error_message", any_text, 1, 255, 37, false, {}},
    {"vads_return_get_params", query, 1, 1024, 39, false, {}},
    {"vads_return_post_params", query, 1, 1024, 38, false, {}},
    {"vads_identifier", any_text, 1, 50, 30, false, {}},
    {"vads_subscription", any_text, 1, 50, 63, false, {}},
    {"vads_sub_amount", number, 1, 12, 65, false, {}},
    {"vads_sub_currency", currency, 3, 3, 67, false, {}},
    {"vads_sub_desc", any_text, 1, 255, 64, false, {}},
    {"vads_sub_effect_date", digits, 8, 8, 69, false, {}},
    {"vads_sub_init_amount", number, 1, 12, 66, false, {}},
    {"vads_sub_init_amount_number", number, 1, 3, 68, false, {}},
    {"vads_card_number", digits, 13, 19, 40, false, {}},
    {"vads_expiry_month", digits, 1, 2, 41, false, {}},
    {"vads_expiry_year", digits, 2, 4, 42, false, {}},
    {"vads_cvv", digits, 3, 4, 43, false, {}},
    {"vads_threeds_enrolled", one_of, 1, 1, 51, false, "Y N U"},
    {"vads_threeds_cavv", any_text, 1, 28, 52, false, {}},
    {"vads_threeds_eci", digits, 1, 2, 53, false, {}},
    {"vads_threeds_xid", any_text, 1, 40, 54, false, {}},
    {"vads_threeds_cavvAlgorithm", one_of, 1, 1, 55, false, "0 1 2 3"},
    {"vads_threeds_status", one_of, 1, 1, 56, false, "Y N U A"},
});

// "A B C" as "A, B, C".
std::string listed(std::string_view values) { return base::join(base::split(values, ' '), ", "); }

bool in_list(std::string_view values, std::string_view value) {
  return std::ranges::any_of(base::split(values, ' '), [&](std::string_view known) { return known == value; });
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_mail_address(std::string_view value) {
  const std::size_t at = value.rfind('@');
  if (at == std::string_view::npos || at == 0) return false;
  const std::string_view domain = value.substr(at + 1);
  return domain.find('.') != std::string_view::npos && !domain.starts_with('.') && !domain.ends_with('.') &&
         value.find_first_of(" <>,;:\"()[]\r\n\t") == std::string_view::npos && value.find('@') == at &&
         // What was no UTF-8: there is no such address.
         value.find("\uFFFD") == std::string_view::npos;
}

bool is_map(std::string_view value) {
  return std::ranges::all_of(list_elements(value), [](std::string_view pair) {
    return pair.find('=') != std::string_view::npos && pair.front() != '=';
  });
}

bool is_vat(std::string_view value) {
  const std::size_t point = value.find('.');
  if (point == std::string_view::npos) return base::is_digits(value);
  const std::string_view decimals = value.substr(point + 1);
  return base::is_digits(value.substr(0, point)) && point <= 2 && base::is_digits(decimals) && decimals.size() <= 4;
}

bool is_day(std::string_view value) {
  std::string digits(value.substr(0, value.find('T')));
  const bool dashed = digits.size() == 10 && digits[4] == '-' && digits[7] == '-';
  if (dashed) std::erase(digits, '-');
  if (!base::is_digits(digits) || !payments::parse_day(digits)) return false;
  const std::size_t clock = value.find('T');
  if (clock == std::string_view::npos) return true;
  std::string time(value.substr(clock + 1));
  const bool spaced = dashed && time.size() == 8 && time[2] == ':' && time[5] == ':';
  std::erase(time, ':');
  return spaced && parse_moment(digits + time).has_value();
}

bool within(std::string_view value, int max) {
  const auto number = base::is_digits(value) ? base::parse_int<int>(value) : std::nullopt;
  return number && *number <= max;
}

std::string_view shape_key(Format format) {
  switch (format) {
    case digits: return "rule.digits";
    case number: return "rule.number";
    case letters_digits: return "rule.letters_digits";
    case identifier: return "rule.identifier";
    case any_text: return "rule.any_text";
    case product_text: return "rule.product_text";
    case one_of: return "rule.one_of";
    case languages:
    case means: return "rule.list_of";
    case map: return "rule.map";
    case web_address: return "rule.web_address";
    case mail_address: return "rule.mail_address";
    case language: return "rule.language";
    case country: return "rule.country";
    case currency: return "rule.currency";
    case moment: return "rule.moment";
    case day: return "rule.day";
    case seconds: return "rule.seconds";
    case days: return "rule.days";
    case vat: return "rule.vat";
    case query: return "rule.query";
  }
  return "rule.not_accepted";
}

bool has_shape(const FieldRule& rule, std::string_view value) {
  switch (rule.format) {
    case digits: return base::is_digits(value);
    case number: return base::is_digits(value) && (value.size() == 1 || value.front() != '0');
    case letters_digits: return std::ranges::all_of(value, [](char c) { return is_letter(c) || is_digit(c); });
    case identifier:
      return std::ranges::all_of(value, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
    case language:  // An unknown one falls back.
    case any_text: return value.find_first_of("<>") == std::string_view::npos;
    case product_text: return value.find_first_of("<>\"+-") == std::string_view::npos;
    case one_of: return in_list(rule.values, value);
    // One that we don't speak is left out, as a means that the shop has no contract for.
    case languages: {
      const auto tags = list_elements(value);
      return tags.empty() ||
             std::ranges::any_of(tags, [](std::string_view tag) { return i18n::language_of_tag(tag).has_value(); });
    }
    case means:
      return std::ranges::all_of(list_elements(value),
                                 [](std::string_view part) { return is_known_mean(base::ascii_upper(part)); });
    case map: return is_map(value);
    case web_address: return http::is_link(value);
    case mail_address: return is_mail_address(value);
    case country: return std::ranges::all_of(value, is_letter);
    case currency: return currency_of(value).has_value();
    case moment: return parse_moment(value).has_value();
    case day: return is_day(value);
    case seconds: return within(value, 300);
    case days: return within(value, 365);
    case vat: return is_vat(value);
    case query:
      return value.find('=') != std::string_view::npos && base::parse_form(value).has_value() &&
             value.find_first_of("<>") == std::string_view::npos;
  }
  return false;
}

// Every field of every form and notification is looked up.
struct RulesByName {
  RulesByName() {
    for (const FieldRule& rule : kRules) {
      if (rule.name.ends_with('*')) {
        stems.emplace_back(rule.name.substr(0, rule.name.size() - 1), &rule);
      } else {
        whole.emplace(rule.name, &rule);
      }
    }
  }
  std::unordered_map<std::string_view, const FieldRule*> whole;
  std::vector<std::pair<std::string_view, const FieldRule*>> stems;  // Before what differs from field to field.
};

}  // namespace

std::span<const FieldRule> field_rules() { return kRules; }

std::vector<std::string_view> list_elements(std::string_view list) {
  auto elements = base::split(list, ';');
  for (std::string_view& element : elements) element = base::trim(element);
  std::erase_if(elements, [](std::string_view element) { return element.empty(); });
  return elements;
}

const FieldRule* find_rule(std::string_view name) {
  static const RulesByName kByName;
  if (const auto found = kByName.whole.find(name); found != kByName.whole.end()) return found->second;
  for (const auto& [stem, rule] : kByName.stems) {
    if (!name.starts_with(stem) || name.size() == stem.size()) continue;
    if (stem.ends_with('_') || base::is_digits(name.substr(stem.size()))) return rule;
  }
  return nullptr;
}

std::optional<i18n::Sentence> check_field(const FieldRule& rule, std::string_view value) {
  using i18n::Sentence;
  if (value.empty()) return rule.required ? std::optional(Sentence{.key = "rule.missing"}) : std::nullopt;
  const std::size_t length = base::utf8_length(value);
  if (length > rule.max && rule.format != one_of) {
    return Sentence{.key = "rule.too_long",
                    .arguments = {{"max", std::to_string(rule.max)}, {"length", std::to_string(length)}}};
  }
  if (length < rule.min && rule.format != one_of) {
    return Sentence{.key = "rule.too_short",
                    .arguments = {{"min", std::to_string(rule.min)}, {"length", std::to_string(length)}}};
  }
  const bool control = std::ranges::any_of(
      value, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'; });
  if (control) return Sentence{.key = "rule.control"};
  if (has_shape(rule, value)) return std::nullopt;
  Sentence why{.key = std::string(shape_key(rule.format))};
  const std::string_view values = rule.format == means ? known_means() : rule.values;
  if (!values.empty()) why.arguments.emplace_back("values", listed(values));
  return why;
}

std::optional<std::int64_t> parse_moment(std::string_view digits) {
  if (digits.size() != 14 || !base::is_digits(digits)) return std::nullopt;
  const auto day = payments::parse_day(digits.substr(0, 8));
  const int hour = *base::parse_int<int>(digits.substr(8, 2));
  const int minute = *base::parse_int<int>(digits.substr(10, 2));
  const int second = *base::parse_int<int>(digits.substr(12, 2));
  if (!day || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto moment = *day + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
  return std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count();
}

}  // namespace acquit::vads
