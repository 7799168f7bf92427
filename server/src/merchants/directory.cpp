#include "merchants/directory.h"

#include <chrono>

namespace acquit::merchants {
namespace {

// How long a change of settings made on another node may stay unseen.
constexpr std::chrono::seconds kFreshFor{5};

}  // namespace

base::Task<base::Result<std::shared_ptr<const ShopConfig>>> Directory::find(base::ShopId shop) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(shop);
    if (found != entries_.end() && clock_.monotonic() - found->second.read_at < kFreshFor)
      co_return found->second.config;
  }
  ACQUIT_CO_TRY(auto config, co_await database_.read([&](db::ReadTx& tx) { return store_.find_config(tx, shop); }));
  if (!config) co_return base::fail(base::ErrorCode::not_found, "no shop has the number " + base::to_string(shop));
  auto shared = std::make_shared<const ShopConfig>(*std::move(config));
  const std::lock_guard lock(mutex_);
  entries_[shop] = {.config = shared, .read_at = clock_.monotonic()};
  co_return shared;
}

void Directory::forget(base::ShopId shop) {
  const std::lock_guard lock(mutex_);
  entries_.erase(shop);
}

}  // namespace acquit::merchants
