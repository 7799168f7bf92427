#include "app/operate.h"

#include <gtest/gtest.h>

namespace acquit::app {
namespace {

using payments::State;

TEST(Operate, SaysWhatHelpsInstead) {
  const struct {
    Deed deed;
    State state;
    std::string_view help;
  } rows[] = {
      {Deed::cancel, State::captured, "it is with the bank already: use `acquit refund`"},
      {Deed::refund, State::authorised, "it is not with the bank yet: use `acquit cancel`"},
      {Deed::refund, State::to_validate, "it is not with the bank yet: use `acquit cancel`"},
      {Deed::refund, State::waiting_authorisation, "it is not with the bank yet: use `acquit cancel`"},
      {Deed::cancel, State::authorising, "its outcome is not known yet: try again later"},
      {Deed::validate, State::pending, "its outcome is not known yet: try again later"},
      {Deed::cancel, State::refused, ""},
      {Deed::validate, State::captured, ""},
  };
  for (const auto& row : rows) EXPECT_EQ(advice(row.deed, row.state), row.help) << payments::to_string(row.state);
}

TEST(Operate, NamesTheLoginInTheHistory) {
  EXPECT_TRUE(operator_name().starts_with("OPERATOR:"));
  EXPECT_GT(operator_name().size(), std::string_view("OPERATOR:").size());
}

}  // namespace
}  // namespace acquit::app
