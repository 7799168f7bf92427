#include "merchants/field_rules.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <exception>
#include <string>

#include "base/ascii.h"
#include "base/currency.h"
#include "base/id.h"
#include "base/list.h"
#include "base/utf8.h"
#include "http/web_address.h"
#include "merchants/shop.h"
#include "platform/config/formats.h"
#include "platform/i18n/country.h"
#include "platform/i18n/language.h"
#include "platform/mail/address.h"

namespace acquit::merchants {

std::string words_of(Bounds bounds) {
  return "must be a number from " + std::to_string(bounds.min) + " to " + std::to_string(bounds.max);
}

namespace rule {
namespace {

constexpr std::size_t kNameMax = 127;
constexpr std::size_t kKeyMin = 16;
constexpr std::size_t kKeyMax = 64;

bool is_printable(std::string_view text) { return base::is_valid_utf8(text) && !base::has_control(text); }

bool is_name(std::string_view text) {
  return !base::trim(text).empty() && is_printable(text) && base::utf8_length(text) <= kNameMax;
}

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_code(std::string_view text, std::size_t max) {
  return !text.empty() && text.size() <= max && std::ranges::all_of(text, is_letter_or_digit);
}

bool is_address_list(std::string_view text) {
  if (text.empty()) return true;
  return std::ranges::all_of(base::split(text, ';'),
                             [](std::string_view one) { return mail::is_address(base::trim(one)); });
}

bool is_language(std::string_view text) { return i18n::language_from_code(text).has_value(); }

bool is_language_list(std::string_view text) {
  return text.empty() || std::ranges::all_of(base::split(text, ';'), is_language);
}

bool is_timezone(std::string_view text) {
  try {
    static_cast<void>(date::locate_zone(std::string(text)));
    return true;
  } catch (const std::exception&) {  // How the zone database says that there is no such zone.
    return false;
  }
}

// Regions have numbers too, from 901 up none of a country.
bool is_country(std::string_view text) {
  constexpr int kFirstOfNoCountry = 901;
  const bool capitals = std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
  const int number = capitals ? i18n::country_number(text) : 0;
  return text.size() == 2 && number > 0 && number < kFirstOfNoCountry;
}

bool is_origin(std::string_view text) {
  return http::is_web_address(text) && text.find_first_of(";,'\"") == std::string_view::npos;
}

bool is_origin_list(std::string_view text) {
  return text.empty() || std::ranges::all_of(base::split(text, ' '), is_origin);
}

}  // namespace

constexpr TextRule kName{is_name, "must be a text of 1 to 127 characters"};
constexpr TextRule kShopNumber{[](std::string_view t) { return base::parse_shop_id(t).has_value(); },
                               "must be eight digits"};
constexpr TextRule kUrlOrNone{[](std::string_view t) { return t.empty() || http::is_web_address(t); },
                              "must begin with https:// or http:// and name a host, without blanks and quotes, or be "
                              "empty"};
constexpr TextRule kAddresses{[](std::string_view t) { return !t.empty() && is_address_list(t); },
                              "must be mail addresses separated by semicolons"};
constexpr TextRule kAddressesOrNone{is_address_list, "must be mail addresses separated by semicolons, or empty"};
constexpr TextRule kLanguage{is_language, "must be one of de en es fr it ja nl pl pt ru sv tr zh"};
constexpr TextRule kLanguages{is_language_list, "must be languages separated by semicolons (\"fr;en\"), or empty"};
constexpr TextRule kTimezone{is_timezone, "must be a name of the zone database, such as Europe/Paris"};
// As the AReq of 3-D Secure carries them on.
constexpr TextRule kOwnUrl{[](std::string_view t) { return platform::fits(platform::ConfigFormat::web_address, t); },
                           "must begin with https:// or http:// and name a host, without blanks"};
constexpr TextRule kCountry{is_country, "must be two capital letters (ISO 3166)"};
constexpr TextRule kCategory{[](std::string_view t) { return t.size() == 4 && base::is_digits(t); },
                             "must be four digits (ISO 18245)"};
constexpr TextRule kAlgorithm{[](std::string_view t) { return parse_signature_algorithm(t).has_value(); },
                              "must be HMAC-SHA-256 or SHA-1"};
constexpr TextRule kReturnMode{[](std::string_view t) { return t == "GET" || t == "POST" || t == "NONE"; },
                               "must be GET, POST or NONE"};
constexpr TextRule kOrigins{is_origin_list, "must be origins (https://…) separated by single blanks, or empty"};
constexpr TextRule kKey{[](std::string_view t) { return t.size() >= kKeyMin && is_code(t, kKeyMax); },
                        "must be 16 to 64 letters and digits; leave it out to have one made"};
constexpr TextRule kMethod{[](std::string_view t) { return std::ranges::find(kMethods, t) != kMethods.end(); },
                           "must be CB, VISA, MASTERCARD, MAESTRO, VISA_ELECTRON or AMEX"};
constexpr TextRule kCurrency{[](std::string_view t) { return base::Currency::from_code(t).has_value(); },
                             "must be a currency of ISO 4217, such as EUR"};
constexpr TextRule kMerchantNumber{[](std::string_view t) { return is_code(t, 15); },
                                   "must be 1 to 15 letters and digits"};
constexpr TextRule kTerminal{[](std::string_view t) { return is_code(t, 8); }, "must be 1 to 8 letters and digits"};
constexpr TextRule kAcquirerId{[](std::string_view t) { return base::is_digits(t) && is_code(t, 11); },
                               "must be 1 to 11 digits"};
constexpr TextRule kAnyText{is_printable, "must be a text"};
constexpr TextRule kRule{[](std::string_view t) { return parse_rule(t).has_value(); },
                         "must be end_of_payment, back_office_operation, batch_authorisation, subscription, "
                         "batch_change or cancellation"};

}  // namespace rule

}  // namespace acquit::merchants
