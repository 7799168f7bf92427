// The signature of a vads form: values of all vads_ fields in the order of their names, joined by "+", then the key.
//
// Source: lyra.md §1.2. Pure functions; the signed text itself holds the key and is never shown:
// signed_text_for_display has "KEY" in its place.
#pragma once

#include <string>
#include <string_view>

#include "base/form_fields.h"
#include "base/secret.h"
#include "merchants/shop.h"

namespace acquit::vads {

/// What a shop's keys for forms are marked with; never another word, since stored keys are bound to it.
inline constexpr std::string_view kFormKey = "form";
[[nodiscard]] inline const base::SecretKey& form_key(const merchants::ShopConfig& shop, merchants::Mode mode) {
  return shop.key(kFormKey, mode);
}

/// SHA-1: 40 hex digits; HMAC-SHA-256: 44 base64 characters.
[[nodiscard]] std::string sign(const base::FormFields& fields, const base::SecretKey& key,
                               merchants::SignatureAlgorithm algorithm);
/// The same for values that are joined already, each with its "+".
[[nodiscard]] std::string sign_joined(std::string_view values, const base::SecretKey& key,
                                      merchants::SignatureAlgorithm algorithm);
/// What was signed, with the key left out, for the error page in TEST.
[[nodiscard]] std::string signed_text_for_display(const base::FormFields& fields);

}  // namespace acquit::vads
