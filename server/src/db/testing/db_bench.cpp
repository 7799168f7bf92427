// bench_db <url> <works> [in flight] [shops]: works of ten inserts a second, told for each tenth of the run, so that
// a database that slows down as it grows shows. Makes its own tables; use an empty database.
#include <fmt/format.h>
#include <sys/resource.h>

#include <atomic>
#include <semaphore>

#include "base/clock.h"
#include "base/executor.h"
#include "base/id.h"
#include "base/number.h"
#include "base/random.h"
#include "db/database.h"
#include "db/impl/script_connection.h"
#include "db/testing/postgres_server.h"

namespace acquit::db {
namespace {

constexpr const char* kTables =
    "create table b_payments (shop bigint, id text, reference text, amount bigint, currency text, state text,"
    " buyer text, created_at bigint, primary key (shop, id));"
    "create unique index b_reference on b_payments (shop, reference);"
    "create table b_transactions (shop bigint, id text, payment text, amount bigint, state text, card text,"
    " created_at bigint, primary key (shop, id));"
    "create index b_of_payment on b_transactions (shop, payment);"
    "create table b_rows (shop bigint, id text, seq bigint, kind text, amount bigint, at bigint,"
    " primary key (shop, id, seq));";

Statement both(std::string name, std::string text) { return {.name = name, .sqlite = text, .postgresql = text}; }

struct Statements {
  Statement payment = both("bench.payment", "insert into b_payments values ($1,$2,$3,$4,'EUR','authorised',$5,$6)");
  Statement transaction = both("bench.tx", "insert into b_transactions values ($1,$2,$3,$4,'authorised',$5,$6)");
  Statement row = both("bench.row", "insert into b_rows values ($1,$2,$3,$4,$5,$6)");
};

/// Processor time of this process, which tells more than the clock on a busy machine.
std::int64_t processor_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return ((usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000) + usage.ru_utime.tv_usec +
         usage.ru_stime.tv_usec;
}

class Bench {
 public:
  Bench(Database& database, std::int64_t works, std::uint64_t shops)
      : database_(database), works_(works), shops_(shops) {}

  void run(std::size_t in_flight) {
    started_ = clock_.monotonic();
    for (std::size_t i = 0; i < in_flight; ++i) base::spawn(payer(), [this] { finished_.release(); });
    for (std::size_t i = 0; i < in_flight; ++i) finished_.acquire();
  }

 private:
  base::Task<void> payer() {
    while (next_.fetch_add(1) < works_) {
      const auto shop = static_cast<std::int64_t>(random_.below(shops_));
      const std::string id = base::id_to_hex(base::new_id_bytes(clock_.now(), random_));
      const auto done = co_await database_.write(LaneKey{static_cast<std::uint64_t>(shop)},
                                                 [&](Tx& tx) { return insert(tx, shop, id); });
      if (!done) {
        fmt::print("{}\n", done.error().detail);
        co_return;
      }
      note();
    }
  }

  base::Result<void> insert(Tx& tx, std::int64_t shop, const std::string& id) const {
    const std::int64_t now = base::to_ms(clock_.now());
    ACQUIT_CHECK(tx.run(statements_.payment, {shop, id, id, 4990, "somebody@example.org", now}));
    ACQUIT_CHECK(tx.run(statements_.transaction, {shop, id, id, 4990, "497010XXXXXX0055", now}));
    for (int seq = 0; seq < 8; ++seq) {
      ACQUIT_CHECK(tx.run(statements_.row, {shop, id, seq, "posting_of_an_account", 4990, now}));
    }
    return {};
  }

  void note() {
    const std::int64_t done = ++done_;
    const std::int64_t tenth = std::max<std::int64_t>(works_ / 10, 1);
    if (done % tenth != 0) return;
    const auto now = clock_.monotonic();
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now - std::exchange(started_, now)).count();
    const std::int64_t busy = processor_us();
    fmt::print("{:>9} works: {:>6} works/s, {} us of processor each, {} commits\n", done,
               tenth * 1'000'000 / std::max<std::int64_t>(us, 1), (busy - std::exchange(processor_us_, busy)) / tenth,
               database_.counters().commits);
    std::fflush(stdout);
  }

  Database& database_;
  const std::int64_t works_;
  const std::uint64_t shops_;
  const Statements statements_;
  base::OsClock clock_;
  base::OsRandom random_;
  base::Monotonic started_;
  std::int64_t processor_us_ = processor_us();
  std::atomic<std::int64_t> next_ = 0;
  std::atomic<std::int64_t> done_ = 0;
  std::counting_semaphore<> finished_{0};
};

int run(const std::string& url, std::int64_t works, std::size_t in_flight, std::uint64_t shops) {
  base::InlineExecutor executor;
  const auto script = impl::ScriptConnection::open(url);
  if (!script || !(*script)->execute(kTables)) return 1;
  const auto database = Database::open({.url = url}, executor);
  if (!database) return 1;
  Bench(**database, works, shops).run(in_flight);
  return 0;
}

}  // namespace
}  // namespace acquit::db

int main(int argc, char** argv) {
  const auto number = [&](int index, std::int64_t otherwise) {
    return argc > index ? acquit::base::parse_int<std::int64_t>(argv[index]).value_or(otherwise) : otherwise;
  };
  if (argc < 2) return 2;
  const std::string url = argv[1];
  // "postgresql" alone brings a server of its own.
  const auto server = url == "postgresql" ? acquit::db::testing::PostgresServer::start() : nullptr;
  return acquit::db::run(server ? server->fresh_database() : url, number(2, 100'000),
                         static_cast<std::size_t>(number(3, 256)), static_cast<std::uint64_t>(number(4, 100)));
}
