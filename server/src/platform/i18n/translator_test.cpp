#include "platform/i18n/translator.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "base/utf8.h"

namespace acquit::i18n {
namespace {

const Translator& translator() {
  static const auto kLoaded = Translator::load();
  if (!kLoaded) ADD_FAILURE() << kLoaded.error().detail;
  return *kLoaded;
}

std::multiset<std::string> sorted_placeholders(const std::string& form) {
  const auto names = placeholders(form);
  return {names.begin(), names.end()};
}

TEST(Catalogues, HaveTheSameKeysInEveryLanguage) {
  const auto& french = translator().catalogue(Language::fr);
  EXPECT_GT(french.size(), 100U);
  for (const auto language : all_languages()) {
    const auto& other = translator().catalogue(language);
    for (const auto& [key, message] : french) EXPECT_TRUE(other.contains(key)) << code(language) << " lacks " << key;
    for (const auto& [key, message] : other) EXPECT_TRUE(french.contains(key)) << code(language) << " invents " << key;
  }
}

TEST(Catalogues, KeepThePlaceholdersOfTheFrenchText) {
  const auto& french = translator().catalogue(Language::fr);
  for (const auto language : all_languages()) {
    for (const auto& [key, message] : translator().catalogue(language)) {
      const auto expected = sorted_placeholders(french.at(key).forms.front());
      EXPECT_EQ(message.plural, french.at(key).plural) << code(language) << ' ' << key;
      for (const auto& form : message.forms) {
        EXPECT_FALSE(form.empty()) << code(language) << ' ' << key;
        EXPECT_TRUE(base::is_valid_utf8(form)) << code(language) << ' ' << key;
        EXPECT_EQ(sorted_placeholders(form), expected) << code(language) << ' ' << key;
      }
    }
  }
}

TEST(Catalogues, FollowFrenchTypography) {
  // A breakable space before high punctuation, or a straight apostrophe, is a typing error in French.
  const std::regex error("( [:;!?])|( »)|(« )|'");
  for (const auto& [key, message] : translator().catalogue(Language::fr)) {
    for (const auto& form : message.forms) EXPECT_FALSE(std::regex_search(form, error)) << key << ": " << form;
  }
}

TEST(Catalogues, HoldNoKeyThatNothingUses) {
  std::string sources;
  for (const auto* folder : {"/pages", "/server/src"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(ACQUIT_SOURCE_DIR) + folder)) {
      const auto extension = entry.path().extension();
      if (extension != ".mustache" && extension != ".cpp") continue;
      std::ifstream file(entry.path());
      sources.append(std::istreambuf_iterator<char>(file), {});
    }
  }
  for (const auto& [key, message] : translator().catalogue(Language::fr)) {
    const bool used = sources.contains("{{t." + key + "}}") || sources.contains('"' + key + '"');
    EXPECT_TRUE(used) << key;
  }
}

TEST(Translator, FillsInNamedArguments) {
  EXPECT_EQ(translator().text(Language::en, "action.pay", {{"amount", "€51.24"}}), "Pay €51.24");
  EXPECT_EQ(translator().text(Language::en, "no.such.key"), "⟦no.such.key⟧");
}

TEST(Translator, ChoosesThePluralFormOfTheLanguage) {
  struct Row {
    Language language;
    std::int64_t count;
    std::string expected;
  };
  const Row rows[] = {
      {Language::fr, 0, "Il vous reste 0 essai."},
      {Language::fr, 1, "Il vous reste 1 essai."},
      {Language::fr, 2, "Il vous reste 2 essais."},
      {Language::en, 0, "You have 0 attempts left."},
      {Language::fr, 1000000, "Il vous reste 1000000 essais."},
      {Language::en, 1, "You have 1 attempt left."},
      {Language::pl, 1, "Pozostała 1 próba."},
      {Language::pl, 3, "Pozostały 3 próby."},
      {Language::pl, 5, "Pozostało 5 prób."},
      {Language::pl, 22, "Pozostały 22 próby."},
      {Language::ru, 21, "Осталась 21 попытка."},
      {Language::ru, 12, "Осталось 12 попыток."},
      {Language::ja, 2, "あと2回お試しいただけます。"},
      {Language::zh, 1, "您还可以尝试 1 次。"},
      {Language::tr, 2, "2 deneme hakkınız kaldı."},
      {Language::sv, 1, "Du har 1 försök kvar."},
      {Language::en, 5000000001, "You have 5000000001 attempts left."},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(translator().plural(row.language, "card.attempts_left", row.count), row.expected);
  }
  EXPECT_EQ(translator().plural(Language::en, "action.pay", 1), "⟦action.pay⟧");
}

}  // namespace
}  // namespace acquit::i18n
