// The fields of a vads form: one table of name, format and form error code (lyra.md §1.4, §1.8).
//
// A name that ends in "*" stands for a family: products by number, free fields by name. check_field says which rule a
// value breaks; fields that are not in the table are signed and otherwise ignored.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/i18n/sentence.h"

namespace acquit::vads {

enum class Format : std::uint8_t {
  digits,  ///< Digits only, min to max of them.
  number,  ///< Digits without a leading zero.
  letters_digits,
  identifier,    ///< Letters, digits, "_" and "-".
  any_text,      ///< Any text without "<" and ">".
  product_text,  ///< The same, also without '"', "+" and "-".
  one_of,        ///< A value of the list.
  languages,     ///< Tags of languages, separated by ";"; at least one that we speak.
  means,         ///< The same for means of payment, whose families have members that are not in the list.
  map,           ///< key=value, separated by ";".
  web_address,   ///< http or https.
  mail_address,
  language,  ///< Letters, digits, "-" and "_"; one that we have no pages in gives the shop's.
  country,   ///< Two letters.
  currency,  ///< ISO 4217 number that we know.
  moment,    ///< YYYYMMDDHHMMSS.
  day,       ///< YYYYMMDD or YYYY-MM-DD, perhaps with Thh:mm:ss behind it.
  seconds,   ///< 0 to 300.
  days,      ///< 0 to 365.
  vat,       ///< Amount, or a rate such as 20.0000.
  query,     ///< a=b&c=d
};

struct FieldRule {
  std::string_view name;
  Format format = Format::any_text;
  std::size_t min = 0;
  std::size_t max = 0;  ///< Characters (code points).
  int error = 99;       ///< Form error code.
  bool required = false;
  std::string_view values;  ///< For one_of, and what the message names of languages; separated by blanks.
};

[[nodiscard]] std::span<const FieldRule> field_rules();
/// The rule for a field name, its own before its family's; null if we know none.
[[nodiscard]] const FieldRule* find_rule(std::string_view name);
/// What `value` would have to be; nothing if it is right. An empty value is right unless the field is required.
[[nodiscard]] std::optional<i18n::Sentence> check_field(const FieldRule& rule, std::string_view value);
/// The elements of a list without blanks around them, and without the empty ones: one family of modules ends every list
/// with ";".
[[nodiscard]] std::vector<std::string_view> list_elements(std::string_view list);
/// "YYYYMMDDHHMMSS" as milliseconds since 1970, if such a moment exists.
[[nodiscard]] std::optional<std::int64_t> parse_moment(std::string_view digits);

}  // namespace acquit::vads
