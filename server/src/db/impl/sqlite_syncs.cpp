#include "db/impl/sqlite_syncs.h"

#include <algorithm>
#include <cstddef>
#include <type_traits>

namespace acquit::db::impl {
namespace {

constexpr int kMethodsVersion = 3;  // All that sqlite3_io_methods has; members that a later SQLite adds are not ours.

}  // namespace

SqliteSyncs::SqliteSyncs() : real_(sqlite3_vfs_find(nullptr)), vfs_{.table = *real_, .owner = this} {
  static_assert(std::is_standard_layout_v<Vfs> && offsetof(Vfs, table) == 0);
  static_assert(std::is_standard_layout_v<Methods> && offsetof(Methods, table) == 0);
  name_ = "acquit-" + std::to_string(reinterpret_cast<std::uintptr_t>(this));
  vfs_.table.zName = name_.c_str();
  vfs_.table.pNext = nullptr;
  vfs_.table.xOpen = open;
  sqlite3_vfs_register(&vfs_.table, /*makeDflt=*/0);
}

SqliteSyncs::~SqliteSyncs() { sqlite3_vfs_unregister(&vfs_.table); }

int SqliteSyncs::open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
  SqliteSyncs& self = *reinterpret_cast<Vfs*>(vfs)->owner;
  const int status = self.real_->xOpen(self.real_, name, file, flags, flags_out);
  if (status == SQLITE_OK) file->pMethods = self.counting(file->pMethods);
  return status;
}

int SqliteSyncs::sync(sqlite3_file* file, int flags) {
  const Methods& methods = *reinterpret_cast<const Methods*>(file->pMethods);
  const int status = methods.real->xSync(file, flags);
  if (status == SQLITE_OK) methods.owner->count_.fetch_add(1, std::memory_order_relaxed);
  return status;
}

const sqlite3_io_methods* SqliteSyncs::counting(const sqlite3_io_methods* real) {
  const std::lock_guard lock(mutex_);
  auto found = std::ranges::find(methods_, real, &Methods::real);
  if (found == methods_.end()) {
    found = methods_.insert(found, {.table = *real, .real = real, .owner = this});
    found->table.iVersion = std::min(real->iVersion, kMethodsVersion);
    found->table.xSync = sync;
  }
  return &found->table;
}

}  // namespace acquit::db::impl
