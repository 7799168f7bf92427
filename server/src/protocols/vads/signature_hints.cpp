// What is unusual about a form whose signature does not match: we sign it again as shops are known to get it wrong
// (lyra.md §9) and say which way gives the signature that came.
#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "base/digest.h"
#include "protocols/vads/form.h"
#include "protocols/vads/signature.h"

namespace acquit::vads {
namespace {

using base::FormFields;
using merchants::Mode;
using merchants::SignatureAlgorithm;

// HTML's names of U+00A0 to U+00FF, in that order.
constexpr std::string_view kLatinNames =
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute "
    "micro "
    "para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil "
    "Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave "
    "Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml "
    "igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute "
    "thorn yuml";

template <class F>
FormFields with_values(const FormFields& fields, F change) {
  FormFields out;
  for (const auto& [name, value] : fields) out.emplace_back(name, change(value));
  return out;
}

// A character of two bytes, U+0080 to U+00FF, at `at`.
bool is_latin_pair(std::string_view text, std::size_t at) {
  return (text[at] == '\xC2' || text[at] == '\xC3') && at + 1 < text.size() && (text[at + 1] & '\xC0') == '\x80';
}

unsigned char latin_byte(std::string_view text, std::size_t at) {
  const auto low = static_cast<unsigned char>(text[at + 1]);
  return text[at] == '\xC3' ? static_cast<unsigned char>(low + 0x40U) : low;
}

// UTF-8 as ISO-8859-1; what that has no character for stays as it is.
std::string to_latin1(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_latin_pair(text, i)) {
      out += static_cast<char>(latin_byte(text, i));
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

// UTF-8 taken for ISO-8859-1 and encoded once more.
std::string encoded_twice(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80U) {
      out += c;
    } else {
      out += static_cast<char>(0xC0U | (byte >> 6U));
      out += static_cast<char>(0x80U | (byte & 0x3FU));
    }
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

std::string unescaped(std::string_view text) {
  std::string out(text);
  for (const auto& [entity, character] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"&lt;", "<"},
                                                                            {"&gt;", ">"},
                                                                            {"&quot;", "\""},
                                                                            {"&#39;", "'"},
                                                                            {"&#039;", "'"},
                                                                            {"&apos;", "'"},
                                                                            {"&amp;", "&"}}) {
    out = replaced(out, entity, character);
  }
  return out;
}

// As PHP's htmlspecialchars does it; `quotes`: ENT_QUOTES.
std::string escaped(std::string_view text, bool quotes) {
  const std::string all = base::html_escape(text);
  return quotes ? replaced(all, "&#39;", "&#039;") : replaced(all, "&#39;", "'");
}

// As PHP's htmlentities: accented letters by their names too.
std::string with_entities(std::string_view text) {
  static const auto kNames = base::split(kLatinNames, ' ');
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_latin_pair(text, i) && latin_byte(text, i) >= 0xA0U) {
      out += '&';
      out += kNames[latin_byte(text, i) - 0xA0U];
      out += ';';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool holds_entity(const Form& form) {
  return std::ranges::any_of(form.fields, [](const auto& field) {
    return field.second.find("&amp;") != std::string::npos || field.second.find("&#") != std::string::npos;
  });
}

// Renamed so that their order by name is the one sent.
FormFields in_order_sent(const FormFields& fields) {
  FormFields out;
  for (const auto& [name, value] : fields) {
    const std::string number = std::to_string(out.size());
    out.emplace_back("vads_" + std::string(6 - std::min<std::size_t>(6, number.size()), '0') + number, value);
  }
  return out;
}

// As sorted where upper and lower case count as one.
FormFields in_order_of_letters(const FormFields& fields) {
  FormFields sorted = fields;
  std::ranges::sort(sorted, {},
                    [](const auto& field) { return std::pair(base::ascii_lower(field.first), field.first); });
  return in_order_sent(sorted);
}

class Trials {
 public:
  Trials(const Form& form, const merchants::ShopConfig& shop, Mode mode)
      : given_(form.signature), key_(shop.form_key(mode)), algorithm_(shop.shop.algorithm) {}

  [[nodiscard]] bool matches(const FormFields& fields, const base::SecretKey& key, SignatureAlgorithm algorithm) const {
    const bool hex = algorithm == SignatureAlgorithm::sha1;
    return base::constant_time_equal(sign(fields, key, algorithm), hex ? base::ascii_lower(given_) : given_);
  }
  [[nodiscard]] bool matches(const FormFields& fields) const { return matches(fields, key_, algorithm_); }
  /// With the key as it comes out of a file or a copied text.
  [[nodiscard]] bool matches_spaced_key(const FormFields& fields) const {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kAround{
        {{"", " "}, {" ", ""}, {" ", " "}, {"", "\n"}, {"", "\r\n"}, {"", "\t"}}};
    return std::ranges::any_of(kAround, [&](const auto& around) {
      return matches(
          fields, base::SecretKey(std::string(around.first) + std::string(key_.reveal()) + std::string(around.second)),
          algorithm_);
    });
  }

 private:
  const std::string& given_;
  const base::SecretKey& key_;
  SignatureAlgorithm algorithm_;
};

bool html_matches(const Trials& trials, const FormFields& fields) {
  const auto any = [&](auto change) { return trials.matches(with_values(fields, change)); };
  return any([](const std::string& value) { return escaped(value, true); }) ||
         any([](const std::string& value) { return escaped(value, false); }) ||
         any([](const std::string& value) { return base::html_escape(value); }) ||
         any([](const std::string& value) { return with_entities(escaped(value, true)); }) ||
         any([](const std::string& value) { return with_entities(escaped(value, false)); }) ||
         any([](const std::string& value) { return unescaped(value); });
}

}  // namespace

std::vector<std::string> signature_hints(const Form& form, const merchants::ShopConfig& shop, Mode mode) {
  const Trials trials(form, shop, mode);
  const SignatureAlgorithm ours = shop.shop.algorithm;
  const SignatureAlgorithm other =
      ours == SignatureAlgorithm::sha1 ? SignatureAlgorithm::hmac_sha256 : SignatureAlgorithm::sha1;
  const base::SecretKey& other_key = shop.form_key(mode == Mode::test ? Mode::production : Mode::test);
  const FormFields& fields = form.fields;
  FormFields filled = fields;
  std::erase_if(filled, [](const auto& field) { return field.second.empty(); });
  std::vector<std::string> hints;
  const auto hint = [&](bool found, std::string_view id) {
    if (found) hints.emplace_back(id);
  };
  const bool other_both = trials.matches(fields, other_key, other);
  hint(other_both || trials.matches(fields, shop.form_key(mode), other), "other_algorithm");
  hint(other_both || trials.matches(fields, other_key, ours), "other_mode_key");
  hint(filled.size() != fields.size() && trials.matches(filled), "empty_fields");
  hint(trials.matches(in_order_sent(fields)) || trials.matches(in_order_of_letters(fields)), "field_order");
  hint(trials.matches(with_values(fields, to_latin1)) || trials.matches(with_values(fields, encoded_twice)),
       "encoding");
  hint(html_matches(trials, fields) || holds_entity(form), "html_escaped");
  hint(trials.matches_spaced_key(fields) ||
           trials.matches(with_values(fields, [](const std::string& value) { return std::string(base::trim(value)); })),
       "spaces");
  // A signature of the other length can't have been made our way, whatever else is wrong.
  const bool looks_hex = form.signature.size() == 40;
  if (hints.empty() && !form.signature.empty())
    hint(looks_hex != (ours == SignatureAlgorithm::sha1), "other_algorithm");
  if (hints.empty()) hints.emplace_back("key");
  return hints;
}

}  // namespace acquit::vads
