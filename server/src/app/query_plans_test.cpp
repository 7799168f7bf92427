// On SQLite every statement has to find its rows over an index: a table that is read whole, or all rows of one shop,
// is quick in every test and slow in every shop that sells. PostgreSQL is told never to read a table whole.
#include <gtest/gtest.h>

#include <array>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "app/sql_of_all.h"
#include "base/ascii.h"
#include "base/embedded.h"
#include "base/list.h"
#include "base/manual_clock.h"
#include "base/task.h"
#include "db/database.h"
#include "db/statement.h"
#include "db/testing/temporary_database.h"

ACQUIT_EMBEDDED(sql_jobs)
ACQUIT_EMBEDDED(sql_merchants)
ACQUIT_EMBEDDED(sql_node_number)
ACQUIT_EMBEDDED(sql_notifications)
ACQUIT_EMBEDDED(sql_outbox)
ACQUIT_EMBEDDED(sql_payments)
ACQUIT_EMBEDDED(sql_vault)

namespace acquit::app {
namespace {

// A few rows each, whatever the shop sells; due_now is what the outbox takes at a time.
constexpr std::array<std::string_view, 9> kSmall{"vault_keys", "job_leases",     "node_numbers",
                                                 "contracts",  "shop_keys",      "notification_rules",
                                                 "shops",      "request_traces", "due_now"};

constexpr std::string_view kMark = "-- :name ";

std::vector<std::string> names_of(const base::EmbeddedFile& file) {
  std::vector<std::string> out;
  for (const std::string_view line : base::split(file.content, '\n')) {
    if (!line.starts_with(kMark)) continue;
    const std::string_view name = base::split(base::trim(line.substr(kMark.size())), ' ').front();
    const std::string stem(file.path.substr(0, file.path.find('.')));
    if (out.empty() || out.back() != stem + "." + std::string(name)) out.push_back(stem + "." + std::string(name));
  }
  return out;
}

// An expression for each parameter: planned like one, and nothing has to be bound.
std::string with_values(const std::string& text) {
  return std::regex_replace(text, std::regex("\\$([0-9]+)"), "abs($1)");
}

bool is_small(std::string_view step) {
  for (const std::string_view table : kSmall) {
    if (step.contains(std::string(" ") + std::string(table))) return true;
  }
  return false;
}

TEST(QueryPlans, FindTheirRowsOverAnIndexOnSqlite) {
  const auto place = db::testing::TemporaryDatabase::make_migrated(db::Engine::sqlite);
  base::InlineExecutor executor;
  const auto database = db::Database::open(place->options(), executor).value();
  int read = 0;
  for (const auto files :
       {embedded::sql_jobs(), embedded::sql_merchants(), embedded::sql_node_number(), embedded::sql_notifications(),
        embedded::sql_outbox(), embedded::sql_payments(), embedded::sql_vault()}) {
    for (const base::EmbeddedFile& file : files) {
      for (const std::string& name : names_of(file)) {
        db::Statement explain = db::load_statement(files, name, described_tables());
        if (explain.sqlite.empty()) continue;
        explain.name = "explain " + name;
        explain.sqlite = "explain query plan " + with_values(explain.sqlite);
        const auto steps = base::sync_wait(database->read([&](db::ReadTx& tx) { return tx.query(explain, {}); }));
        ASSERT_TRUE(steps) << name << ": " << steps.error().detail;
        for (const db::Row& step : *steps) {
          const std::string& detail = step.text(3);
          if (is_small(detail)) continue;
          EXPECT_FALSE(detail.starts_with("SCAN ") && !detail.contains("CONSTANT")) << name << ": " << detail;
          EXPECT_FALSE(detail.contains("PRIMARY KEY (shop_id=?)")) << name << " reads the whole shop: " << detail;
        }
        ++read;
      }
    }
  }
  EXPECT_GT(read, 60);
}

}  // namespace
}  // namespace acquit::app
