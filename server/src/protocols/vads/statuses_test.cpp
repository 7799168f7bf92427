#include "protocols/vads/statuses.h"

#include <gtest/gtest.h>

#include <set>

namespace acquit::vads {
namespace {

using payments::Cause;
using payments::State;

TEST(Statuses, AreThoseOfTheProtocol) {
  // lyra.md §1.13, which knows no name for a buyer at his bank.
  const std::set<std::string_view> known{"ABANDONED", "ACCEPTED", "AUTHORISED",         "AUTHORISED_TO_VALIDATE",
                                         "CANCELLED", "CAPTURED", "CAPTURE_FAILED",     "EXPIRED",
                                         "INITIAL",   "REFUSED",  "UNDER_VERIFICATION", "WAITING_AUTHORISATION"};
  std::set<std::string_view> used;
  for (std::size_t i = 0; i < payments::kStates; ++i) used.insert(status_of(static_cast<State>(i)));
  EXPECT_EQ(used, known);
}

TEST(Statuses, TellEachCauseApart) {
  const std::set<int> known{36, 39, 101, 149, 207, 208, 222};  // lyra.md §1.15.
  std::set<int> used;
  for (const Cause cause : payments::kCauses) EXPECT_TRUE(used.insert(payment_error(cause)).second);
  EXPECT_EQ(used, known);
}

TEST(Statuses, SayWhereANotificationComesFrom) {
  using merchants::Rule;
  using notifications::Telling;
  const std::pair<Rule, std::string_view> rows[] = {{Rule::end_of_payment, "PAY"},
                                                    {Rule::cancellation, "PAY"},
                                                    {Rule::back_office_operation, "MERCH_BO"},
                                                    {Rule::batch_authorisation, "BATCH_AUTO"},
                                                    {Rule::batch_change, "BATCH"},
                                                    {Rule::subscription, "REC"}};
  for (const auto& [rule, source] : rows) {
    EXPECT_EQ(url_check_source(rule, Telling::first), source);
    EXPECT_EQ(url_check_source(rule, Telling::again), "RETRY");
    EXPECT_EQ(url_check_source(rule, Telling::by_hand), "BO");
  }
}

}  // namespace
}  // namespace acquit::vads
