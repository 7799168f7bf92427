// Plan: how the amount is spread over time: SINGLE, MULTI (equal instalments), MULTI_EXT (dated ones). Pure.
//
// Source: lyra.md §1.6. Amounts of a plan always sum to the payment's amount; the rounding remainder goes to the last.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/money.h"
#include "base/result.h"

namespace acquit::payments {

struct Instalment {
  base::Money amount;
  int delay_days = 0;                         ///< After the first capture day (MULTI).
  std::optional<std::chrono::sys_days> date;  ///< The capture day itself (MULTI_EXT).
};

/// Errors of its functions have the field "payment_config".
class Plan {
 public:
  /// The whole at once.
  Plan() = default;
  /// "SINGLE", "MULTI:first=…;count=…;period=…", "MULTI_EXT:YYYYMMDD=…;…", amounts in minor units. What is wrong
  /// whatever the amount is found here. Errors: field_format, field_value (with the rule broken).
  [[nodiscard]] static base::Result<Plan> parse(std::string_view text);
  /// Whether `total` can be paid so from `today` (UTC) on. Errors: field_value, amount_overflow.
  [[nodiscard]] base::Result<void> check(base::Money total, std::chrono::sys_days today) const;

  [[nodiscard]] bool is_single() const { return std::holds_alternative<std::monostate>(shape_); }
  /// Its days are the shop's own.
  [[nodiscard]] bool is_dated() const { return std::holds_alternative<Dated>(shape_); }
  /// At least one. Of a `total` that it was checked for.
  [[nodiscard]] std::vector<Instalment> of(base::Money total) const;

  friend std::string to_text(const Plan& plan);
  friend bool operator==(const Plan&, const Plan&) = default;

 private:
  struct Equal {
    std::int64_t first = 0;
    std::int64_t count = 0;
    std::int64_t period_days = 0;
    friend bool operator==(const Equal&, const Equal&) = default;
  };
  struct DatedPart {
    std::chrono::sys_days day;
    std::int64_t minor = 0;
    friend bool operator==(const DatedPart&, const DatedPart&) = default;
  };
  using Dated = std::vector<DatedPart>;

  static base::Result<Equal> parse_equal(std::string_view text);
  static base::Result<DatedPart> parse_dated_part(std::string_view text);
  static base::Result<Dated> parse_dated(std::string_view text);
  static base::Result<void> check_equal(const Equal& equal, base::Money total);
  static base::Result<void> check_dated(const Dated& dated, base::Money total, std::chrono::sys_days today);

  std::variant<std::monostate, Equal, Dated> shape_;
};
/// As parse() takes it.
[[nodiscard]] std::string to_text(const Plan& plan);

/// Eight digits YYYYMMDD as a day that exists.
[[nodiscard]] std::optional<std::chrono::sys_days> parse_day(std::string_view digits);

}  // namespace acquit::payments
