#include <libpq-fe.h>

#include <chrono>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/hex.h"
#include "bench/limit.h"
#include "bench/rows.h"

namespace acquit::bench {
namespace {

// One connection in pipeline mode: statements are sent, answers read at the end of each batch.
class Connection {
 public:
  explicit Connection(const std::string& uri) : connection_(PQconnectdb(uri.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection_));
    for (const RowToWrite& row : rows_of_payment(0)) prepare(*row.statement);
    PQenterPipelineMode(connection_);
  }
  ~Connection() { PQfinish(connection_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void text(const char* sql) {
    PQsendQueryParams(connection_, sql, 0, nullptr, nullptr, nullptr, nullptr, 0);
    ++sent_;
  }
  void write(const RowToWrite& row) {
    std::vector<std::string> texts;
    texts.reserve(row.values.size());
    std::vector<const char*> values;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      const auto* number = std::get_if<std::int64_t>(&row.values[i]);
      const auto* text = std::get_if<std::string>(&row.values[i]);
      if (number == nullptr && text == nullptr) {
        values.push_back(nullptr);
        continue;
      }
      const bool bytes = row.bytes_at_4 && i == 3;
      texts.push_back(number != nullptr ? std::to_string(*number)
                      : bytes           ? "\\x" + base::to_hex(base::as_bytes(*text))
                                        : *text);
      values.push_back(texts.back().c_str());
    }
    PQsendQueryPrepared(connection_, row.statement->name.c_str(), static_cast<int>(values.size()), values.data(),
                        nullptr, nullptr, 0);
    ++sent_;
  }
  void finish_batch() {
    PQpipelineSync(connection_);
    while (sent_ > 0) {
      PGresult* result = PQgetResult(connection_);
      if (result == nullptr) continue;
      const ExecStatusType status = PQresultStatus(result);
      PQclear(result);
      // Some say that they added something.
      if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error(PQerrorMessage(connection_));
      --sent_;
    }
    for (PGresult* result = PQgetResult(connection_);; result = PQgetResult(connection_)) {
      const bool sync = result != nullptr && PQresultStatus(result) == PGRES_PIPELINE_SYNC;
      if (result != nullptr) PQclear(result);
      if (sync) return;
    }
  }

 private:
  void prepare(const db::Statement& statement) {
    if (!prepared_.insert(statement.name).second) return;
    PGresult* result = PQprepare(connection_, statement.name.c_str(), statement.postgresql.c_str(), 0, nullptr);
    const bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    if (!ok) throw std::runtime_error(PQerrorMessage(connection_));
  }
  PGconn* connection_;
  std::set<std::string> prepared_;
  int sent_ = 0;
};

void write_share(const LimitOptions& options, std::uint64_t first, std::uint64_t count) {
  Connection connection(options.target);
  for (std::uint64_t done = 0; done < count;) {
    connection.text("begin");
    for (int i = 0; i < options.batch && done < count; ++i, ++done) {
      for (const RowToWrite& row : rows_of_payment(first + done)) connection.write(row);
    }
    connection.text("commit");
    connection.finish_batch();
  }
}

}  // namespace

base::Result<double> limit_postgresql(const LimitOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto shares = static_cast<std::uint64_t>(options.connections);
  const std::uint64_t each = options.payments / shares;
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t i = 0; i < shares; ++i) {
      threads.emplace_back(write_share, std::cref(options), options.first + i * each, each);
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return static_cast<double>(each * shares) / took.count();
}

base::Result<bool> add_vault_key(const std::string& uri) {
  PGconn* connection = PQconnectdb(uri.c_str());
  PGresult* result = PQexec(connection, "insert into vault_keys values (1, 'bench', 'data', '\\x00', 0, null)");
  const bool added = PQresultStatus(result) == PGRES_COMMAND_OK;
  const std::string why = PQerrorMessage(connection);
  PQclear(result);
  PQfinish(connection);
  if (!added) return base::fail(base::ErrorCode::database_unavailable, why);
  return true;
}

}  // namespace acquit::bench
