#include "platform/i18n/sentence.h"

#include "base/form_fields.h"

namespace acquit::i18n {

std::string translate(const Translator& translator, Language language, const Sentence& sentence) {
  if (sentence.empty()) return {};
  return translator.text(language, sentence.key, Arguments([&](std::string_view name) -> std::optional<std::string> {
                           const std::string* const value = base::find_field(sentence.arguments, name);
                           return value == nullptr ? std::nullopt : std::optional(*value);
                         }));
}

}  // namespace acquit::i18n
