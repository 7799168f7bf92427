#include "protocols/vads/signature.h"

#include <algorithm>
#include <vector>

#include "base/base64.h"
#include "base/digest.h"
#include "base/hex.h"

namespace acquit::vads {
namespace {

std::string joined_values(const base::FormFields& fields) {
  std::vector<const std::pair<std::string, std::string>*> sorted;
  for (const auto& field : fields) {
    if (field.first.starts_with("vads_")) sorted.push_back(&field);
  }
  // Plain byte order: upper case before lower case (vads_threeds_cavv before vads_threeds_cavvAlgorithm either way).
  std::ranges::sort(sorted, {}, [](const auto* field) -> std::string_view { return field->first; });
  std::string text;
  for (const auto* field : sorted) text += field->second + "+";
  return text;
}

}  // namespace

std::string sign(const base::FormFields& fields, const base::SecretKey& key, merchants::SignatureAlgorithm algorithm) {
  return sign_joined(joined_values(fields), key, algorithm);
}

std::string sign_joined(std::string_view values, const base::SecretKey& key, merchants::SignatureAlgorithm algorithm) {
  const std::string text = std::string(values) + std::string(key.reveal());
  if (algorithm == merchants::SignatureAlgorithm::sha1) return base::to_hex(base::sha1(text));
  return base::to_base64(base::hmac_sha256(key.reveal(), text));
}

std::string signed_text_for_display(const base::FormFields& fields) { return joined_values(fields) + "KEY"; }

}  // namespace acquit::vads
