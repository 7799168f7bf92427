#include "connectors/threeds/areq.h"

#include <fmt/format.h>
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/ascii.h"
#include "base/domain.h"
#include "connectors/threeds/formats.h"
#include "connectors/threeds/message.h"

namespace acquit::threeds {
namespace {

constexpr std::array kColorDepths{48, 32, 24, 16, 15, 8, 4, 1};
constexpr int kScreenMax = 999'999;
constexpr int kOffsetMax = 9'999;
constexpr std::size_t kHeaderMax = 2048;
constexpr std::size_t kHolderMin = 2;
// A letter with its accents apart; some letters have no spelling.
constexpr std::size_t kBytesPerLetterMax = 16;
constexpr std::size_t kLineMax = 50;
constexpr std::size_t kLinesMax = 3;
constexpr std::size_t kAddressMax = 200;  // More than the lines take; bounds the work.

// Loading the tables takes milliseconds; using them is const and safe from any thread.
const icu::Transliterator* latin() {
  static const std::unique_ptr<icu::Transliterator> kInstance = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<icu::Transliterator>(icu::Transliterator::createInstance(
        "Any-Latin; Latin-ASCII; [^\\u0020-\\u007E] Remove", UTRANS_FORWARD, status));
  }();
  return kInstance.get();
}

std::string only_printable(std::string_view text, std::size_t max) {
  std::string out;
  for (const char c : text) {
    if (c >= ' ' && c <= '~') out += c;
  }
  return std::string(base::trim(std::string_view(out).substr(0, max)));
}

bool fits(const Format& format, std::string_view value) { return check_format(format, value) == Defect::none; }

void add_if_fits(base::JsonValue& message, std::string_view name, const Format& format, std::string_view value) {
  if (fits(format, value)) message.add_text(name, value);
}

std::string three_digits(int number) { return fmt::format("{:03}", std::clamp(number, 0, 999)); }

std::string or_else(std::string value, std::string_view fallback) {
  return value.empty() ? std::string(fallback) : value;
}

std::string date_of(base::Time time) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::string moment_of(base::Time time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - midnight)};
  return fmt::format("{}{:02}{:02}{:02}", date_of(time), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

// Whole subtags only: "zh-Hant-TW" becomes "zh-Hant".
std::string language_of(std::string_view text) {
  while (text.size() > formats::kLanguage.max) {
    const std::size_t hyphen = text.rfind('-');
    text = hyphen == text.npos ? std::string_view() : text.substr(0, hyphen);
  }
  return fits(formats::kLanguage, text) ? std::string(text) : "en";
}

// Phones report 30 bits, others 10 per colour; the table knows the next lower value.
int color_depth_of(int depth) {
  for (const int known : kColorDepths) {
    if (depth >= known) return known;
  }
  return kColorDepths.back();
}

void add_parties(base::JsonValue& areq, const AuthenticationRequest& request, const ServerIdentity& identity) {
  const Requestor& requestor = request.requestor;
  const Merchant& merchant = request.merchant;
  areq.add_text("messageCategory", request.payment ? "01" : "02");
  areq.add_text("deviceChannel", "02");
  areq.add_text("threeDSServerTransID", request.server_transaction_id);
  areq.add_text("threeDSServerRefNumber", identity.reference_number);
  areq.add_text("threeDSServerOperatorID", identity.operator_id);
  areq.add_text("threeDSServerURL", request.results_url);
  areq.add_text("threeDSRequestorID", only_printable(requestor.id, 35));
  areq.add_text("threeDSRequestorName", or_else(to_latin(requestor.name, 40), only_printable(requestor.id, 35)));
  areq.add_text("threeDSRequestorURL", requestor.url);
  areq.add_text("acquirerBIN", merchant.acquirer_bin);
  areq.add_text("acquirerMerchantID", merchant.acquirer_merchant_id);
  areq.add_text("mcc", merchant.category_code);
  areq.add_text("merchantCountryCode", three_digits(merchant.country));
  areq.add_text("merchantName", or_else(to_latin(merchant.name, 40), only_printable(requestor.id, 35)));
}

void add_wishes(base::JsonValue& areq, const AuthenticationRequest& request) {
  areq.add_text("threeDSRequestorAuthenticationInd", fmt::format("{:02}", static_cast<int>(request.purpose)));
  areq.add_text("threeDSCompInd", std::string(1, static_cast<char>(request.method)));
  const bool known = request.version >= Version::v220 || request.preference <= ChallengePreference::challenge_mandated;
  if (request.preference == ChallengePreference::unspecified || !known) return;
  areq.add_text("threeDSRequestorChallengeInd", fmt::format("{:02}", static_cast<int>(request.preference)));
}

void add_card(base::JsonValue& areq, const CardData& card) {
  areq.add_text("acctNumber", card.pan.reveal());
  if (card.expiry_year != 0) {
    add_if_fits(areq, "cardExpiryDate", formats::kExpiry,
                fmt::format("{:02}{:02}", card.expiry_year % 100, card.expiry_month));
  }
  const std::string holder = to_latin(card.holder, 45);
  if (holder.size() >= kHolderMin) areq.add_text("cardholderName", holder);
}

void add_purchase(base::JsonValue& areq, const AuthenticationRequest& request) {
  areq.add_text("purchaseAmount", std::to_string(request.amount.minor()));
  areq.add_text("purchaseCurrency", three_digits(request.amount.currency().number()));
  areq.add_text("purchaseExponent", std::to_string(request.amount.currency().exponent()));
  areq.add_text("purchaseDate", moment_of(request.purchase_time));
  if (request.payment) areq.add_text("transType", "01");
  if (!request.recurrence) return;
  areq.add_text("recurringExpiry", date_of(request.recurrence->last));
  areq.add_text("recurringFrequency", std::to_string(request.recurrence->frequency_days));
  if (request.purpose == Purpose::instalment) {
    areq.add_text("purchaseInstalData", std::to_string(request.recurrence->instalments));
  }
}

void add_browser(base::JsonValue& areq, const AuthenticationRequest& request) {
  const Browser& browser = request.browser;
  areq.add_text("browserAcceptHeader", or_else(only_printable(browser.accept_header, kHeaderMax), "*/*"));
  areq.add_text("browserLanguage", language_of(browser.language));
  areq.add_text("browserUserAgent", or_else(only_printable(browser.user_agent, kHeaderMax), "unknown"));
  add_if_fits(areq, "browserIP", formats::text(45), browser.ip);
  areq.add_text("notificationURL", request.notification_url);
  if (request.version >= Version::v220)
    areq.add("browserJavascriptEnabled", base::JsonValue::of_flag(browser.javascript));
  // Sent without scripts too: some directory servers insist on it.
  areq.add("browserJavaEnabled", base::JsonValue::of_flag(browser.javascript && browser.java));
  if (request.version >= Version::v220 && !browser.javascript) return;
  const auto screen = [](int pixels) { return std::to_string(std::clamp(pixels, 0, kScreenMax)); };
  areq.add_text("browserColorDepth", std::to_string(color_depth_of(browser.color_depth)));
  areq.add_text("browserScreenHeight", screen(browser.screen_height));
  areq.add_text("browserScreenWidth", screen(browser.screen_width));
  areq.add_text("browserTZ", std::to_string(std::clamp(browser.utc_offset_minutes, -kOffsetMax, kOffsetMax)));
}

// Broken at blanks; a word that is longer than a line is cut.
void wrap(std::string_view text, std::vector<std::string>& lines) {
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > kLineMax) {
      const std::size_t blank = text.rfind(' ', kLineMax);
      end = blank == std::string_view::npos || blank == 0 ? kLineMax : blank;
    }
    lines.emplace_back(base::trim(text.substr(0, end)));
    text = base::trim(text.substr(end));
  }
}

// Lines as they were typed where they fit, else the words of all of them from the first line on.
std::vector<std::string> lines_of(const Address& address) {
  std::vector<std::string> lines;
  std::string all;
  for (const std::string* typed : {&address.line1, &address.line2, &address.line3}) {
    const std::string text = to_latin(*typed, kAddressMax);
    wrap(text, lines);
    all += (all.empty() || text.empty() ? "" : " ") + text;
  }
  if (lines.size() > kLinesMax) {
    lines.clear();
    wrap(all, lines);
    lines.resize(std::min(lines.size(), kLinesMax));
  }
  return lines;
}

// A domain in other letters travels as "xn--…". Nothing if the address can't be said in ASCII.
std::string ascii_email(std::string_view email) {
  const auto is_ascii = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  };
  const std::size_t at = email.rfind('@');
  if (at == std::string_view::npos || !is_ascii(email.substr(0, at))) return {};
  const std::string_view domain = email.substr(at + 1);
  if (is_ascii(domain)) return std::string(email);
  const auto ascii = base::ascii_domain(domain);
  return ascii ? std::string(email.substr(0, at + 1)) + *ascii : std::string();
}

void add_address(base::JsonValue& areq, const std::string& prefix, const std::optional<Address>& address) {
  if (!address) return;
  const std::string country = three_digits(address->country);
  areq.add_text(prefix + "City", to_latin(address->city, 50));
  const bool has_country = fits(formats::kCountry, country);
  if (has_country) areq.add_text(prefix + "Country", country);
  const auto lines = lines_of(*address);
  for (std::size_t i = 0; i < lines.size(); ++i) areq.add_text(prefix + "Line" + std::to_string(i + 1), lines[i]);
  areq.add_text(prefix + "PostCode", to_latin(address->post_code, 16));
  // Names of states are not codes, and a state needs its country.
  const bool code = address->state.size() <= 3 && only_printable(address->state, 3) == address->state;
  if (has_country && code) areq.add_text(prefix + "State", address->state);
}

void add_phone(base::JsonValue& areq, std::string_view name, const std::optional<Phone>& phone) {
  if (!phone) return;
  const auto digits = [](std::string_view text) {
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
    return out;
  };
  const std::string country = digits(phone->country_code);
  const std::string subscriber = digits(phone->subscriber);
  if (!fits(formats::digits(1, 3), country) || !fits(formats::digits(1, 15), subscriber)) return;
  base::JsonValue value = base::JsonValue::object();
  value.add_text("cc", country);
  value.add_text("subscriber", subscriber);
  areq.add(name, std::move(value));
}

void add_buyer(base::JsonValue& areq, const Buyer& buyer) {
  add_if_fits(areq, "email", formats::kEmail, ascii_email(buyer.email));
  add_phone(areq, "mobilePhone", buyer.mobile_phone);
  add_phone(areq, "homePhone", buyer.home_phone);
  add_phone(areq, "workPhone", buyer.work_phone);
  add_address(areq, "billAddr", buyer.billing);
  add_address(areq, "shipAddr", buyer.shipping);
}

}  // namespace

std::string to_latin(std::string_view text, std::size_t max) {
  if (std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; })) return only_printable(text, max);
  if (latin() == nullptr) return only_printable(text, max);
  // Each letter that is spelled otherwise moves all that follow: what is cut off in the end is not spelled at all.
  const std::string_view begin = base::trim(text).substr(0, kBytesPerLetterMax * max);
  icu::UnicodeString wide =
      icu::UnicodeString::fromUTF8(icu::StringPiece(begin.data(), static_cast<int>(begin.size())));
  latin()->transliterate(wide);
  std::string out;
  wide.toUTF8String(out);
  return only_printable(out, max);
}

base::Result<std::string> build_areq(const AuthenticationRequest& request, const ServerIdentity& identity) {
  if (!fits(formats::digits(13, 19), request.card.pan.reveal())) {
    return base::fail(base::ErrorCode::card_invalid, "A card number has 13 to 19 digits.", "acctNumber");
  }
  base::JsonValue areq = new_message(MessageType::areq, request.version);
  add_parties(areq, request, identity);
  add_wishes(areq, request);
  add_card(areq, request.card);
  add_purchase(areq, request);
  add_browser(areq, request);
  add_buyer(areq, request.buyer);
  std::string text = base::to_json(areq);
  const auto checked = parse_message(text, {MessageType::areq});
  if (checked) return text;
  const bool missing = checked.error().code == ProtocolErrorCode::element_missing;
  return base::fail(missing ? base::ErrorCode::field_missing : base::ErrorCode::field_format,
                    std::string(description_of(checked.error().code)), checked.error().detail);
}

}  // namespace acquit::threeds
