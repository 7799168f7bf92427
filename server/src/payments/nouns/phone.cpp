#include "payments/nouns/phone.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "payments/nouns/typed_text.h"

namespace acquit::payments {
namespace {

// ITU-T E.164.
constexpr std::size_t kDigitsMax = 15;
constexpr std::size_t kSubscriberMin = 4;
// In place of what is dialled at home first: the zero in front belongs to the number.
constexpr std::string_view kKeepsZero = "keeps";

// How numbers of a country are written at home and from there.
struct Dialling {
  std::string_view country;
  std::string_view code;
  std::size_t digits_min;  ///< Of a number without code and without what is dialled at home first.
  std::size_t digits_max;
  std::string_view home = "0";     ///< Dialled before a number at home; often nothing.
  std::string_view abroad = "00";  ///< Dialled before a calling code; 00 is understood everywhere else.
};
constexpr auto kDiallings = std::to_array<Dialling>({
    {"AD", "376", 6, 9, ""},
    {"AL", "355", 8, 9},
    {"AT", "43", 4, 13},
    {"AU", "61", 9, 9, "0", "0011"},
    {"BA", "387", 8, 9},
    {"BE", "32", 8, 9},
    {"BG", "359", 7, 9},
    {"BR", "55", 10, 11},
    {"BY", "375", 9, 9, "80", "810"},
    {"CA", "1", 10, 10, "1", "011"},
    {"CG", "242", 9, 9, kKeepsZero},
    {"CH", "41", 9, 9},
    {"CI", "225", 10, 10, kKeepsZero},
    {"CN", "86", 9, 11},
    {"CY", "357", 8, 8, ""},
    {"CZ", "420", 9, 9, ""},
    {"DE", "49", 6, 11},
    {"DK", "45", 8, 8, ""},
    {"DZ", "213", 8, 9},
    {"EE", "372", 7, 8, ""},
    {"ES", "34", 9, 9, ""},
    {"FI", "358", 5, 11},
    {"FR", "33", 9, 9},
    {"GB", "44", 9, 10},
    {"GF", "594", 9, 9},
    {"GP", "590", 9, 9},
    {"GR", "30", 10, 10, ""},
    {"HK", "852", 8, 8, "", "001"},
    {"HR", "385", 8, 9},
    {"HU", "36", 8, 9, "06"},
    {"IE", "353", 7, 9},
    {"IL", "972", 8, 9},
    {"IN", "91", 10, 10},
    {"IS", "354", 7, 9, ""},
    {"IT", "39", 6, 11, kKeepsZero},
    {"JP", "81", 9, 10, "0", "010"},
    {"KR", "82", 8, 10, "0", "001"},
    {"KZ", "7", 10, 10, "8", "810"},
    {"LI", "423", 7, 9, ""},
    {"LT", "370", 8, 8, "8"},
    {"LU", "352", 4, 11, ""},
    {"LV", "371", 8, 8, ""},
    {"MA", "212", 9, 9},
    {"MC", "377", 8, 9, ""},
    {"MQ", "596", 9, 9},
    {"MT", "356", 8, 8, ""},
    {"MX", "52", 10, 10, ""},
    {"NC", "687", 6, 6, ""},
    {"NL", "31", 9, 9},
    {"NO", "47", 8, 8, ""},
    {"NZ", "64", 8, 10},
    {"PF", "689", 6, 8, ""},
    {"PL", "48", 9, 9, ""},
    {"PM", "508", 6, 9},
    {"PT", "351", 9, 9, ""},
    {"RE", "262", 9, 9},
    {"RO", "40", 9, 9},
    {"RS", "381", 8, 9},
    {"RU", "7", 10, 10, "8", "810"},
    {"SE", "46", 7, 9},
    {"SG", "65", 8, 8, "", "001"},
    {"SI", "386", 8, 8},
    {"SK", "421", 9, 9},
    {"SM", "378", 6, 10, kKeepsZero},
    {"SN", "221", 9, 9, ""},
    {"TN", "216", 8, 8, ""},
    {"TR", "90", 10, 10},
    {"UA", "380", 9, 9},
    {"US", "1", 10, 10, "1", "011"},
    {"YT", "262", 9, 9},
    {"ZA", "27", 9, 9},
});
// Calling codes of one or two digits; all others have three.
constexpr auto kShortCodes = std::to_array<std::string_view>(
    {"1",  "7",  "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45",
     "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
     "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"});

// What was typed: a plus in front, the digits, and whether a zero stands in brackets, as in "+33 (0)6".
struct Typed {
  bool plus = false;
  bool zero_in_brackets = false;
  std::string digits;
};

// Signs of the width that Japanese keyboards give them.
std::string narrow(std::string text) {
  constexpr auto kWide = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"\uff0b", "+"}, {"\uff08", "("}, {"\uff09", ")"}, {"\uff03", "#"}});
  for (const auto& [wide, plain] : kWide) {
    for (std::size_t at = text.find(wide); at != std::string::npos; at = text.find(wide, at))
      text.replace(at, wide.size(), plain);
  }
  return text;
}

// Up to what no number has inside: a letter of any script, as in "poste 12", "доб. 12" or "内線12", or "#12",
// ";ext=12". Nothing if a plus stands among the digits: they are several numbers, or none.
std::optional<Typed> typed_number(std::string_view whole) {
  const std::string text = narrow(plain_text(whole));
  constexpr std::string_view kInside = "0123456789 -./()+~";
  const std::size_t first = text.find_first_of("0123456789");
  if (first == std::string::npos) return std::nullopt;
  const std::string number = text.substr(first, text.find_first_not_of(kInside, first) - first);
  Typed out{.plus = text.substr(0, first).contains('+'), .zero_in_brackets = number.contains("(0)"), .digits = {}};
  for (const char c : number) {
    if (c >= '0' && c <= '9') out.digits += c;
    if (c != '+') continue;
    // "00+33…"; any other joins two numbers.
    if (out.digits != "00") return std::nullopt;
    out.digits.clear();
    out.plus = true;
  }
  return out;
}

bool is_length_of(const Dialling& dialling, std::string_view digits) {
  return digits.size() >= dialling.digits_min && digits.size() <= dialling.digits_max;
}

// A number of that country with nothing before it.
bool is_number_of(const Dialling& dialling, std::string_view digits) {
  return is_length_of(dialling, digits) && (dialling.home == kKeepsZero || !digits.starts_with('0'));
}

// Without what is dialled at home first; the zero is widely put there where none is.
std::optional<std::string> without_home(const Dialling& dialling, std::string_view digits) {
  if (dialling.home == kKeepsZero) return std::nullopt;
  for (const std::string_view home : {dialling.home, std::string_view("0")}) {
    if (home.empty() || !digits.starts_with(home)) continue;
    const std::string_view rest = digits.substr(home.size());
    if (is_number_of(dialling, rest)) return std::string(rest);
  }
  return std::nullopt;
}

std::optional<threeds::Phone> international(std::string_view digits, const Typed& typed) {
  const auto* const brief =
      std::ranges::find_if(kShortCodes, [&](std::string_view code) { return digits.starts_with(code); });
  const std::string_view code = digits.substr(0, brief == kShortCodes.end() ? 3 : brief->size());
  std::string_view rest = digits.substr(code.size());
  if (digits.starts_with('0') || digits.size() > kDigitsMax + 2) return std::nullopt;
  const auto* const known = std::ranges::find(kDiallings, code, &Dialling::code);
  if (known == kDiallings.end()) {
    // Whether a zero belongs to the number is not known, unless brackets say so.
    if (rest.starts_with('0') && !typed.zero_in_brackets) return std::nullopt;
    if (rest.starts_with('0')) rest.remove_prefix(1);
    if (rest.size() < kSubscriberMin || code.size() + rest.size() > kDigitsMax) return std::nullopt;
    return threeds::Phone{.country_code = std::string(code), .subscriber = std::string(rest)};
  }
  if (is_number_of(*known, rest))
    return threeds::Phone{.country_code = std::string(code), .subscriber = std::string(rest)};
  const auto subscriber = without_home(*known, rest);
  if (!subscriber) return std::nullopt;
  return threeds::Phone{.country_code = std::string(code), .subscriber = *subscriber};
}

}  // namespace

std::optional<threeds::Phone> phone_of(std::string_view whole, std::string_view country) {
  const auto typed = typed_number(whole);
  if (!typed) return std::nullopt;
  const std::string_view digits = typed->digits;
  if (typed->plus) return international(digits.starts_with("00") ? digits.substr(2) : digits, *typed);
  const auto* const known = std::ranges::find(kDiallings, country, &Dialling::country);
  const std::string_view abroad = known == kDiallings.end() ? "00" : known->abroad;
  if (digits.starts_with(abroad)) return international(digits.substr(abroad.size()), *typed);
  if (digits.starts_with("00")) return international(digits.substr(2), *typed);
  if (known == kDiallings.end()) return std::nullopt;
  const auto of_country = [&](std::string subscriber) {
    return threeds::Phone{.country_code = std::string(known->code), .subscriber = std::move(subscriber)};
  };
  if (const auto subscriber = without_home(*known, digits)) return of_country(*subscriber);
  if (is_number_of(*known, digits)) return of_country(std::string(digits));
  // Too long for a number of that country unless it begins with its code.
  return digits.starts_with(known->code) ? international(digits, *typed) : std::nullopt;
}

}  // namespace acquit::payments
