#include "platform/i18n/translator.h"

#include <unicode/locid.h>
#include <unicode/plurrule.h>

#include <algorithm>
#include <vector>

#include "base/embedded.h"

ACQUIT_EMBEDDED(catalogues)

namespace acquit::i18n {

using base::ErrorCode;
using base::Result;

// Which msgstr[n] a number takes: ICU names the category, the .po files list the language's categories for whole
// numbers in CLDR's order. "many" of the Romance languages (a million) is written like "other" and shares its form.
class PluralRule {
 public:
  static Result<std::unique_ptr<PluralRule>> make(Language language) {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::PluralRules> rules(icu::PluralRules::forLocale(icu::Locale(locale_name(language)), status));
    if (U_FAILURE(status)) return base::fail(ErrorCode::configuration_invalid, "ICU has no plural rules");
    return std::unique_ptr<PluralRule>(new PluralRule(std::move(rules), categories(language)));
  }

  [[nodiscard]] std::size_t form_count() const { return categories_.size(); }

  [[nodiscard]] std::size_t form(std::int64_t count) const {
    // ICU's integer overload takes 32 bits. The last nine digits decide in every language that we have, as long as a
    // large number stays large: 5000000001 is not 1.
    constexpr std::int64_t kBillion = 1'000'000'000;
    auto magnitude = count < 0 ? -(count % kBillion) : count % kBillion;
    if (count >= kBillion || count <= -kBillion) magnitude += kBillion;
    std::string category;
    rules_->select(static_cast<std::int32_t>(magnitude)).toUTF8String(category);
    const auto found = std::ranges::find(categories_, category);
    return found == categories_.end() ? categories_.size() - 1
                                      : static_cast<std::size_t>(std::distance(categories_.begin(), found));
  }

 private:
  PluralRule(std::unique_ptr<icu::PluralRules> rules, std::vector<std::string_view> categories)
      : rules_(std::move(rules)), categories_(std::move(categories)) {}

  static std::vector<std::string_view> categories(Language language) {
    switch (language) {
      case Language::ja:
      case Language::zh: return {"other"};
      case Language::pl:
      case Language::ru: return {"one", "few", "many"};
      case Language::de:
      case Language::en:
      case Language::es:
      case Language::fr:
      case Language::it:
      case Language::nl:
      case Language::pt:
      case Language::sv:
      case Language::tr: return {"one", "other"};
    }
    return {"other"};
  }

  std::unique_ptr<icu::PluralRules> rules_;
  std::vector<std::string_view> categories_;
};

namespace {

Result<Catalogue> load_catalogue(Language language) {
  const std::string path = std::string(code(language)) + ".po";
  for (const auto& file : embedded::catalogues()) {
    if (file.path == path) return parse_po(file.content);
  }
  return base::fail(ErrorCode::configuration_invalid, "no catalogue " + path);
}

Result<void> check_forms(const Catalogue& catalogue, std::size_t form_count) {
  for (const auto& [key, message] : catalogue) {
    if (message.forms.size() == (message.plural ? form_count : 1)) continue;
    return base::fail(ErrorCode::configuration_invalid, "wrong number of plural forms: " + key);
  }
  return {};
}

}  // namespace

Translator::Translator() = default;
Translator::Translator(Translator&&) noexcept = default;
Translator& Translator::operator=(Translator&&) noexcept = default;
Translator::~Translator() = default;

Result<Translator> Translator::load() {
  Translator translator;
  for (const auto language : all_languages()) {
    const auto index = static_cast<std::size_t>(language);
    ACQUIT_TRY(translator.catalogues_[index], load_catalogue(language));
    ACQUIT_TRY(translator.rules_[index], PluralRule::make(language));
    ACQUIT_CHECK(check_forms(translator.catalogues_[index], translator.rules_[index]->form_count()));
  }
  return translator;
}

std::string Translator::text(Language language, std::string_view key, std::initializer_list<Argument> arguments) const {
  return text(language, key, [&](std::string_view name) -> std::optional<std::string> {
    const auto* found = std::ranges::find(arguments, name, &Argument::first);
    if (found == arguments.end()) return std::nullopt;
    return std::string(found->second);
  });
}

std::string Translator::text(Language language, std::string_view key, const Arguments& arguments) const {
  const auto& messages = catalogue(language);
  const auto found = messages.find(key);
  if (found == messages.end()) return "⟦" + std::string(key) + "⟧";
  return fill(found->second.forms.front(), arguments);
}

std::string Translator::plural(Language language, std::string_view key, std::int64_t count) const {
  const auto& messages = catalogue(language);
  const auto found = messages.find(key);
  if (found == messages.end() || !found->second.plural) return "⟦" + std::string(key) + "⟧";
  const auto form = rules_[static_cast<std::size_t>(language)]->form(count);
  return fill(found->second.forms[form], [&](std::string_view name) -> std::optional<std::string> {
    if (name != "count") return std::nullopt;
    return std::to_string(count);
  });
}

const Catalogue& Translator::catalogue(Language language) const {
  return catalogues_[static_cast<std::size_t>(language)];
}

}  // namespace acquit::i18n
