#include "payments/operations/remedy.h"

#include <gtest/gtest.h>

namespace acquit::payments {
namespace {

TEST(Remedy, FollowsFromWishAndState) {
  const struct {
    Wish wish;
    State state;
    Remedy remedy;
  } rows[] = {
      {Wish::cancel, State::captured, Remedy::refund},    {Wish::refund, State::authorised, Remedy::cancel},
      {Wish::refund, State::to_validate, Remedy::cancel}, {Wish::refund, State::waiting_authorisation, Remedy::cancel},
      {Wish::cancel, State::authorising, Remedy::wait},   {Wish::validate, State::pending, Remedy::wait},
      {Wish::cancel, State::refused, Remedy::none},       {Wish::validate, State::captured, Remedy::none},
      {Wish::settle, State::captured, Remedy::none},
  };
  for (const auto& row : rows) EXPECT_EQ(remedy_for(row.wish, row.state), row.remedy) << to_string(row.state);
}

}  // namespace
}  // namespace acquit::payments
