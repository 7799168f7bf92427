#include "protocols/vads/transformations.h"

#include <fmt/format.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/form_fields.h"
#include "base/html.h"
#include "base/list.h"
#include "base/percent.h"
#include "base/utf8.h"

namespace acquit::vads {
namespace {

using enum TransformationKind;

// HTML's names of U+00A0 to U+00FF, in that order.
constexpr std::string_view kLatinNames =
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute "
    "micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig "
    "Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash "
    "Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute "
    "ecirc "
    "euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml "
    "yacute thorn yuml";
constexpr auto kOtherNames = std::to_array<std::pair<UChar32, std::string_view>>({{0x152, "OElig"},
                                                                                  {0x153, "oelig"},
                                                                                  {0x160, "Scaron"},
                                                                                  {0x161, "scaron"},
                                                                                  {0x178, "Yuml"},
                                                                                  {0x2013, "ndash"},
                                                                                  {0x2014, "mdash"},
                                                                                  {0x2018, "lsquo"},
                                                                                  {0x2019, "rsquo"},
                                                                                  {0x201A, "sbquo"},
                                                                                  {0x201C, "ldquo"},
                                                                                  {0x201D, "rdquo"},
                                                                                  {0x201E, "bdquo"},
                                                                                  {0x2022, "bull"},
                                                                                  {0x2026, "hellip"},
                                                                                  {0x20AC, "euro"},
                                                                                  {0x2122, "trade"}});
// Windows-1252's characters at 0x80 to 0x9F; 0 where it has none.
constexpr std::array<UChar32, 32> kWindows{0x20AC, 0,      0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                           0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0,      0x17D,  0,
                                           0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                           0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0,      0x17E,  0x178};

// Each code point beyond ASCII as `write` has it; nothing from it: as it is.
template <class F>
std::string beyond_ascii(std::string_view text, F write) {
  std::string out;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    const std::int32_t begin = i;
    UChar32 point = 0;
    U8_NEXT(text.data(), i, size, point);
    const std::string instead = point < 0x80 ? std::string() : write(point);
    out += instead.empty() ? text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin))
                           : std::string_view(instead);
  }
  return out;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at = text.find(from); at != std::string_view::npos; at = text.find(from)) {
    out += text.substr(0, at);
    out += to;
    text.remove_prefix(at + from.size());
  }
  return out += text;
}

// As PHP's htmlspecialchars: ENT_QUOTES, without quotes, and with a shorter apostrophe.
std::string with_quotes(std::string_view text) { return replaced(base::html_escape(text), "&#39;", "&#039;"); }
std::string without_quotes(std::string_view text) { return replaced(base::html_escape(text), "&#39;", "'"); }
std::string only_tags(std::string_view text) { return replaced(without_quotes(text), "&quot;", "\""); }
std::string apostrophe_only(std::string_view text) { return replaced(text, "'", "&#039;"); }
std::string ampersand_only(std::string_view text) { return replaced(text, "&", "&amp;"); }

const std::vector<std::string_view>& latin_names() {
  static const auto kSplit = base::split(kLatinNames, ' ');
  return kSplit;
}

std::string name_of(UChar32 point) {
  if (point >= 0xA0 && point <= 0xFF)
    return "&" + std::string(latin_names()[static_cast<std::size_t>(point - 0xA0)]) + ";";
  const auto* found = std::ranges::find(kOtherNames, point, &std::pair<UChar32, std::string_view>::first);
  return found == kOtherNames.end() ? std::string() : "&" + std::string(found->second) + ";";
}
std::string named(std::string_view text) { return beyond_ascii(text, name_of); }
std::string decimal(std::string_view text) {
  return beyond_ascii(text, [](UChar32 point) { return fmt::format("&#{};", static_cast<std::uint32_t>(point)); });
}
// What word processors and WordPress put for plain quotes, dashes and dots.
bool is_typographic(UChar32 point) { return (point >= 0x2010 && point <= 0x206F) || point == 0xD7; }
std::string typographic(std::string_view text) {
  return beyond_ascii(text, [](UChar32 point) {
    return is_typographic(point) ? fmt::format("&#{};", static_cast<std::uint32_t>(point)) : std::string();
  });
}
std::string typographic_by_name(std::string_view text) {
  return beyond_ascii(text, [](UChar32 point) { return is_typographic(point) ? name_of(point) : std::string(); });
}
std::string typographic_and_quotes(std::string_view text) { return typographic(with_quotes(text)); }
// WordPress' esc_html.
std::string wordpress(std::string_view text) { return typographic(replaced(with_quotes(text), "&amp;", "&#038;")); }
std::string hexadecimal(std::string_view text) {
  return beyond_ascii(text, [](UChar32 point) { return fmt::format("&#x{:x};", static_cast<std::uint32_t>(point)); });
}
std::string entities(std::string_view text) { return named(with_quotes(text)); }
std::string entities_without_quotes(std::string_view text) { return named(without_quotes(text)); }
std::string decimal_and_quotes(std::string_view text) { return decimal(with_quotes(text)); }
// WordPress' texturize: a plain apostrophe becomes a typographic one.
std::string texturized(std::string_view text) { return replaced(typographic(text), "'", "&#8217;"); }

std::string utf8_of(UChar32 point) {
  std::array<char, 4> bytes{};
  std::int32_t size = 0;
  UBool bad = false;
  U8_APPEND(bytes.data(), size, 4, point, bad);
  return bad ? std::string() : std::string(bytes.data(), static_cast<std::size_t>(size));
}

// What `entity`, without "&" and ";", stands for; empty: none that we know.
std::string character_of(std::string_view entity) {
  if (entity.starts_with('#')) {
    const bool hex = entity.starts_with("#x") || entity.starts_with("#X");
    const std::string_view digits = entity.substr(hex ? 2 : 1);
    std::uint32_t point = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), point, hex ? 16 : 10);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size() && point > 0 && point <= 0x10FFFF;
    return whole ? utf8_of(static_cast<UChar32>(point)) : std::string();
  }
  constexpr auto kPlain = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}});
  const auto* plain = std::ranges::find(kPlain, entity, &std::pair<std::string_view, std::string_view>::first);
  if (plain != kPlain.end()) return std::string(plain->second);
  const auto* other = std::ranges::find(kOtherNames, entity, &std::pair<UChar32, std::string_view>::second);
  if (other != kOtherNames.end()) return utf8_of(other->first);
  const auto found = std::ranges::find(latin_names(), entity);
  return found == latin_names().end() ? std::string()
                                      : utf8_of(static_cast<UChar32>(0xA0 + (found - latin_names().begin())));
}

std::string unescaped(std::string_view text) {
  constexpr std::size_t kEntityMax = 10;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t size = text[i] == '&' ? text.substr(i, kEntityMax).find(';') : std::string_view::npos;
    const std::string character =
        size == std::string_view::npos ? std::string() : character_of(text.substr(i + 1, size - 1));
    if (character.empty()) {
      out += text[i];
    } else {
      out += character;
      i += size;
    }
  }
  return out;
}

// What ISO-8859-1 or Windows-1252 has no character for stays as it is.
std::string to_latin1(std::string_view text) {
  return beyond_ascii(text, [](UChar32 point) {
    return point >= 0x80 && point <= 0xFF ? std::string(1, static_cast<char>(point)) : std::string();
  });
}
std::string to_windows(std::string_view text) {
  return beyond_ascii(text, [](UChar32 point) {
    const auto* found = std::ranges::find(kWindows, point);
    if (found != kWindows.end()) return std::string(1, static_cast<char>(0x80 + (found - kWindows.begin())));
    return point >= 0xA0 && point <= 0xFF ? std::string(1, static_cast<char>(point)) : std::string();
  });
}
// UTF-8 taken for ISO-8859-1 and encoded once more; bytes of ISO-8859-1 become UTF-8.
std::string encoded_twice(std::string_view text) { return base::latin1_to_utf8(text); }

std::string normalized(std::string_view text, const icu::Normalizer2* (*form)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form(status);
  if (U_FAILURE(status) != 0) return std::string(text);
  const auto source =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  std::string out;
  const icu::UnicodeString result = normalizer->normalize(source, status);
  if (U_FAILURE(status) != 0) return std::string(text);
  return result.toUTF8String(out);
}
std::string composed(std::string_view text) { return normalized(text, icu::Normalizer2::getNFCInstance); }
std::string decomposed(std::string_view text) { return normalized(text, icu::Normalizer2::getNFDInstance); }

std::string lines_of_lf(std::string_view text) { return replaced(replaced(text, "\r\n", "\n"), "\r", "\n"); }
std::string lines_of_crlf(std::string_view text) { return replaced(lines_of_lf(text), "\n", "\r\n"); }
std::string without_lines(std::string_view text) { return replaced(lines_of_lf(text), "\n", ""); }
std::string lines_as_blanks(std::string_view text) { return replaced(lines_of_lf(text), "\n", " "); }

std::string trimmed(std::string_view text) { return std::string(base::trim(text)); }
std::string single_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' || !out.ends_with(' ')) out += c;
  }
  return out;
}
std::string plus_for_blank(std::string_view text) { return replaced(text, " ", "+"); }
std::string blank_for_plus(std::string_view text) { return replaced(text, "+", " "); }
std::string escape_for_blank(std::string_view text) { return replaced(text, " ", "%20"); }
std::string raw_encoded(std::string_view text) { return base::percent_encode(text); }
std::string encoded_as_form(std::string_view text) { return replaced(base::percent_encode(text), "%20", "+"); }
std::string decoded(std::string_view text) {
  const auto field = base::parse_form("a=" + replaced(text, "&", "%26"));
  return field && !field->empty() ? field->front().second : std::string(text);
}

std::string with_slashes(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}
std::string without_slashes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}
std::string without_tags(std::string_view text) {
  std::string out;
  bool within = false;
  for (const char c : text) {
    if (c == '<') within = true;
    if (!within) out += c;
    if (c == '>') within = false;
  }
  return out;
}

std::string with_decimals(std::string_view text) {
  if (!base::is_digits(text)) return std::string(text);
  std::string digits(text);
  if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
  return digits.insert(digits.size() - 2, ".");
}
std::string with_zero_decimals(std::string_view text) {
  return base::is_digits(text) ? std::string(text) + ".00" : std::string(text);
}
std::string in_units(std::string_view text) {
  const bool whole = base::is_digits(text) && text.size() > 2 && text.ends_with("00");
  return std::string(whole ? text.substr(0, text.size() - 2) : text);
}
std::string without_zeros(std::string_view text) {
  if (!base::is_digits(text)) return std::string(text);
  return std::string(text.substr(std::min(text.find_first_not_of('0'), text.size() - 1)));
}
std::string nothing(std::string_view) { return {}; }

// The likelier ones first: the search ends at the first that explains the signature.
constexpr auto kTransformations = std::to_array<Transformation>({
    {"htmlspecialchars (ENT_QUOTES): ' → &#039;", html, with_quotes},
    {"htmlspecialchars: \" → &quot;", html, without_quotes},
    {"htmlspecialchars (ENT_NOQUOTES): & → &amp;", html, only_tags},
    {"HTML: ' → &#39;", html, [](std::string_view text) { return base::html_escape(text); }},
    {"HTML: ' → &#039;", html, apostrophe_only},
    {"HTML: & → &amp;", html, ampersand_only},
    {"htmlentities (ENT_QUOTES): é → &eacute;, ' → &#039;", html, entities},
    {"htmlentities: é → &eacute;, ’ → &rsquo;", html, entities_without_quotes},
    {"HTML: é → &eacute;, ’ → &rsquo;", html, named},
    {"HTML: ’ → &#8217;", html, typographic},
    {"HTML: ’ → &rsquo;", html, typographic_by_name},
    {"htmlspecialchars, ’ → &#8217;", html, typographic_and_quotes},
    {"esc_html: & → &#038;, ’ → &#8217;", html, wordpress},
    {"HTML: é → &#233;, ’ → &#8217;", html, decimal},
    {"HTML: é → &#xe9;, ’ → &#x2019;", html, hexadecimal},
    {"htmlspecialchars, é → &#233;", html, decimal_and_quotes},
    {"wptexturize: ' → &#8217;", html, texturized},
    {"html_entity_decode: &amp; → &", html, unescaped},
    {"UTF-8 → ISO-8859-1", encoding, to_latin1},
    {"UTF-8 → Windows-1252", encoding, to_windows},
    {"utf8_encode: ISO-8859-1 → UTF-8", encoding, encoded_twice},
    {"Unicode NFC", encoding, composed},
    {"Unicode NFD", encoding, decomposed},
    {"CR LF → LF", other, lines_of_lf},
    {"LF → CR LF", other, lines_of_crlf},
    {"CR LF → “”", other, without_lines},
    {"CR LF → “ ”", other, lines_as_blanks},
    {"trim", other, trimmed},
    {"“  ” → “ ”", other, single_blanks},
    {"“ ” → +", other, plus_for_blank},
    {"+ → “ ”", other, blank_for_plus},
    {"“ ” → %20", other, escape_for_blank},
    {"rawurlencode: é → %C3%A9", other, raw_encoded},
    {"urlencode: é → %C3%A9, “ ” → +", other, encoded_as_form},
    {"urldecode: %C3%A9 → é", other, decoded},
    {"addslashes: ' → \\'", other, with_slashes},
    {"stripslashes: \\' → '", other, without_slashes},
    {"strip_tags", other, without_tags},
    {"strtoupper", other, [](std::string_view text) { return base::ascii_upper(text); }},
    {"strtolower", other, [](std::string_view text) { return base::ascii_lower(text); }},
    {"5124 → 51.24", other, with_decimals},
    {"5124 → 5124.00", other, with_zero_decimals},
    {"5100 → 51", other, in_units},
    {"0051 → 51", other, without_zeros},
    {"“”", other, nothing},
});

}  // namespace

std::span<const Transformation> transformations() { return kTransformations; }

}  // namespace acquit::vads
