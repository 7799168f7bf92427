// The languages of the buyer's pages and mails, and which of them suits a browser. Values and pure functions; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace acquit::i18n {

/// ISO 639-1; in the alphabetical order of the codes.
enum class Language : std::uint8_t { de, en, es, fr, it, ja, nl, pl, pt, ru, sv, tr, zh };

/// All languages, in the order of the enum.
std::span<const Language> all_languages();

/// Two lower-case letters: "fr".
[[nodiscard]] std::string_view code(Language language);
/// The language of a two-letter code, in lower case only.
[[nodiscard]] std::optional<Language> language_from_code(std::string_view code);
/// The language of a tag in any case, with or without a region or an encoding: "fr-CH", "FR", "fr_FR.UTF-8".
[[nodiscard]] std::optional<Language> language_of_tag(std::string_view tag);
/// Its name in itself, as a language selector shows it: "Français".
[[nodiscard]] std::string_view native_name(Language language);
/// The ICU locale that numbers and dates follow: "fr_FR".
[[nodiscard]] const char* locale_name(Language language);

/// The one of `allowed` that `accept_language` (RFC 9110 §12.5.4) likes best; regions are ignored ("fr-CH" is fr).
/// `fallback` if none is liked or the header can't be read.
[[nodiscard]] Language negotiate_language(std::string_view accept_language, std::span<const Language> allowed,
                                          Language fallback);

}  // namespace acquit::i18n
