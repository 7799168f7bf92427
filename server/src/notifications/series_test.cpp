#include "notifications/series.h"

#include <gtest/gtest.h>

#include "payments/ending/announcements.h"

namespace acquit::notifications {
namespace {

using merchants::Rule;

constexpr base::Time at(int hour, int minute, int second = 0, int ms = 0) {
  return base::Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second} + std::chrono::milliseconds{ms};
}

TEST(Series, GoesOnAtTheNextFullQuarter) {
  struct Row {
    base::Time now;
    base::Time next;
  };
  const Row rows[] = {{at(10, 0), at(10, 15)},  {at(10, 0, 0, 1), at(10, 15)}, {at(10, 14, 59, 999), at(10, 15)},
                      {at(10, 15), at(10, 30)}, {at(10, 29, 30), at(10, 30)},  {at(10, 30, 1), at(10, 45)},
                      {at(10, 45), at(11, 0)},  {at(23, 59, 59), at(24, 0)},   {at(23, 45), at(24, 0)}};
  for (const Row& row : rows)
    EXPECT_EQ(base::to_ms(next_quarter(row.now)), base::to_ms(row.next)) << base::to_ms(row.now);
}

TEST(Series, NamesItsAttemptsAndWhyEachIsMade) {
  Series series{.rule = Rule::end_of_payment};
  std::string seen;
  for (;; series = series.next()) {
    seen += series.attempt_name() + ":" + std::string(to_string(series.telling())) + " ";
    if (series.is_last()) break;
  }
  EXPECT_EQ(seen, "1:first 2:again 3:again 4:again last:again ");
}

TEST(Series, ReadsWhatPaymentsWroteAndItsOwnPayload) {
  const auto first = parse_series(payments::to_payload(merchants::Rule::back_office_operation));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->rule, Rule::back_office_operation);
  EXPECT_EQ(first->replay, 0);
  const auto third = parse_series(to_payload(first->next().next()));
  ASSERT_TRUE(third);
  EXPECT_EQ(third->replay, 2);
  EXPECT_EQ(third->rule, Rule::back_office_operation);
}

TEST(Series, RefusesWhatItCannotRead) {
  for (const char* payload :
       {"", "rule=", "rule=unknown", "replay=1&rule=end_of_payment", "rule=end_of_payment&replay=5",
        "rule=end_of_payment&replay=-1", "rule=end_of_payment&replay=x", "rule=end_of_payment&other=1",
        "rule=end_of_payment&replay=1&other=1", "rule=%zz"}) {
    EXPECT_FALSE(parse_series(payload)) << payload;
  }
}

}  // namespace
}  // namespace acquit::notifications
