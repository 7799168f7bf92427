#include "platform/i18n/format.h"

#include <unicode/currunit.h>
#include <unicode/datefmt.h>
#include <unicode/locid.h>
#include <unicode/numberformatter.h>
#include <unicode/timezone.h>

#include <memory>

namespace acquit::i18n {

std::string format_money(const base::Money& money, Language language) {
  UErrorCode status = U_ZERO_ERROR;
  const std::string currency_code(money.currency().code());
  const icu::CurrencyUnit unit(icu::StringPiece(currency_code), status);
  const auto formatted = icu::number::NumberFormatter::withLocale(icu::Locale(locale_name(language)))
                             .unit(unit)
                             .precision(icu::number::Precision::fixedFraction(money.currency().exponent()))
                             .formatDecimal(money.to_decimal(), status);
  std::string text;
  formatted.toString(status).toUTF8String(text);
  // Out of memory or without its data ICU says so here; the plain form is still right.
  if (U_FAILURE(status)) return money.to_text();
  return text;
}

std::string format_date_time(base::Time time, Language language, std::string_view timezone) {
  const icu::Locale locale(locale_name(language));
  const std::unique_ptr<icu::DateFormat> format(
      icu::DateFormat::createDateTimeInstance(icu::DateFormat::kLong, icu::DateFormat::kShort, locale));
  std::unique_ptr<icu::TimeZone> zone(
      icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(icu::StringPiece(timezone))));
  if (*zone == icu::TimeZone::getUnknown()) zone.reset(icu::TimeZone::getGMT()->clone());
  format->adoptTimeZone(zone.release());
  icu::UnicodeString formatted;
  format->format(static_cast<UDate>(base::to_ms(time)), formatted);
  std::string text;
  return formatted.toUTF8String(text);
}

}  // namespace acquit::i18n
