// Directory: shop configurations kept in memory, read again every few seconds so that changes made on any node are
// seen.
//
// Safe from any thread. A configuration in use stays valid while its pointer is held.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "db/database.h"
#include "merchants/merchant_store.h"
#include "merchants/shop.h"

namespace acquit::merchants {

class Directory {
 public:
  Directory(db::Database& database, const MerchantStore& store, const base::Clock& clock)
      : database_(database), store_(store), clock_(clock) {}

  /// Errors: not_found (no such shop), and those of a read.
  [[nodiscard]] base::Task<base::Result<std::shared_ptr<const ShopConfig>>> find(base::ShopId shop);
  /// The next find reads the database.
  void forget(base::ShopId shop);

 private:
  struct Entry {
    std::shared_ptr<const ShopConfig> config;
    base::Monotonic read_at;
  };
  db::Database& database_;
  const MerchantStore& store_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<base::ShopId, Entry> entries_;  // Shops that exist; bounded by their number.
};

}  // namespace acquit::merchants
