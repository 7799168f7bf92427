// What is unusual about a form whose signature does not match: we sign it again as shops are known to get it wrong
// (lyra.md §9) and say which way gives the signature that came.
#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "base/ascii.h"
#include "base/digest.h"
#include "protocols/vads/form.h"
#include "protocols/vads/signature.h"
#include "protocols/vads/transformations.h"

namespace acquit::vads {
namespace {

using base::FormFields;
using merchants::Mode;
using merchants::SignatureAlgorithm;

template <class F>
FormFields with_values(const FormFields& fields, F change) {
  FormFields out;
  for (const auto& [name, value] : fields) out.emplace_back(name, change(value));
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
      : given_(form.signature), key_(form_key(shop, mode)), algorithm_(shop.shop.algorithm) {}

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
  return std::ranges::any_of(transformations(), [&](const Transformation& way) {
    return way.kind == TransformationKind::html && trials.matches(with_values(fields, way.apply));
  });
}

}  // namespace

std::vector<std::string> signature_hints(const Form& form, const merchants::ShopConfig& shop, Mode mode) {
  const Trials trials(form, shop, mode);
  const SignatureAlgorithm ours = shop.shop.algorithm;
  const SignatureAlgorithm other =
      ours == SignatureAlgorithm::sha1 ? SignatureAlgorithm::hmac_sha256 : SignatureAlgorithm::sha1;
  const base::SecretKey& other_key = form_key(shop, mode == Mode::test ? Mode::production : Mode::test);
  const FormFields& fields = form.fields;
  FormFields filled = fields;
  std::erase_if(filled, [](const auto& field) { return field.second.empty(); });
  std::vector<std::string> hints;
  const auto hint = [&](bool found, std::string_view id) {
    if (found) hints.emplace_back(id);
  };
  const bool other_both = trials.matches(fields, other_key, other);
  hint(other_both || trials.matches(fields, form_key(shop, mode), other), "other_algorithm");
  hint(other_both || trials.matches(fields, other_key, ours), "other_mode_key");
  hint(filled.size() != fields.size() && trials.matches(filled), "empty_fields");
  hint(trials.matches(in_order_sent(fields)) || trials.matches(in_order_of_letters(fields)), "field_order");
  hint(std::ranges::any_of(transformations(),
                           [&](const Transformation& way) {
                             return way.kind == TransformationKind::encoding &&
                                    trials.matches(with_values(fields, way.apply));
                           }),
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
