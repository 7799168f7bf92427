#include "platform/i18n/sentence.h"

#include <algorithm>

namespace acquit::i18n {

std::string translate(const Translator& translator, Language language, const Sentence& sentence) {
  if (sentence.empty()) return {};
  return translator.text(language, sentence.key, Arguments([&](std::string_view name) -> std::optional<std::string> {
                           const auto found =
                               std::ranges::find(sentence.arguments, name, &std::pair<std::string, std::string>::first);
                           if (found == sentence.arguments.end()) return std::nullopt;
                           return found->second;
                         }));
}

}  // namespace acquit::i18n
