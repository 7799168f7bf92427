// The master key: 32 bytes that wrap the vault's data keys. From a file of mode 0600; an HSM takes its place later.
//
// A key is known by its id, the first bytes of its hash, so that a wrong file is noticed at start and not at the first
// card. Values are wiped when they go.
#pragma once

#include <string>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace acquit::platform {

struct MasterKey {
  base::SecretKey key;  ///< 32 raw bytes.
  std::string id;       ///< 16 hex digits, public.
};

/// Reads `path` (64 hex digits, one line). Errors: configuration_invalid: absent, readable by others, or not a key; the
/// detail says what to do.
[[nodiscard]] base::Result<MasterKey> load_master_key(const std::string& path);
/// Writes a new key to `path`, which must not exist; mode 0600.
[[nodiscard]] base::Result<void> create_master_key(const std::string& path, base::Random& random);

}  // namespace acquit::platform
