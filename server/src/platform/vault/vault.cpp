#include "platform/vault/vault.h"

#include <algorithm>

#include "base/digest.h"
#include "base/hex.h"
#include "db/statement.h"
#include "platform/vault/key_table.h"
#include "platform/vault/seal.h"

ACQUIT_EMBEDDED(sql_vault)

namespace acquit::platform {
namespace {

constexpr std::size_t kFirstDigits = 6;
constexpr std::size_t kLastDigits = 4;
// Lane of the vault's own rare writes; any would do.
constexpr db::LaneKey kLane{0};

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_vault(), "vault." + std::string(name), {kKeyTable});
}
const db::Statement kInsertKey = statement("insert_key");
const db::Statement kKeys = statement("keys");
const db::Statement kRetireKeys = statement("retire_keys");
const db::Statement kRewrapKey = statement("rewrap_key");
const db::Statement kInsertCard = statement("insert_card");
const db::Statement kCard = statement("card");

using StoredKeys = std::vector<StoredKey>;

base::Result<StoredKeys> read_keys(db::ReadTx& tx) { return kKeyTable.read(tx.query(kKeys, {})); }

std::string key_context(std::int64_t id, std::string_view purpose) {
  return "vault key " + std::to_string(id) + " " + std::string(purpose);
}

std::string card_context(base::ShopId shop, std::string_view card_id) {
  return "card " + base::to_string(shop) + " " + std::string(card_id);
}

std::string raw(const base::Sha256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

// The key's number leads a sealed text, so that a rotated key still opens it.
constexpr std::size_t kKeyNumberBytes = 4;

// Before a new key seals: two rounds of reloading, the second for one that failed and for clocks that differ.
constexpr base::Milliseconds kKnownEverywhereAfter = 2 * Vault::kReloadEvery;

}  // namespace

base::Task<base::Result<std::unique_ptr<Vault>>> Vault::load(db::Database& database, MasterKey master,
                                                             const base::Clock& clock, base::Random& random) {
  std::unique_ptr<Vault> vault(new Vault(database, std::move(master), clock, random));
  ACQUIT_CO_TRY(const StoredKeys stored, co_await database.write(kLane, [&](db::Tx& tx) -> base::Result<StoredKeys> {
    ACQUIT_TRY(StoredKeys found, read_keys(tx));
    if (!found.empty()) return found;
    ACQUIT_CHECK(vault->add_key(tx, 1, "data"));
    ACQUIT_CHECK(vault->add_key(tx, 2, "fingerprint"));
    return read_keys(tx);
  }));
  ACQUIT_CO_CHECK(vault->take(stored));
  co_return vault;
}

base::Result<void> Vault::add_key(db::Tx& tx, std::int64_t id, std::string_view purpose) {
  std::string fresh(32, '\0');
  random_.fill(std::as_writable_bytes(std::span(fresh)));
  const StoredKey made{.id = id,
                       .master_id = master_.id,
                       .purpose = std::string(purpose),
                       .wrapped = seal(master_.key.reveal(), key_context(id, purpose), fresh, random_),
                       .created_at = clock_.now()};
  return tx.run(kInsertKey, kKeyTable.bind(made));
}

base::Result<void> Vault::take(const std::vector<StoredKey>& stored) const {
  auto keys = std::make_shared<Keys>();
  for (const StoredKey& one : stored) {
    if (one.master_id != master_.id) {
      return base::fail(base::ErrorCode::configuration_invalid,
                        "the vault was locked with master key " + one.master_id + ", but the file holds " + master_.id +
                            "; point vault.master_key_file at the right one",
                        "vault.master_key_file");
    }
    ACQUIT_TRY(std::string key, open_sealed(master_.key.reveal(), key_context(one.id, one.purpose), one.wrapped));
    if (one.purpose == "data") {
      keys->data.push_back({.id = one.id, .key = base::SecretKey(std::move(key)), .made_at = one.created_at});
    } else {
      keys->fingerprint = base::SecretKey(std::move(key));
    }
  }
  const std::unique_lock lock(mutex_);
  keys_ = std::move(keys);
  return {};
}

std::shared_ptr<const Vault::Keys> Vault::keys() const {
  const std::shared_lock lock(mutex_);
  return keys_;
}

base::Result<std::shared_ptr<const Vault::Keys>> Vault::keys_with(db::ReadTx& tx, std::int64_t id) const {
  if (auto known = keys(); known->find(id)) return known;
  ACQUIT_TRY(const StoredKeys stored, read_keys(tx));
  ACQUIT_CHECK(take(stored));
  return keys();
}

base::Result<const Vault::Key*> Vault::Keys::find(std::int64_t id) const {
  const auto found = std::ranges::find(data, id, &Key::id);
  if (found == data.end()) return base::fail(base::ErrorCode::not_found, "data key " + std::to_string(id));
  return &*found;
}

const Vault::Key& Vault::Keys::sealing(base::Time now) const {
  const auto found = std::find_if(data.rbegin(), data.rend(),
                                  [&](const Key& key) { return now - key.made_at >= kKnownEverywhereAfter; });
  return found == data.rend() ? data.front() : *found;
}

VaultedCard Vault::describe(const base::Pan& pan, int expiry_year, int expiry_month) const {
  const std::string_view digits = pan.reveal();
  const auto print = base::hmac_sha256(keys()->fingerprint.reveal(), digits);
  const std::string_view first = digits.substr(0, kFirstDigits);
  const std::string_view last = digits.substr(digits.size() - kLastDigits);
  return {
      .id = CardId::make(clock_, random_),
      .fingerprint = base::to_hex(std::span(print).first(16)),
      .first_digits = std::string(first),
      .last_digits = std::string(last),
      .expiry_year = expiry_year,
      .expiry_month = expiry_month,
      .masked = std::string(first) + std::string(digits.size() - kFirstDigits - kLastDigits, 'X') + std::string(last)};
}

base::Result<void> Vault::store(db::Tx& tx, base::ShopId shop, const VaultedCard& card, const base::Pan& pan) const {
  const auto keys_now = keys();
  const Key& key = keys_now->sealing(clock_.now());
  const std::string card_id = card.id.hex();
  const std::string sealed = seal(key.key.reveal(), card_context(shop, card_id), pan.reveal(), random_);
  return tx.run(kInsertCard,
                {shop.value(), card_id, key.id, db::Param::Bytes{sealed}, card.fingerprint, card.first_digits,
                 card.last_digits, card.expiry_year, card.expiry_month, base::to_ms(clock_.now())});
}

base::Result<OpenedCard> Vault::open(db::ReadTx& tx, base::ShopId shop, std::string_view card_id) const {
  ACQUIT_TRY(const auto row, tx.find(kCard, {shop.value(), card_id}));
  if (!row) return base::fail(base::ErrorCode::not_found, "no such card");
  ACQUIT_TRY(const auto keys_now, keys_with(tx, row->integer(0)));
  ACQUIT_TRY(const Key* data_key, keys_now->find(row->integer(0)));
  ACQUIT_TRY(std::string pan, open_sealed(data_key->key.reveal(), card_context(shop, card_id), row->text(1)));
  return OpenedCard{.pan = base::Pan(std::move(pan)),
                    .expiry_year = static_cast<int>(row->integer(2)),
                    .expiry_month = static_cast<int>(row->integer(3))};
}

std::string Vault::seal_text(std::string_view context, std::string_view text) const {
  const auto keys_now = keys();
  const Key& key = keys_now->sealing(clock_.now());
  std::string sealed(kKeyNumberBytes, '\0');
  for (std::size_t i = 0; i < kKeyNumberBytes; ++i) {
    sealed[i] = static_cast<char>(static_cast<std::uint64_t>(key.id) >> (8 * (kKeyNumberBytes - 1 - i)));
  }
  return sealed + seal(key.key.reveal(), context, text, random_);
}

base::Result<std::string> Vault::open_text(std::string_view context, std::string_view sealed) const {
  if (sealed.size() < kKeyNumberBytes) return base::fail(base::ErrorCode::signature_mismatch, "sealed text is cut");
  std::int64_t id = 0;
  for (const char c : sealed.substr(0, kKeyNumberBytes)) id = id * 256 + static_cast<unsigned char>(c);
  const auto keys_now = keys();
  ACQUIT_TRY(const Key* data_key, keys_now->find(id));
  return open_sealed(data_key->key.reveal(), context, sealed.substr(kKeyNumberBytes));
}

std::string Vault::token_mac(std::string_view text) const {
  // Its own label, so that a token can never stand for a card's fingerprint.
  return raw(base::hmac_sha256(keys()->fingerprint.reveal(), "token " + std::string(text)));
}

base::Task<base::Result<std::int64_t>> Vault::rotate_data_key() {
  ACQUIT_CO_TRY(const StoredKeys stored, co_await database_.write(kLane, [&](db::Tx& tx) -> base::Result<StoredKeys> {
    ACQUIT_TRY(const StoredKeys found, read_keys(tx));
    ACQUIT_CHECK(tx.run(kRetireKeys, {base::to_ms(clock_.now())}));
    ACQUIT_CHECK(add_key(tx, found.back().id + 1, "data"));
    return read_keys(tx);
  }));
  ACQUIT_CO_CHECK(take(stored));
  co_return stored.back().id;
}

base::Task<base::Result<std::int64_t>> Vault::rewrap(MasterKey next) {
  ACQUIT_CO_TRY(const StoredKeys stored, co_await database_.write(kLane, [&](db::Tx& tx) -> base::Result<StoredKeys> {
    ACQUIT_TRY(StoredKeys found, read_keys(tx));
    for (StoredKey& one : found) {
      const std::string context = key_context(one.id, one.purpose);
      ACQUIT_TRY(const std::string key, open_sealed(master_.key.reveal(), context, one.wrapped));
      one.wrapped = seal(next.key.reveal(), context, key, random_);
      one.master_id = next.id;
      ACQUIT_CHECK(tx.run(kRewrapKey, kKeyTable.bind_change({}, one)));
    }
    return found;
  }));
  master_ = std::move(next);
  ACQUIT_CO_CHECK(take(stored));
  co_return static_cast<std::int64_t>(stored.size());
}

base::Task<base::Result<void>> Vault::reload() {
  ACQUIT_CO_TRY(const StoredKeys stored, co_await database_.read([&](db::ReadTx& tx) { return read_keys(tx); }));
  co_return take(stored);
}

}  // namespace acquit::platform
