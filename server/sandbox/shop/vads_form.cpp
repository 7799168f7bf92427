#include "sandbox/shop/vads_form.h"

#include <algorithm>

#include "base/base64.h"
#include "base/digest.h"

namespace acquit::sandbox {

std::string vads_signature(const base::FormFields& fields, std::string_view key) {
  base::FormFields sorted;
  std::ranges::copy_if(fields, std::back_inserter(sorted),
                       [](const auto& field) { return field.first.starts_with("vads_"); });
  std::ranges::sort(sorted);
  std::string text;
  for (const auto& [name, value] : sorted) text += value + "+";
  text += key;
  return base::to_base64(base::hmac_sha256(key, text));
}

bool vads_verified(const base::FormFields& fields, std::string_view key) {
  return base::constant_time_equal(base::field_of(fields, "signature"), vads_signature(fields, key));
}

}  // namespace acquit::sandbox
