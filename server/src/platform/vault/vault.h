// Vault: the only part that sees a card number. Stores it sealed, finds it again by reference, knows it by fingerprint.
//
// Data keys seal card numbers and small secrets; the master key wraps the data keys; a fingerprint key makes the same
// card recognisable without being readable. Keys are loaded at start into memory. A security code is never stored:
// where it has to outlive a request (3-D Secure), seal_text sends it sealed through the buyer's browser. Safe from any
// thread once loaded.
#pragma once

#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/task.h"
#include "db/database.h"
#include "platform/vault/master_key.h"

namespace acquit::platform {

struct CardTag {
  static constexpr std::string_view prefix = "card";
};
using CardId = base::Id<CardTag>;

/// A card as the rest of the platform may know it.
struct VaultedCard {
  CardId id;
  std::string fingerprint;   ///< 32 hex digits; equal for equal numbers.
  std::string first_digits;  ///< Six.
  std::string last_digits;   ///< Four.
  int expiry_year = 0;
  int expiry_month = 0;

  /// "497010XXXXXX0055": the form of lyra.md §1.12.
  std::string masked;
};

struct StoredKey;

struct OpenedCard {
  base::Pan pan;
  int expiry_year = 0;
  int expiry_month = 0;
};

class Vault {
 public:
  /// How often a server has to call reload().
  static constexpr base::Milliseconds kReloadEvery{60'000};

  /// Loads the keys, making the first ones if there are none. Errors: configuration_invalid if the master key is not
  /// the one that wrapped them.
  static base::Task<base::Result<std::unique_ptr<Vault>>> load(db::Database& database, MasterKey master,
                                                               const base::Clock& clock, base::Random& random);

  /// The card's public face; writes nothing. `pan` must be 13 to 19 digits.
  [[nodiscard]] VaultedCard describe(const base::Pan& pan, int expiry_year, int expiry_month) const;
  /// Stores the number under `card.id`, in the caller's transaction.
  [[nodiscard]] base::Result<void> store(db::Tx& tx, base::ShopId shop, const VaultedCard& card,
                                         const base::Pan& pan) const;
  /// Errors: not_found.
  [[nodiscard]] base::Result<OpenedCard> open(db::ReadTx& tx, base::ShopId shop, std::string_view card_id) const;

  /// Seals a small secret for storage or for a trip through a browser; only the same `context` opens it again.
  [[nodiscard]] std::string seal_text(std::string_view context, std::string_view text) const;
  [[nodiscard]] base::Result<std::string> open_text(std::string_view context, std::string_view sealed) const;
  /// A MAC under a key of this platform: for tokens in addresses. 32 bytes.
  [[nodiscard]] std::string token_mac(std::string_view text) const;

  /// Makes a new data key, which seals once it is two minutes old: by then every server has read it. The old ones still
  /// open. Value: its number.
  [[nodiscard]] base::Task<base::Result<std::int64_t>> rotate_data_key();
  /// Wraps all keys with `next` instead; afterwards only `next` starts the vault. Value: how many keys.
  [[nodiscard]] base::Task<base::Result<std::int64_t>> rewrap(MasterKey next);
  /// Reads the keys again: another server or a command may have made one. If it fails, those that are known go on.
  /// Errors: configuration_invalid after a rewrap elsewhere: this server has to be started with the new file.
  [[nodiscard]] base::Task<base::Result<void>> reload();

 private:
  struct Key {
    std::int64_t id = 0;
    base::SecretKey key;
    base::Time made_at;
  };
  struct Keys {
    std::vector<Key> data;  // In order of age.
    base::SecretKey fingerprint;
    /// The newest that every server knows by `now`; while none is so old, the oldest.
    [[nodiscard]] const Key& sealing(base::Time now) const;
    [[nodiscard]] base::Result<const Key*> find(std::int64_t id) const;
  };
  Vault(db::Database& database, MasterKey master, const base::Clock& clock, base::Random& random)
      : database_(database), master_(std::move(master)), clock_(clock), random_(random) {}
  base::Result<void> take(const std::vector<StoredKey>& stored) const;
  base::Result<void> add_key(db::Tx& tx, std::int64_t id, std::string_view purpose);
  [[nodiscard]] std::shared_ptr<const Keys> keys() const;
  /// The keys with number `id` among them, read again if another server made it.
  [[nodiscard]] base::Result<std::shared_ptr<const Keys>> keys_with(db::ReadTx& tx, std::int64_t id) const;

  db::Database& database_;
  MasterKey master_;
  const base::Clock& clock_;
  base::Random& random_;
  mutable std::shared_mutex mutex_;
  // Shared: a rotation, here or on another server, replaces it under readers that still use the old one.
  mutable std::shared_ptr<const Keys> keys_;
};

}  // namespace acquit::platform
