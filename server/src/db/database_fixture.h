// What the tests of both engines share: a table `items`, its statements, and a gate that holds a lane.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <semaphore>

#include "db/testing/temporary_database.h"

namespace acquit::db {

inline Statement both(std::string name, std::string text) {
  return {.name = "test." + std::move(name), .sqlite = text, .postgresql = text};
}

inline const Statement kInsert = both("insert", "insert into items (id, label) values ($1, $2)");
inline const Statement kInsertChild = both("insert_child", "insert into items (id, parent) values ($1, $2)");
inline const Statement kInsertData = both("insert_data", "insert into items (id, data) values ($1, $2)");
inline const Statement kCount = both("count", "select count(*) from items");
inline const Statement kFind = both("find", "select id, label, data from items where id = $1");
inline const Statement kRelabel = both("relabel", "update items set label = $2 where id >= $1");

constexpr LaneKey kShop{7};

/// Holds a lane inside a work until opened, so that works gather behind it.
class Gate {
 public:
  void hold() {
    entered_.release();
    opened_.acquire();
  }
  void wait_until_held() { entered_.acquire(); }
  void open() { opened_.release(); }

 private:
  std::binary_semaphore entered_{0};
  std::binary_semaphore opened_{0};
};

using Done = std::future<base::Result<std::int64_t>>;
using Body = std::function<base::Result<std::int64_t>(Tx&)>;
using Count = base::Result<std::int64_t>;

inline Count insert_into(Database& database, std::int64_t id) {
  return base::sync_wait(database.write(kShop, [id](Tx& tx) -> Count {
    ACQUIT_CHECK(tx.run(kInsert, {id, "x"}));
    return id;
  }));
}

class DatabaseFixture {
 public:
  /// False if the engine is not here.
  bool open(Engine engine, std::function<void(Options&)> change = {}) {
    place_ = testing::TemporaryDatabase::make(engine);
    if (!place_) return false;
    place_->execute(
        "create table items (id bigint primary key, label text, data bytea,"
        "parent bigint references items (id) deferrable initially deferred)");
    options_ = place_->options();
    if (change) change(options_);
    reopen();
    return true;
  }
  void reopen() {
    database_.reset();
    auto opened = Database::open(options_, executor_);
    if (!opened) throw std::runtime_error(opened.error().detail);
    database_ = *std::move(opened);
  }
  void close() { database_.reset(); }

  Database& database() { return *database_; }
  const testing::TemporaryDatabase& place() const { return *place_; }

  Done write(Body body, LaneKey key = kShop) { return testing::start(database_->write(key, std::move(body))); }
  Done insert(std::int64_t id, LaneKey key = kShop) {
    return write(
        [id](Tx& tx) -> Count {
          ACQUIT_CHECK(tx.run(kInsert, {id, "x"}));
          return id;
        },
        key);
  }
  /// A work that holds its lane at the gate; returns once it does.
  Done hold(Gate& gate, LaneKey key = kShop) {
    Done held = write(
        [&gate, first = true](Tx&) mutable -> Count {
          if (std::exchange(first, false)) gate.hold();
          return 0;
        },
        key);
    gate.wait_until_held();
    return held;
  }
  Count count() {
    return base::sync_wait(database_->read([](ReadTx& tx) -> Count {
      ACQUIT_TRY(const Rows rows, tx.query(kCount, {}));
      return rows.at(0).integer(0);
    }));
  }

 private:
  base::InlineExecutor executor_;
  std::unique_ptr<testing::TemporaryDatabase> place_;
  Options options_;
  std::unique_ptr<Database> database_;
};

inline base::ErrorCode code_of(const Count& outcome) {
  return outcome ? base::ErrorCode::internal : outcome.error().code;
}

}  // namespace acquit::db
