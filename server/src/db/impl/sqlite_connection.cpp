#include "db/impl/sqlite_connection.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/number.h"
#include "db/impl/engine_support.h"

namespace acquit::db::impl {
namespace {

constexpr int kBusyTimeoutMs = 10'000;
constexpr int kAgainMs = 5;
constexpr int kStepsBetweenLooks = 10'000;  // At the clock: some tens of microseconds.
constexpr mode_t kOwnerOnly = 0600;

// A checkpoint copies each page once however often it was written since the last one, so a large log spares most of
// the copying; 16384 pages are 64 MiB. The log's pages live in the page cache of the system until then.
constexpr const char* kWriterSettings =
    "pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory;"
    "pragma wal_autocheckpoint = 16384; pragma journal_size_limit = 134217728";
constexpr const char* kReaderSettings = "pragma query_only = on; pragma foreign_keys = on; pragma temp_store = memory";

constexpr std::array<std::string_view, 7> kControls = {"begin immediate", "begin deferred", "commit",       "rollback",
                                                       "savepoint w",     "release w",      "rollback to w"};

base::ErrorCode code_of(int extended, int system_error) {
  switch (extended & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return base::ErrorCode::constraint_violated;
    case SQLITE_FULL: return base::ErrorCode::disk_full;
    case SQLITE_IOERR:
      // A quota or a file size limit is a full disk to whoever has to mend it.
      return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG
                 ? base::ErrorCode::disk_full
                 : base::ErrorCode::database_unavailable;
    case SQLITE_BUSY:
      return extended == SQLITE_BUSY_SNAPSHOT ? base::ErrorCode::serialisation_failure
                                              : base::ErrorCode::database_unavailable;
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM: return base::ErrorCode::database_unavailable;
    case SQLITE_INTERRUPT: return base::ErrorCode::timed_out;
    default: return base::ErrorCode::internal;
  }
}

Cell cell_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return std::monostate{};
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_BLOB: {
      const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return data ? std::string(data, size) : std::string();
    }
    default: {
      const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
  }
}

Row row_of(sqlite3_stmt* statement) {
  const int columns = sqlite3_column_count(statement);
  std::vector<Cell> cells;
  cells.reserve(static_cast<std::size_t>(columns));
  for (int column = 0; column < columns; ++column) cells.push_back(cell_of(statement, column));
  return Row(std::move(cells));
}

int bind_value(sqlite3_stmt* statement, int slot, const Param::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, slot, *integer);
  // An empty view may point nowhere, which SQLite would take for a null.
  const auto address = [](std::string_view view) { return view.data() ? view.data() : ""; };
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    return sqlite3_bind_text64(statement, slot, address(*text), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  if (const auto* bytes = std::get_if<Param::Bytes>(&value)) {
    return sqlite3_bind_blob64(statement, slot, address(bytes->view), bytes->view.size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, slot);
}

std::unexpected<base::Error> named(const Statement& statement, base::Error error) {
  error.detail = statement.name + ": " + error.detail;
  return std::unexpected(std::move(error));
}

// Nobody but the owner reads what is stored, whatever the umask is; SQLite gives its other files the mode of this one.
// A file that is there is not opened: closing it would give up the locks that this process holds on it.
base::Result<void> keep_private(const std::string& path) {
  const int made = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
  if (made >= 0) {
    ::close(made);
    return {};
  }
  struct stat status{};
  // What is wrong with a file that can't be made or seen, SQLite says.
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & 077U) == 0) return {};
  if (::chmod(path.c_str(), kOwnerOnly) == 0) return {};
  return base::fail(base::ErrorCode::configuration_invalid,
                    "others can read " + path + "; run 'chmod 600 " + path + "' as its owner", "database.url");
}

}  // namespace

base::Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, Access access,
                                                                       const char* vfs) {
  const int flags = SQLITE_OPEN_NOMUTEX |
                    (access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  if (access == Access::write) ACQUIT_CHECK(keep_private(path));
  sqlite3* raw = nullptr;
  const int status = sqlite3_open_v2(path.c_str(), &raw, flags, vfs);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(Handle(raw)));
  if (status != SQLITE_OK) {
    return base::fail(base::ErrorCode::database_unavailable, "cannot open " + path + ": " + sqlite3_errstr(status));
  }
  ACQUIT_CHECK(connection->set_up(access));
  return connection;
}

base::Result<void> SqliteConnection::set_up(Access access) {
  sqlite3_extended_result_codes(handle_.get(), 1);
  sqlite3_busy_timeout(handle_.get(), kBusyTimeoutMs);
  if (access == Access::write) {
    auto switched = query_text("pragma journal_mode = wal");
    // Here SQLite does not wait itself: two processes that make the file together would fail each other.
    for (int waited_ms = 0; !switched && waited_ms < kBusyTimeoutMs; waited_ms += kAgainMs) {
      if ((sqlite3_errcode(handle_.get()) & 0xFF) != SQLITE_BUSY) break;
      sqlite3_sleep(kAgainMs);
      switched = query_text("pragma journal_mode = wal");
    }
    ACQUIT_TRY(const Rows mode, std::move(switched));
    if (mode.empty() || mode.front().text(0) != "wal") {
      return base::fail(base::ErrorCode::configuration_invalid,
                        "the database file is on a file system without shared memory; move it to a local disk");
    }
  }
  ACQUIT_CHECK(execute(access == Access::write ? kWriterSettings : kReaderSettings));
  for (std::size_t i = 0; i < kControls.size(); ++i) {
    ACQUIT_TRY(controls_[i], prepare(kControls[i], SQLITE_PREPARE_PERSISTENT));
  }
  return {};
}

base::Result<void> SqliteConnection::limit_cache(std::size_t kib) {
  return execute("pragma cache_size = -" + std::to_string(kib));  // Below zero it counts KiB and not pages.
}

void SqliteConnection::limit_time(base::Milliseconds limit) {
  start_clock(clock_.monotonic() + limit);
  sqlite3_progress_handler(
      handle_.get(), kStepsBetweenLooks,
      [](void* self) {
        const auto& connection = *static_cast<SqliteConnection*>(self);
        return connection.clock_.monotonic() < connection.until_ ? 0 : 1;
      },
      this);
}

void SqliteConnection::start_clock(base::Monotonic until) {
  until_ = until;
  const auto left = std::chrono::ceil<base::Milliseconds>(until - clock_.monotonic()).count();
  sqlite3_busy_timeout(handle_.get(), static_cast<int>(std::max<std::int64_t>(left, 0)));
}

int SqliteConnection::last_errno() const {
  // Asked of the log, since that is what is written to; SQLite's own answer may be another call's errno by now.
  sqlite3_file* log = nullptr;
  int number = 0;
  sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log));
  if (log && log->pMethods) log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
  return number;
}

base::Error SqliteConnection::last_error() const {
  const int extended = sqlite3_extended_errcode(handle_.get());
  return {.code = code_of(extended, (extended & 0xff) == SQLITE_IOERR ? last_errno() : 0),
          .field = {},
          .detail = std::string("sqlite: ") + sqlite3_errmsg(handle_.get())};
}

base::Result<SqliteConnection::Prepared> SqliteConnection::prepare(std::string_view text, unsigned flags) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v3(handle_.get(), text.data(), static_cast<int>(text.size()), flags, &raw, nullptr) !=
      SQLITE_OK) {
    return std::unexpected(last_error());
  }
  return Prepared(raw);
}

base::Result<SqliteConnection::Cached*> SqliteConnection::find(const Statement& statement) {
  if (!statement.is_kept) {
    ACQUIT_TRY(once_, make(statement, 0));
    return &once_;
  }
  const auto found = statements_.find(statement.name);
  if (found != statements_.end()) {
    if (found->second.text != statement.sqlite) statement_bug(statement, "another one has the same name");
    return &found->second;
  }
  ACQUIT_TRY(Cached cached, make(statement, SQLITE_PREPARE_PERSISTENT));
  return &statements_.emplace(statement.name, std::move(cached)).first->second;
}

base::Result<SqliteConnection::Cached> SqliteConnection::make(const Statement& statement, unsigned flags) {
  if (statement.sqlite.empty()) statement_bug(statement, "has no text for SQLite");
  auto prepared = prepare(statement.sqlite, flags);
  if (!prepared) return named(statement, std::move(prepared).error());
  Cached cached{.text = statement.sqlite, .prepared = *std::move(prepared), .slots = {}, .parameters = 0};
  const int slots = sqlite3_bind_parameter_count(cached.prepared.get());
  for (int slot = 1; slot <= slots; ++slot) {
    const char* name = sqlite3_bind_parameter_name(cached.prepared.get(), slot);
    const auto number = base::parse_int<std::size_t>(name && *name == '$' ? name + 1 : "");
    if (!number || *number == 0) statement_bug(statement, "parameters are $1, $2, …");
    cached.parameters = std::max(cached.parameters, *number);
    cached.slots.resize(cached.parameters);
    cached.slots[*number - 1] = slot;
  }
  return cached;
}

base::Result<sqlite3_stmt*> SqliteConnection::bind(const Statement& statement, Params params) {
  ACQUIT_TRY(Cached * cached, find(statement));
  if (cached->parameters != params.size()) statement_bug(statement, "bound with a wrong number of parameters");
  std::size_t number = 0;
  for (const Param& param : params) {
    const int slot = cached->slots[number++];
    if (slot == 0) continue;
    const auto* text = std::get_if<std::string_view>(&param.value());
    if (text && !is_storable_text(*text)) return unstorable_text(statement);
    if (bind_value(cached->prepared.get(), slot, param.value()) != SQLITE_OK) return std::unexpected(last_error());
  }
  return cached->prepared.get();
}

base::Result<void> SqliteConnection::end(sqlite3_stmt* statement, int status) const {
  base::Result<void> outcome;
  if (status != SQLITE_DONE) outcome = std::unexpected(last_error());
  sqlite3_reset(statement);
  return outcome;
}

base::Result<Rows> SqliteConnection::collect(sqlite3_stmt* statement) {
  Rows rows;
  int status = sqlite3_step(statement);
  for (; status == SQLITE_ROW; status = sqlite3_step(statement)) rows.push_back(row_of(statement));
  ACQUIT_CHECK(end(statement, status));
  return rows;
}

base::Result<void> SqliteConnection::for_each(const Statement& statement, Params params, const EachRow& each,
                                              base::Result<void>& refused) {
  ACQUIT_TRY(sqlite3_stmt * bound, bind(statement, params));
  // Also where `each` throws: a statement that is not reset would hold the transaction open.
  const std::unique_ptr<sqlite3_stmt, decltype([](sqlite3_stmt* begun) { sqlite3_reset(begun); })> reset(bound);
  int status = sqlite3_step(bound);
  for (; status == SQLITE_ROW; status = sqlite3_step(bound)) {
    refused = each(row_of(bound));
    if (!refused) return {};
  }
  auto ended = end(bound, status);
  if (!ended) return named(statement, std::move(ended).error());
  return {};
}

base::Result<Rows> SqliteConnection::query(const Statement& statement, Params params) {
  ACQUIT_TRY(sqlite3_stmt * bound, bind(statement, params));
  auto rows = collect(bound);
  if (!rows) return named(statement, std::move(rows).error());
  return rows;
}

base::Result<std::int64_t> SqliteConnection::change(const Statement& statement, Params params) {
  ACQUIT_TRY(sqlite3_stmt * bound, bind(statement, params));
  int status = sqlite3_step(bound);
  while (status == SQLITE_ROW) status = sqlite3_step(bound);
  auto ended = end(bound, status);
  if (!ended) return named(statement, std::move(ended).error());
  return sqlite3_changes64(handle_.get());
}

base::Result<void> SqliteConnection::control(Control control) {
  sqlite3_stmt* statement = controls_[static_cast<std::size_t>(control)].get();
  return end(statement, sqlite3_step(statement));
}

bool SqliteConnection::has_dangling_reference() const {
  int dangling = 0;
  int unused = 0;
  sqlite3_db_status(handle_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &dangling, &unused, /*resetFlg=*/0);
  return dangling != 0;
}

base::Result<void> SqliteConnection::execute(const std::string& script) {
  if (sqlite3_exec(handle_.get(), script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return std::unexpected(last_error());
  }
  return {};
}

base::Result<Rows> SqliteConnection::query_text(const std::string& text) {
  ACQUIT_TRY(const Prepared prepared, prepare(text, 0));
  if (!prepared) return Rows{};  // Only blanks and comments.
  return collect(prepared.get());
}

}  // namespace acquit::db::impl
