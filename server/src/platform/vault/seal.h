// AES-256-GCM: seal and open small texts under a 32-byte key, bound to a context that must be the same on both sides.
//
// Sealed form: 12 bytes nonce, ciphertext, 16 bytes tag. Nonces are random; a data key seals fewer than 2^32 texts
// before it is rotated (NIST SP 800-38D §8.3). Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace acquit::platform {

/// `context` is authenticated, not stored: what the text is and whose.
[[nodiscard]] std::string seal(std::string_view key, std::string_view context, std::string_view text,
                               base::Random& random);
/// Errors: signature_mismatch (other key, other context, or changed bytes).
[[nodiscard]] base::Result<std::string> open_sealed(std::string_view key, std::string_view context,
                                                    std::string_view sealed);

}  // namespace acquit::platform
