#include "platform/i18n/sentence.h"

#include <gtest/gtest.h>

namespace acquit::i18n {
namespace {

TEST(Sentence, IsPutIntoTheReadersLanguage) {
  const auto translator = Translator::load().value();
  const Sentence sentence{.key = "rule.too_long", .arguments = {{"max", "64"}, {"length", "70"}}};
  EXPECT_EQ(translate(translator, Language::en, sentence), "Number of characters: at most 64; received: 70.");
  EXPECT_EQ(translate(translator, Language::fr, sentence),
            "Nombre de caractères\u202f: 64 au plus\u202f; reçus\u202f: 70.");
  EXPECT_EQ(translate(translator, Language::en, {}), "");
}

}  // namespace
}  // namespace acquit::i18n
