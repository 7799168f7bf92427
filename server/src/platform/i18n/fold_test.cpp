#include "platform/i18n/fold.h"

#include <gtest/gtest.h>

namespace acquit::i18n {
namespace {

TEST(FoldCase, MakesCapitalsAndSmallLettersOne) {
  const struct {
    std::string_view text;
    std::string_view folded;
  } rows[] = {{"", ""},
              {"Jeanne.Buyer@Shop.Example", "jeanne.buyer@shop.example"},
              {"ÉLODIE@shop.example", "élodie@shop.example"},
              {"STRASSE@x.example", "strasse@x.example"},
              {"straße@x.example", "strasse@x.example"},
              {"ΣΊΣΥΦΟΣ", "σίσυφοσ"},
              {"ИВАН@почта.рф", "иван@почта.рф"},
              {"日本@例え.jp", "日本@例え.jp"}};
  for (const auto& row : rows) EXPECT_EQ(fold_case(row.text), row.folded) << row.text;
}

}  // namespace
}  // namespace acquit::i18n
