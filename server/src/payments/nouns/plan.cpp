#include "payments/nouns/plan.h"

#include "base/ascii.h"
#include "base/list.h"
#include "base/number.h"

namespace acquit::payments {
namespace {

// A schedule by hand reaches at most twelve months ahead (lyra.md §1.6).
constexpr std::chrono::months kLastDateWithin{12};
constexpr std::int64_t kCountMax = 99;
constexpr std::int64_t kPeriodMax = 365;

std::unexpected<base::Error> bad(base::ErrorCode code, const std::string& why) {
  return base::fail(code, why, "payment_config");
}

// "name=digits" with just that name.
base::Result<std::int64_t> named_number(std::string_view part, std::string_view name) {
  const std::size_t equals = part.find('=');
  if (equals == std::string_view::npos || part.substr(0, equals) != name) {
    return bad(base::ErrorCode::field_format,
               "MULTI has first, count and period, in this order; " + std::string(name) + " is not where it belongs");
  }
  const std::string_view digits = part.substr(equals + 1);
  const auto value = base::is_digits(digits) ? base::parse_int<std::int64_t>(digits) : std::nullopt;
  if (!value) return bad(base::ErrorCode::field_format, std::string(name) + " must be a number");
  return *value;
}

base::Result<std::vector<Instalment>> parse_equal(std::string_view text, base::Money total) {
  const auto parts = base::split(text, ';');
  if (parts.size() != 3) return bad(base::ErrorCode::field_format, "MULTI has three parts: first, count and period");
  ACQUIT_TRY(const std::int64_t first, named_number(parts[0], "first"));
  ACQUIT_TRY(const std::int64_t count, named_number(parts[1], "count"));
  ACQUIT_TRY(const std::int64_t period, named_number(parts[2], "period"));
  if (count < 2 || count > kCountMax) return bad(base::ErrorCode::field_value, "count must be between 2 and 99");
  if (period < 1 || period > kPeriodMax)
    return bad(base::ErrorCode::field_value, "period must be between 1 and 365 days");
  if (first < 1 || first >= total.minor()) {
    return bad(base::ErrorCode::field_value, "first must be above zero and below the amount");
  }
  if (total.minor() - first < count - 1)
    return bad(base::ErrorCode::field_value, "the rest is too small for so many instalments");
  ACQUIT_TRY(const auto rest, base::split_equally(base::Money(total.minor() - first, total.currency()), count - 1));
  std::vector<Instalment> plan{{.amount = base::Money(first, total.currency()), .delay_days = 0, .date = std::nullopt}};
  for (std::size_t i = 0; i < rest.size(); ++i) {
    plan.push_back({.amount = rest[i],
                    .delay_days = static_cast<int>(period * static_cast<std::int64_t>(i + 1)),
                    .date = std::nullopt});
  }
  return plan;
}

base::Result<Instalment> parse_dated_part(std::string_view part, const PlanRequest& request) {
  const std::size_t equals = part.find('=');
  if (equals == std::string_view::npos) return bad(base::ErrorCode::field_format, "each part is YYYYMMDD=amount");
  const auto day = parse_day(part.substr(0, equals));
  if (!day) return bad(base::ErrorCode::field_format, "no such date: " + std::string(part.substr(0, equals)));
  const std::string_view digits = part.substr(equals + 1);
  const auto amount = base::is_digits(digits) ? base::parse_int<std::int64_t>(digits) : std::nullopt;
  if (!amount || *amount < 1)
    return bad(base::ErrorCode::field_format, "an instalment's amount is a number above zero");
  if (*day < request.today) return bad(base::ErrorCode::field_value, "an instalment lies in the past");
  const std::chrono::year_month_day last = std::chrono::year_month_day(request.today) + kLastDateWithin;
  if (std::chrono::year_month_day(*day) > last)
    return bad(base::ErrorCode::field_value, "an instalment lies more than 12 months ahead");
  return Instalment{.amount = base::Money(*amount, request.total.currency()), .delay_days = 0, .date = day};
}

base::Result<std::vector<Instalment>> parse_dated(std::string_view text, const PlanRequest& request) {
  std::vector<Instalment> plan;
  base::Money sum(0, request.total.currency());
  for (const std::string_view part : base::split(text, ';')) {
    ACQUIT_TRY(const Instalment instalment, parse_dated_part(part, request));
    if (!plan.empty() && *instalment.date <= *plan.back().date) {
      return bad(base::ErrorCode::field_value, "dates must come in order, each once");
    }
    ACQUIT_TRY(sum, sum.plus(instalment.amount));
    plan.push_back(instalment);
  }
  if (plan.size() > static_cast<std::size_t>(kCountMax))
    return bad(base::ErrorCode::field_value, "at most 99 instalments");
  if (sum != request.total) return bad(base::ErrorCode::field_value, "the instalments do not sum to the amount");
  return plan;
}

}  // namespace

std::optional<std::chrono::sys_days> parse_day(std::string_view digits) {
  if (digits.size() != 8 || !base::is_digits(digits)) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(*base::parse_int<int>(digits.substr(0, 4))),
                                        std::chrono::month(*base::parse_int<unsigned>(digits.substr(4, 2))),
                                        std::chrono::day(*base::parse_int<unsigned>(digits.substr(6, 2)))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day);
}

base::Result<std::vector<Instalment>> parse_plan(const PlanRequest& request) {
  constexpr std::string_view kMulti = "MULTI:";
  constexpr std::string_view kMultiExt = "MULTI_EXT:";
  if (request.text == "SINGLE") {
    return std::vector<Instalment>{{.amount = request.total, .delay_days = 0, .date = std::nullopt}};
  }
  if (request.text.starts_with(kMulti)) return parse_equal(request.text.substr(kMulti.size()), request.total);
  if (request.text.starts_with(kMultiExt)) return parse_dated(request.text.substr(kMultiExt.size()), request);
  return bad(base::ErrorCode::field_format, "must be SINGLE, MULTI:… or MULTI_EXT:…");
}

}  // namespace acquit::payments
