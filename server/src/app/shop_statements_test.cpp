// Every statement names the shop whose rows it touches, so that an engine that spreads shops over machines asks one
// machine. Those that look at several shops are listed here with the reason; they read, and lock nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "app/sql_of_all.h"
#include "base/embedded.h"
#include "base/manual_clock.h"
#include "base/task.h"
#include "db/database.h"
#include "db/statement.h"
#include "db/testing/temporary_database.h"

namespace acquit::app {
namespace {

using Tables = std::set<std::string>;

struct Allowed {
  std::string_view statement;
  std::string_view reason;
};
constexpr std::array kAcrossShops{
    Allowed{"outbox.due_shops", "finds the shops that have something due; each is then claimed by itself"},
    Allowed{"outbox.due_shops_spread", "the same where shops lie on several machines"},
    Allowed{"outbox.next_due", "when the first message is due, where none is yet: reads one time, changes nothing"},
    Allowed{"outbox.next_due_spread", "the same where shops lie on several machines"},
    Allowed{"payments.due_authorisations", "finds what is due by its time; each is then handled in its shop's lane"},
    Allowed{"payments.due_others", "finds what is due by its time; each is then handled in its shop's lane"},
    Allowed{"card_refusals.since", "a card or an address is limited by its tries at all shops together"},
    Allowed{"card_acceptances.since", "read together with the refusals, once for all shops"},
    Allowed{"purge.old_payments", "finds what is old; each shop's is then removed by itself"},
    Allowed{"purge.shop_of_traces", "finds the next shop that has old ones"},
    Allowed{"purge.shop_of_refusals", "finds the next shop that has old ones"},
    Allowed{"purge.shop_of_acceptances", "finds the next shop that has old ones"},
    Allowed{"notifications.failed", "an operator sends again what failed at all shops, or at the one he names"},
    Allowed{"notifications.count_failed", "the same, counted"},
    Allowed{"merchants.shop_numbers", "lists the shops themselves; each one's books are then compared by themselves"},
    Allowed{"late_approvals.shops",
            "the acquirer names a merchant's number, not our shop; each is then asked by itself"},
    Allowed{"doubts.count", "a metric counts what waits for a person at all shops"},
    Allowed{"traces.of_incident", "an operator who was told an incident's number does not know the shop"},
};

std::string squeezed(const std::string& text) {
  const std::string code = std::regex_replace(text, std::regex("--[^\n]*"), " ");
  return std::regex_replace(code, std::regex("\\s+"), " ");
}

std::size_t end_of_parenthesis(const std::string& text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i;
  }
  throw std::logic_error("no end of parenthesis: " + text);
}

// Each query by itself: what stands in parentheses and the parts of a union come apart.
void take_apart(const std::string& text, std::vector<std::string>& queries) {
  std::string own;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' && std::regex_search(text.substr(i + 1, 8), std::regex("^ ?(select|with) "))) {
      const std::size_t end = end_of_parenthesis(text, i);
      take_apart(text.substr(i + 1, end - i - 1), queries);
      own += "()";
      i = end;
    } else {
      own += text[i];
    }
  }
  const std::regex between(" union (all )?");
  std::copy(std::sregex_token_iterator(own.begin(), own.end(), between, -1), std::sregex_token_iterator(),
            std::back_inserter(queries));
}

struct Touch {
  std::string verb;
  std::string table;
  std::string alias;
};

std::vector<Touch> touched_by(const std::string& query) {
  static const std::regex kTouched("\\b(from|join|update|into) ([a-z_]+)(?: (?:as )?([a-z]+))?");
  static const Tables kNoAlias{"where", "set", "on", "order", "group", "limit", "for", "join", "left", "values"};
  std::vector<Touch> touched;
  for (std::sregex_iterator at(query.begin(), query.end(), kTouched), end; at != end; ++at) {
    const std::string alias = (*at)[3];
    touched.push_back({.verb = (*at)[1], .table = (*at)[2], .alias = kNoAlias.contains(alias) ? "" : alias});
  }
  return touched;
}

// One that is joined to another by the shop is of that one's, which an inner query finds in the outer one.
bool names_shop_of(const std::string& query, const Touch& touch, bool is_inner) {
  if (touch.verb == "into") {
    const std::size_t open = query.find('(', query.find("into " + touch.table));
    return query.substr(open, end_of_parenthesis(query, open) - open).contains("shop_id");
  }
  const std::size_t where = std::min(query.find(" where "), query.find(" on "));
  if (where == std::string::npos) return false;
  const std::string conditions = query.substr(where);
  const std::string column =
      touch.alias.empty() ? "[ (]shop_id" : "[ (](" + touch.alias + "|" + touch.table + ")\\.shop_id";
  if (std::regex_search(conditions, std::regex(column + " = \\$[0-9]+"))) return true;
  const bool joined = std::regex_search(conditions, std::regex(column + " = [a-z]+\\.shop_id")) ||
                      std::regex_search(conditions, std::regex("[a-z]+\\.shop_id =" + column));
  return joined && (is_inner || std::regex_search(conditions, std::regex("shop_id = \\$[0-9]+")));
}

// The tables of shops that a statement touches without saying of which shop.
Tables without_shop(const std::string& statement, const Tables& of_shops) {
  std::vector<std::string> queries;
  take_apart(squeezed(statement), queries);
  Tables found;
  for (const std::string& query : queries) {
    const std::vector<Touch> touched = touched_by(query);
    const bool is_inner = touched.size() == 1 && queries.size() > 1;
    for (const Touch& touch : touched) {
      if (of_shops.contains(touch.table) && !names_shop_of(query, touch, is_inner)) found.insert(touch.table);
    }
  }
  return found;
}

TEST(ShopStatements, AreToldFromThoseThatGoAcrossShops) {
  struct Row {
    std::string text;
    Tables without;
  };
  const Tables of_shops{"orders", "lines"};
  const std::vector<Row> rows{
      {R"(select a from orders where shop_id = $1 and id = $2)", {}},
      {R"(select a from orders o where o.shop_id = $1)", {}},
      {R"(select a from orders -- where shop_id = $1
where id = $1)",
       {"orders"}},
      {R"(select a from orders where id = $1)", {"orders"}},
      {R"(select shop_id from orders where shop_id > $1)", {"orders"}},
      {R"(select count(*) from orders)", {"orders"}},
      {R"(update orders set a = $1 where id = $2)", {"orders"}},
      {R"(update orders set shop_id = $1 where id = $2)", {"orders"}},
      {R"(update orders set a = $1 where shop_id = $3 and id = $2)", {}},
      {R"(delete from orders where shop_id = $1 and id in (select id from lines where shop_id = $1))", {}},
      {R"(delete from orders where shop_id = $1 and id in (select id from lines where a = $2))", {"lines"}},
      {R"(delete from orders where id in (select id from lines where shop_id = $1))", {"orders"}},
      {R"(insert into orders (shop_id, id) values ($1, $2) on conflict do nothing)", {}},
      {R"(insert into orders (id) values ($1))", {"orders"}},
      {R"(insert into orders (shop_id, id) select $1, id from lines where a = $2)", {"lines"}},
      {R"(select a from orders o join lines l on l.shop_id = o.shop_id where o.shop_id = $1)", {}},
      {R"(select a from orders o join lines l on l.id = o.id where o.shop_id = $1)", {"lines"}},
      {R"(select a from orders o join lines l on l.shop_id = o.shop_id where o.id = $1)", {"lines", "orders"}},
      {R"(select a from orders o where o.shop_id = $1 and exists (select 1 from lines l where l.shop_id = o.shop_id))",
       {}},
      {R"(select a from orders o where o.shop_id = $1 and not exists (select 1 from lines l where l.id = o.id))",
       {"lines"}},
      {R"(select a from orders where shop_id = $1 union all select a from lines)", {"lines"}},
      {R"(with recursive s(n) as (select min(n) from lines) select n from s)", {"lines"}},
      {R"(select a from stars where id = $1)", {}},
  };
  for (const Row& row : rows) EXPECT_EQ(without_shop(row.text, of_shops), row.without) << row.text;
}

std::map<std::string, db::Statement> all_statements() {
  std::map<std::string, db::Statement> statements;
  for (const SqlFile& file : sql_files()) {
    const base::EmbeddedFile embedded{.path = file.name, .content = file.content};
    static const std::regex kHeader("-- :name ([a-z_0-9]+)");
    for (std::sregex_iterator at(file.content.begin(), file.content.end(), kHeader), end; at != end; ++at) {
      const std::string name = file.name.substr(0, file.name.find('.')) + "." + std::string((*at)[1]);
      statements.insert_or_assign(name, db::load_statement({&embedded, 1}, name, described_tables()));
    }
  }
  return statements;
}

Tables tables_of_shops() {
  static const db::Statement kTables{.name = "test.tables_of_shops",
                                     .sqlite = R"(
select m.name from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table' and c.name = 'shop_id')",
                                     .postgresql = {}};
  const auto place = db::testing::TemporaryDatabase::make_migrated(db::Engine::sqlite);
  base::InlineExecutor executor;
  const auto database = db::Database::open(place->options(), executor).value();
  const auto rows = base::sync_wait(database->read([](db::ReadTx& tx) { return tx.query(kTables, {}); })).value();
  Tables tables;
  for (const db::Row& row : rows) tables.insert(row.text(0));
  return tables;
}

const std::regex kListOfTables("\\bfrom [a-z_]+(?: (?:as )?[a-z]+)? ?,");

bool changes_or_locks(const std::string& text) {
  return std::regex_search(squeezed(text), std::regex("\\b(insert into|update|delete from|for update|for share)\\b"));
}

TEST(ShopStatements, NameTheShopUnlessTheyAreListedWithAReason) {
  const Tables of_shops = tables_of_shops();
  ASSERT_GT(of_shops.size(), 13U);
  const auto statements = all_statements();
  EXPECT_GT(statements.size(), 70U);
  std::set<std::string_view> listed;
  for (const Allowed& allowed : kAcrossShops) {
    EXPECT_FALSE(allowed.reason.empty());
    listed.insert(allowed.statement);
  }
  std::set<std::string_view> across;
  for (const auto& [name, statement] : statements) {
    for (const std::string& text : {statement.sqlite, statement.postgresql}) {
      EXPECT_FALSE(std::regex_search(squeezed(text), kListOfTables)) << name << ": a join by comma is not understood";
      const Tables without = without_shop(text, of_shops);
      if (without.empty()) continue;
      across.insert(name);
      EXPECT_TRUE(listed.contains(name)) << name << " names no shop for " << *without.begin();
      EXPECT_FALSE(changes_or_locks(text)) << name << " changes or locks rows of several shops";
    }
  }
  EXPECT_EQ(across, listed) << "what no longer goes across shops need not be listed";
}

}  // namespace
}  // namespace acquit::app
