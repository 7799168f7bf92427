#include "payments/nouns/plan.h"

#include <algorithm>

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

// "YYYYMMDD".
std::string digits_of(std::chrono::sys_days day) {
  constexpr int kYear = 10'000;
  constexpr unsigned kMonth = 100;
  const std::chrono::year_month_day date(day);
  const std::string digits = std::to_string(
      (static_cast<int>(date.year()) * kYear) +
      static_cast<int>((static_cast<unsigned>(date.month()) * kMonth) + static_cast<unsigned>(date.day())));
  return std::string(8 - std::min<std::size_t>(8, digits.size()), '0') + digits;
}

constexpr std::string_view kSingle = "SINGLE";
constexpr std::string_view kMulti = "MULTI:";
constexpr std::string_view kMultiExt = "MULTI_EXT:";

}  // namespace

std::optional<std::chrono::sys_days> parse_day(std::string_view digits) {
  if (digits.size() != 8 || !base::is_digits(digits)) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(*base::parse_int<int>(digits.substr(0, 4))),
                                        std::chrono::month(*base::parse_int<unsigned>(digits.substr(4, 2))),
                                        std::chrono::day(*base::parse_int<unsigned>(digits.substr(6, 2)))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day);
}

base::Result<Plan::Equal> Plan::parse_equal(std::string_view text) {
  const auto parts = base::split(text, ';');
  if (parts.size() != 3) return bad(base::ErrorCode::field_format, "MULTI has three parts: first, count and period");
  Equal equal;
  ACQUIT_TRY(equal.first, named_number(parts[0], "first"));
  ACQUIT_TRY(equal.count, named_number(parts[1], "count"));
  ACQUIT_TRY(equal.period_days, named_number(parts[2], "period"));
  if (equal.count < 2 || equal.count > kCountMax)
    return bad(base::ErrorCode::field_value, "count must be between 2 and 99");
  if (equal.period_days < 1 || equal.period_days > kPeriodMax)
    return bad(base::ErrorCode::field_value, "period must be between 1 and 365 days");
  return equal;
}

base::Result<Plan::DatedPart> Plan::parse_dated_part(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return bad(base::ErrorCode::field_format, "each part is YYYYMMDD=amount");
  const auto day = parse_day(text.substr(0, equals));
  if (!day) return bad(base::ErrorCode::field_format, "no such date: " + std::string(text.substr(0, equals)));
  const std::string_view digits = text.substr(equals + 1);
  const auto minor = base::is_digits(digits) ? base::parse_int<std::int64_t>(digits) : std::nullopt;
  if (!minor || *minor < 1) return bad(base::ErrorCode::field_format, "an instalment's amount is a number above zero");
  return DatedPart{.day = *day, .minor = *minor};
}

base::Result<Plan::Dated> Plan::parse_dated(std::string_view text) {
  Dated dated;
  for (const std::string_view part : base::split(text, ';')) {
    ACQUIT_TRY(const DatedPart next, parse_dated_part(part));
    if (!dated.empty() && next.day <= dated.back().day)
      return bad(base::ErrorCode::field_value, "dates must come in order, each once");
    dated.push_back(next);
  }
  if (dated.size() > static_cast<std::size_t>(kCountMax))
    return bad(base::ErrorCode::field_value, "at most 99 instalments");
  return dated;
}

base::Result<Plan> Plan::parse(std::string_view text) {
  Plan plan;
  if (text == kSingle) return plan;
  if (text.starts_with(kMulti)) {
    ACQUIT_TRY(plan.shape_, parse_equal(text.substr(kMulti.size())));
    return plan;
  }
  if (text.starts_with(kMultiExt)) {
    ACQUIT_TRY(plan.shape_, parse_dated(text.substr(kMultiExt.size())));
    return plan;
  }
  return bad(base::ErrorCode::field_format, "must be SINGLE, MULTI:… or MULTI_EXT:…");
}

base::Result<void> Plan::check_equal(const Equal& equal, base::Money total) {
  if (equal.first < 1 || equal.first >= total.minor())
    return bad(base::ErrorCode::field_value, "first must be above zero and below the amount");
  if (total.minor() - equal.first < equal.count - 1)
    return bad(base::ErrorCode::field_value, "the rest is too small for so many instalments");
  return {};
}

base::Result<void> Plan::check_dated(const Dated& dated, base::Money total, std::chrono::sys_days today) {
  const std::chrono::year_month_day last = std::chrono::year_month_day(today) + kLastDateWithin;
  base::Money sum = base::Money::zero(total.currency());
  for (const DatedPart& part : dated) {
    if (part.day < today) return bad(base::ErrorCode::field_value, "an instalment lies in the past");
    if (std::chrono::year_month_day(part.day) > last)
      return bad(base::ErrorCode::field_value, "an instalment lies more than 12 months ahead");
    ACQUIT_TRY(sum, sum.plus(base::Money(part.minor, total.currency())));
  }
  if (sum != total) return bad(base::ErrorCode::field_value, "the instalments do not sum to the amount");
  return {};
}

base::Result<void> Plan::check(base::Money total, std::chrono::sys_days today) const {
  if (const auto* equal = std::get_if<Equal>(&shape_)) return check_equal(*equal, total);
  if (const auto* dated = std::get_if<Dated>(&shape_)) return check_dated(*dated, total, today);
  return {};
}

std::vector<Instalment> Plan::of(base::Money total) const {
  std::vector<Instalment> out;
  if (const auto* dated = std::get_if<Dated>(&shape_)) {
    for (const DatedPart& part : *dated)
      out.push_back({.amount = base::Money(part.minor, total.currency()), .delay_days = 0, .date = part.day});
    return out;
  }
  const auto* equal = std::get_if<Equal>(&shape_);
  if (equal == nullptr) return {{.amount = total, .delay_days = 0, .date = std::nullopt}};
  const base::Money first(equal->first, total.currency());
  out.push_back({.amount = first, .delay_days = 0, .date = std::nullopt});
  const auto rest = base::split_equally(base::Money(total.minor() - equal->first, total.currency()), equal->count - 1);
  for (const base::Money& amount : rest.value()) {
    out.push_back({.amount = amount,
                   .delay_days = static_cast<int>(equal->period_days * static_cast<std::int64_t>(out.size())),
                   .date = std::nullopt});
  }
  return out;
}

std::string to_text(const Plan& plan) {
  if (const auto* equal = std::get_if<Plan::Equal>(&plan.shape_)) {
    return std::string(kMulti) + "first=" + std::to_string(equal->first) + ";count=" + std::to_string(equal->count) +
           ";period=" + std::to_string(equal->period_days);
  }
  const auto* dated = std::get_if<Plan::Dated>(&plan.shape_);
  if (dated == nullptr) return std::string(kSingle);
  std::string parts;
  for (const Plan::DatedPart& part : *dated)
    base::append_part(parts, digits_of(part.day) + "=" + std::to_string(part.minor), ";");
  return std::string(kMultiExt) + parts;
}

}  // namespace acquit::payments
