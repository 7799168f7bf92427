// The rows of vault_keys: the vault's own keys, wrapped with the master key.
#pragma once

#include "db/table.h"

namespace acquit::platform {

struct StoredKey {
  std::int64_t id = 0;
  std::string master_id{};  ///< Of the key that wraps it.
  std::string purpose{};    ///< "data" or "fingerprint".
  std::string wrapped{};
  base::Time created_at{};
  std::optional<base::Time> retired_at{};
};

inline constexpr db::Table kKeyTable("vault_keys", db::column<&StoredKey::id>("key_id").key(),
                                     db::column<&StoredKey::master_id>("master_id").changing(),
                                     db::column<&StoredKey::purpose>("purpose"),
                                     db::bytes_column<&StoredKey::wrapped>("wrapped_key").changing(),
                                     db::column<&StoredKey::created_at>("created_at"),
                                     db::column<&StoredKey::retired_at>("retired_at"));

}  // namespace acquit::platform
