// SqliteSyncs: counts how often SQLite makes a file durable (fsync or fdatasync), which is what a disk is asked for.
//
// A VFS of SQLite that is the system's own in everything and counts the syncs that went well, of the files opened
// through it. Owned by the database; has to outlive the connections that were opened with its name. Safe from any
// thread.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>

namespace acquit::db::impl {

class SqliteSyncs {
 public:
  SqliteSyncs();
  ~SqliteSyncs();
  SqliteSyncs(const SqliteSyncs&) = delete;
  SqliteSyncs& operator=(const SqliteSyncs&) = delete;

  /// For sqlite3_open_v2.
  [[nodiscard]] const char* vfs_name() const { return name_.c_str(); }
  [[nodiscard]] std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }

 private:
  // SQLite hands us back pointers to `table`, which as the first member has the address of the whole.
  struct Vfs {
    sqlite3_vfs table;
    SqliteSyncs* owner;
  };
  struct Methods {
    sqlite3_io_methods table;
    const sqlite3_io_methods* real;
    SqliteSyncs* owner;
  };

  static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out);
  static int sync(sqlite3_file* file, int flags);
  const sqlite3_io_methods* counting(const sqlite3_io_methods* real);

  sqlite3_vfs* real_;
  std::string name_;
  Vfs vfs_;
  std::mutex mutex_;
  std::list<Methods> methods_;  // One for each kind of file of the system's VFS; their addresses must last.
  std::atomic<std::uint64_t> count_ = 0;
};

}  // namespace acquit::db::impl
