// Plan: how the amount is spread over time: SINGLE, MULTI (equal instalments), MULTI_EXT (dated ones). Pure.
//
// Source: lyra.md §1.6. Amounts of a plan always sum to the payment's amount; the rounding remainder goes to the last.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
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

struct PlanRequest {
  std::string_view text;  ///< "SINGLE", "MULTI:first=…;count=…;period=…", "MULTI_EXT:YYYYMMDD=…;…".
  base::Money total;
  std::chrono::sys_days today;  ///< UTC.
};

/// Field of all errors: "payment_config". Errors: field_format, field_value (with the rule broken), unsupported.
[[nodiscard]] base::Result<std::vector<Instalment>> parse_plan(const PlanRequest& request);

/// Eight digits YYYYMMDD as a day that exists.
[[nodiscard]] std::optional<std::chrono::sys_days> parse_day(std::string_view digits);

}  // namespace acquit::payments
