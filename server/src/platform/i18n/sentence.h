// Sentence: something to be said whose language is not known yet: the key of its text and what fills the
// {placeholders}.
//
// Made where something is found out, put into words where it is shown. Plain values; any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "platform/i18n/language.h"
#include "platform/i18n/translator.h"

namespace acquit::i18n {

struct Sentence {
  std::string key{};  ///< Empty: nothing to say.
  std::vector<std::pair<std::string, std::string>> arguments{};

  [[nodiscard]] bool empty() const { return key.empty(); }
  friend bool operator==(const Sentence&, const Sentence&) = default;
};

/// The words of `sentence`; empty if there is nothing to say.
[[nodiscard]] std::string translate(const Translator& translator, Language language, const Sentence& sentence);

}  // namespace acquit::i18n
