// The shop's side of the form protocol (lyra.md §1.2): signing and checking a set of fields. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/form_fields.h"

namespace acquit::sandbox {

/// Base64 of HMAC-SHA-256 over the values of all vads_ fields, empty ones too, in the order of their names.
[[nodiscard]] std::string vads_signature(const base::FormFields& fields, std::string_view key);
/// True if the field `signature` is the one of the others.
[[nodiscard]] bool vads_verified(const base::FormFields& fields, std::string_view key);

}  // namespace acquit::sandbox
