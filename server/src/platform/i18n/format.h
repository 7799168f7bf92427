// Money and moments as a reader of a language expects them, by ICU. Exact: an amount goes to ICU as decimal text, never
// as a floating-point number. Pure functions; ICU's formatters are made on each call, so safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/money.h"
#include "platform/i18n/language.h"

namespace acquit::i18n {

/// "51,24 €" in French, "€51.24" in English; always with the decimals of ISO 4217.
[[nodiscard]] std::string format_money(const base::Money& money, Language language);

/// Day and minute in `timezone` (IANA name, "Europe/Paris"), such as "21 novembre 2026 à 23:57". An unknown zone is
/// read as UTC.
[[nodiscard]] std::string format_date_time(base::Time time, Language language, std::string_view timezone);

}  // namespace acquit::i18n
