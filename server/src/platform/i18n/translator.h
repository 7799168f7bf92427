// Translator: every catalogue compiled in, looked up by language and key, with plural forms chosen by ICU.
//
// Made once at start by load(), then never changed: safe from any thread. A key that does not exist shows as ⟦key⟧; the
// tests of this folder and of the pages prove that none does.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "platform/i18n/catalogue.h"
#include "platform/i18n/language.h"

namespace acquit::i18n {

inline constexpr std::size_t kLanguageCount = 13;

class PluralRule;

class Translator {
 public:
  using Argument = std::pair<std::string_view, std::string_view>;

  /// configuration_invalid if a compiled-in catalogue is missing or broken: a bug, found by the tests.
  static base::Result<Translator> load();

  Translator(Translator&&) noexcept;
  Translator& operator=(Translator&&) noexcept;
  ~Translator();

  /// The text of `key` with its {placeholders} filled in.
  [[nodiscard]] std::string text(Language language, std::string_view key,
                                 std::initializer_list<Argument> arguments = {}) const;
  [[nodiscard]] std::string text(Language language, std::string_view key, const Arguments& arguments) const;

  /// The form of `key` for `count` things; {count} is filled in with it.
  [[nodiscard]] std::string plural(Language language, std::string_view key, std::int64_t count) const;

  [[nodiscard]] const Catalogue& catalogue(Language language) const;

 private:
  Translator();

  std::array<Catalogue, kLanguageCount> catalogues_;
  std::array<std::unique_ptr<PluralRule>, kLanguageCount> rules_;
};

}  // namespace acquit::i18n
