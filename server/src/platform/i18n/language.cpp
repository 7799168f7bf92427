#include "platform/i18n/language.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "base/ascii.h"
#include "base/list.h"
#include "base/number.h"

namespace acquit::i18n {
namespace {

struct LanguageRow {
  Language language;
  std::string_view code;
  std::string_view native_name;
  const char* locale;
};

constexpr std::array kRows = {
    LanguageRow{Language::de, "de", "Deutsch", "de_DE"},    LanguageRow{Language::en, "en", "English", "en_GB"},
    LanguageRow{Language::es, "es", "Español", "es_ES"},    LanguageRow{Language::fr, "fr", "Français", "fr_FR"},
    LanguageRow{Language::it, "it", "Italiano", "it_IT"},   LanguageRow{Language::ja, "ja", "日本語", "ja_JP"},
    LanguageRow{Language::nl, "nl", "Nederlands", "nl_NL"}, LanguageRow{Language::pl, "pl", "Polski", "pl_PL"},
    LanguageRow{Language::pt, "pt", "Português", "pt_PT"},  LanguageRow{Language::ru, "ru", "Русский", "ru_RU"},
    LanguageRow{Language::sv, "sv", "Svenska", "sv_SE"},    LanguageRow{Language::tr, "tr", "Türkçe", "tr_TR"},
    LanguageRow{Language::zh, "zh", "中文", "zh_CN"},
};

constexpr auto kLanguages = [] {
  std::array<Language, kRows.size()> all{};
  for (std::size_t i = 0; i < kRows.size(); ++i) all[i] = kRows[i].language;
  return all;
}();

static_assert(
    [] {
      for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (static_cast<std::size_t>(kRows[i].language) != i) return false;
      }
      return true;
    }(),
    "rows in the order of the enum");

const LanguageRow& row(Language language) { return kRows[static_cast<std::size_t>(language)]; }

// A header of this length names more languages than anybody speaks; what follows is not worth reading.
constexpr std::size_t kMaxHeader = 1000;

// "0.85" in thousandths; nothing if it is no quality value.
std::optional<int> quality(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() == 1) return text[0] == '1' ? 1000 : 0;
  const auto decimals = text.substr(2);
  if (text[1] != '.' || decimals.size() > 3 || (!decimals.empty() && !base::is_digits(decimals))) return std::nullopt;
  const std::string padded = (std::string(decimals) + "000").substr(0, 3);
  const int thousandths = base::parse_int<int>(padded).value_or(0);
  return text[0] == '1' ? 1000 : thousandths;
}

struct Wish {
  std::string primary;
  int quality;
};

std::optional<Wish> parse_wish(std::string_view item) {
  const auto parts = base::split(item, ';');
  const auto tag = base::trim(parts[0]);
  if (tag.empty()) return std::nullopt;
  Wish wish{.primary = base::ascii_lower(tag.substr(0, tag.find('-'))), .quality = 1000};
  if (parts.size() == 1) return wish;
  const auto parameter = base::trim(parts[1]);
  if (!parameter.starts_with("q=")) return std::nullopt;
  const auto value = quality(parameter.substr(2));
  if (!value) return std::nullopt;
  wish.quality = *value;
  return wish;
}

}  // namespace

std::span<const Language> all_languages() { return kLanguages; }

std::string_view code(Language language) { return row(language).code; }

std::optional<Language> language_from_code(std::string_view code) {
  const auto* found = std::ranges::find(kRows, code, &LanguageRow::code);
  if (found == kRows.end()) return std::nullopt;
  return found->language;
}

std::optional<Language> language_of_tag(std::string_view tag) {
  return language_from_code(base::ascii_lower(tag.substr(0, tag.find_first_of("-_.@"))));
}

std::string_view native_name(Language language) { return row(language).native_name; }

const char* locale_name(Language language) { return row(language).locale; }

Language negotiate_language(std::string_view accept_language, std::span<const Language> allowed, Language fallback) {
  Language best = fallback;
  int best_quality = 0;
  for (const auto item : base::split(accept_language.substr(0, kMaxHeader), ',')) {
    const auto wish = parse_wish(item);
    if (!wish || wish->quality <= best_quality) continue;
    const auto language = wish->primary == "*" ? std::optional(fallback) : language_from_code(wish->primary);
    if (!language || std::ranges::find(allowed, *language) == allowed.end()) continue;
    best = *language;
    best_quality = wish->quality;
  }
  return best;
}

}  // namespace acquit::i18n
