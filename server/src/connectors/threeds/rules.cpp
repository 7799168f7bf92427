#include "connectors/threeds/rules.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/currency.h"
#include "base/list.h"
#include "base/number.h"
#include "base/utf8.h"

namespace acquit::threeds {
namespace {

constexpr std::array<std::string_view, 9> kTypes{"PReq", "PRes", "AReq", "ARes", "CReq",
                                                 "CRes", "RReq", "RRes", "Erro"};

int number(std::string_view digits) { return base::parse_int<int>(digits).value_or(-1); }

bool is_text(const Format& format, std::string_view text) {
  if (!base::is_valid_utf8(text) || base::has_control(text)) return false;
  const std::size_t length = base::utf8_length(text);
  return length >= format.min && length <= format.max;
}

bool is_digits(const Format& format, std::string_view text) {
  return base::is_digits(text) && text.size() >= format.min && text.size() <= format.max;
}

bool is_one_of(const Format& format, std::string_view text) {
  if (text.empty()) return false;
  if (format.ds_values && text.size() == 2 && base::is_digits(text) && text[0] >= '8') return true;
  const auto words = base::split(format.values, ' ');
  return std::ranges::find(words, text) != words.end();
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (hyphen ? c != '-' : !hex) return false;
  }
  return true;
}

bool is_url(const Format& format, std::string_view text) {
  if (text.size() > format.max || base::has_control(text) || text.find_first_of(" \"<>") != std::string_view::npos) {
    return false;
  }
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    return !rest.empty() && std::string_view("/?#:").find(rest[0]) == std::string_view::npos;
  }
  return false;
}

bool is_email(const Format& format, std::string_view text) {
  if (!is_text(format, text) || text.find(' ') != std::string_view::npos) return false;
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos;
}

bool is_language(const Format& format, std::string_view text) {
  if (text.size() < format.min || text.size() > format.max) return false;
  bool first = true;
  for (const std::string_view part : base::split(text, '-')) {
    const auto fits = [&](char c) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      return letter || (!first && c >= '0' && c <= '9');
    };
    if (part.empty() || !std::ranges::all_of(part, fits)) return false;
    first = false;
  }
  return true;
}

bool is_offset(const Format& format, std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return is_digits(format, text);
}

bool is_base64(const Format& format, std::string_view text) {
  return text.size() >= format.min && text.size() <= format.max && base::from_base64(text).has_value();
}

bool is_calendar(std::string_view text, std::size_t size) {
  if (text.size() != size || !base::is_digits(text)) return false;
  const std::chrono::year_month_day day{std::chrono::year{number(text.substr(0, 4))},
                                        std::chrono::month{static_cast<unsigned>(number(text.substr(4, 2)))},
                                        std::chrono::day{static_cast<unsigned>(number(text.substr(6, 2)))}};
  if (!day.ok()) return false;
  if (size >= 12 && (number(text.substr(8, 2)) > 23 || number(text.substr(10, 2)) > 59)) return false;
  return size < 14 || number(text.substr(12, 2)) <= 59;
}

bool is_expiry(std::string_view text) {
  if (text.size() != 4 || !base::is_digits(text)) return false;
  const int month = number(text.substr(2));
  return month >= 1 && month <= 12;
}

bool is_version(std::string_view text) {
  const auto parts = base::split(text, '.');
  return text.size() >= 5 && text.size() <= 8 && parts.size() == 3 && std::ranges::all_of(parts, base::is_digits) &&
         std::ranges::none_of(parts, &std::string_view::empty);
}

bool is_within(const Format& format, std::string_view text) {
  const auto value = base::parse_int<std::size_t>(text);
  return text.size() == 5 && base::is_digits(text) && value && *value >= format.min && *value <= format.max;
}

Defect check_number_of_table(std::string_view text, bool known) {
  if (text.size() != 3 || !base::is_digits(text)) return Defect::format;
  return known ? Defect::none : Defect::iso_code;
}

}  // namespace

std::string_view to_string(MessageType type) { return kTypes[static_cast<std::size_t>(type)]; }

std::optional<MessageType> parse_message_type(std::string_view text) {
  const auto found = std::ranges::find(kTypes, text);
  if (found == kTypes.end()) return std::nullopt;
  return static_cast<MessageType>(found - kTypes.begin());
}

Defect check_format(const Format& format, std::string_view text) {
  const auto verdict = [](bool fits) { return fits ? Defect::none : Defect::format; };
  switch (format.kind) {
    case FormatKind::any: return Defect::none;
    case FormatKind::text: return verdict(is_text(format, text));
    case FormatKind::digits: return verdict(is_digits(format, text));
    case FormatKind::one_of: return verdict(is_one_of(format, text));
    case FormatKind::uuid: return verdict(is_uuid(text));
    case FormatKind::url: return verdict(is_url(format, text));
    case FormatKind::base64: return verdict(is_base64(format, text));
    case FormatKind::email: return verdict(is_email(format, text));
    case FormatKind::language: return verdict(is_language(format, text));
    case FormatKind::offset: return verdict(is_offset(format, text));
    case FormatKind::date: return verdict(is_calendar(text, 8));
    case FormatKind::minute: return verdict(is_calendar(text, 12));
    case FormatKind::moment: return verdict(is_calendar(text, 14));
    case FormatKind::expiry: return verdict(is_expiry(text));
    case FormatKind::country: return check_number_of_table(text, number(text) > 0 && number(text) < 901);
    case FormatKind::currency:
      return check_number_of_table(text, base::Currency::from_number(number(text)).has_value());
    case FormatKind::version: return verdict(is_version(text));
    case FormatKind::within: return verdict(is_within(format, text));
  }
  return Defect::format;
}

}  // namespace acquit::threeds
