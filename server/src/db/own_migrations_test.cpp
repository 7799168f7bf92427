// Our own migrations, one after the other, on a database with data: what was there before one is there after it.
#include <algorithm>

#include "base/number.h"
#include "db/database_fixture.h"
#include "db/impl/migration_set.h"
#include "db/impl/script_connection.h"

ACQUIT_EMBEDDED(migrations)

namespace acquit::db {
namespace {

using base::EmbeddedFile;

constexpr base::Time kNow = base::time_from_ms(1'767'225'600'000);  // The first moment of 2026, UTC.

/// What is written after a migration, and how every later one finds it again: a text for each row.
struct Data {
  std::string_view after;
  const char* rows;
  std::vector<const char*> found_by;
};

const Data kData[] = {
    {.after = "0001-merchants",
     .rows = R"(
insert into companies values (1, 'Company'), (2, 'Another');
insert into shop_groups values (1, 1, 'Group'), (2, 2, 'Another');
insert into shops values
  (7, 1, 'Shop', 'https://shop.example', 'a@shop.example', 'fr', 'fr;de', 'Europe/Paris', 'FR', '5999', 1, 'SHA-1', 0, 0,
   'GET', 0, 0, 0, 0, '', 0, '', 1767052800000),
  (8, 2, 'Another', '', 'b@shop.example', 'de', '', 'Europe/Zurich', 'CH', '5999', 1, 'HMAC-SHA-256', 3, 1, 'POST', 1, 1, 1,
   1, 'https://shop.example', 1, 'c@shop.example', 1767052800001);
insert into contracts values
  (7, 1, 'CB', 'EUR', '1', '1', 'bank', '1', 1, 0, 100, 22, 1), (8, 2, 'VISA', 'CHF', '2', '2', 'bank', '2', 2, 5, 9, 0, 0);
insert into blocked_cards values (7, 'f', 'stolen', 'SHOP', 1767052800000), (8, 'g', '', 'SHOP', 1767052800001);
insert into notification_rules values
  (7, 'end_of_payment', 1, 'https://a.example', 'https://b.example', 'a@shop.example', 1),
  (8, 'batch_change', 0, '', '', '', 0);
)",
     .found_by =
         {"select shop_id || '|' || name || '|' || url || '|' || timezone || '|' || signature_algorithm || '|' ||"
          " return_mode || '|' || merchant_mail from shops order by shop_id",
          "select shop_id || '|' || contract_id || '|' || method || '|' || amount_max || '|' || capture_hour"
          " from contracts order by shop_id",
          "select shop_id || '|' || fingerprint || '|' || reason from blocked_cards order by shop_id",
          "select shop_id || '|' || rule || '|' || url_production from notification_rules order by shop_id"}},
    {.after = "0003-payments",
     .rows = R"(
insert into transactions values
  (7, 't1', 'p1', null, 'debit', 'captured', 1, 1, 500, 'EUR', 1, 'CB', 'c1', '4970', 2030, 1, 'A B', 0, null, 1767052800000,
   null, null, 'ref', null, null, null, '00', 'auth', null, null, 0, '', 1767052800000);
insert into operations values
  (7, 't1', 'o1', 1767052800000, 'SHOP', 'create', 'initiated', 'initiated', 500, 'EUR', 'born; ''quoted'''),
  (7, 't1', 'o2', 1767225599999, 'BATCH', 'approve', 'authorising', 'authorised', 500, 'EUR', 'the last of the year'),
  (7, 't1', 'o3', 1767225600000, 'BATCH', 'capture', 'authorised', 'captured', 500, 'EUR', 'the first of the year');
insert into postings values
  (7, 't1', 'o2', 'buyer', -500, 'EUR', 1767225599999), (7, 't1', 'o2', 'held', 500, 'EUR', 1767225599999),
  (7, 't1', 'o3', 'held', -500, 'EUR', 1767225600000), (7, 't1', 'o3', 'receivable', 500, 'EUR', 1767225600000);
insert into authentications values
  (7, 'a1', 'p1', 't1', 's1', 'ended', '2.2.0', 'browser', 'result', 0, 'https://acs.example', 1767052800000),
  (8, 'a2', 'p2', 't2', 's2', 'method', '2.1.0', '', '', 1, '', 1767052800001);
)",
     .found_by =
         {"select shop_id || '|' || transaction_id || '|' || operation_id || '|' || at || '|' || event "
          "|| '|' ||"
          " state_before || '|' || state_after || '|' || amount || '|' || currency || '|' || detail"
          " from operations order by operation_id",
          "select shop_id || '|' || transaction_id || '|' || operation_id || '|' || account || '|' || amount || '|' ||"
          " currency || '|' || at from postings order by operation_id, account",
          "select shop_id || '|' || authentication_id || '|' || payment_id || '|' || transaction_id || '|' ||"
          " server_transaction_id || '|' || state || '|' || version || '|' || browser || '|' || result || '|' ||"
          " mandated || '|' || challenge || '|' || created_at from authentications order by authentication_id"}},
    {.after = "0004-messages",
     .rows = R"(
insert into deliveries values
  (7, 'd1', 't1', 'end_of_payment', 'PAY', 'url', 1, 'https://shop.example', 0, 500, 12, 'no', 1767225599999),
  (7, 'd2', 't1', 'end_of_payment', 'RETRY', 'url', 2, 'https://shop.example', 1, 200, 34, 'yes', 1767225600000);
insert into outbox values
  ('x1', 7, 'notification', 't1', 'payload; ''quoted''', 3, 1767225600000, 1767052800000),
  ('x2', 8, 'mail', 's2', '', 0, 1767225600001, 1767052800001);
insert into request_traces values
  ('r1', 7, 1767052800000, 'vads', '09', 'vads_amount', 'detail'), ('r2', null, 1767052800001, 'vads', '', '', '');
)",
     .found_by = {"select shop_id || '|' || delivery_id || '|' || transaction_id || '|' || rule || '|' ||"
                  " channel || '|' || attempt || '|' || target || '|' || succeeded || '|' || http_status || '|' ||"
                  " duration_ms || '|' || response || '|' || at from deliveries order by delivery_id",
                  "select shop_id || '|' || outbox_id || '|' || topic || '|' || subject_id || '|' || payload || '|' ||"
                  " attempts || '|' || due_at || '|' || created_at from outbox order by outbox_id",
                  "select coalesce(shop_id, 0) || '|' || trace_id || '|' || at || '|' || error_code || '|' ||"
                  " field || '|' || detail from request_traces order by trace_id"}},
    {.after = "0012-card-refusals",
     .rows = R"(
insert into card_refusals values
  (7, 'f1', 1767052800000, 'card', 'address', 'range'), (7, 'f2', 1767052800001, 'card', 'address', 'range');
)",
     .found_by =
         {"select shop_id || '|' || refusal_id || '|' || at || '|' || card || '|' || address || '|' || card_range"
          " from card_refusals order by refusal_id"}},
    {.after = "0014-notices",
     .rows = "insert into notices values (7, 'line', 1767052800000), (8, 'line', 1767052800001);",
     .found_by = {"select shop_id || '|' || kind || '|' || sent_at from notices order by shop_id"}},
};

/// The files of the first `count` migrations.
std::vector<EmbeddedFile> first_files(std::size_t count) {
  std::vector<EmbeddedFile> files;
  for (const EmbeddedFile& file : embedded::migrations()) {
    const auto number = base::parse_int<std::size_t>(file.path.substr(0, 4));
    if (number && *number <= count) files.push_back(file);
  }
  return files;
}

class OwnMigrations : public ::testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    place_ = testing::TemporaryDatabase::make(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    auto opened = impl::ScriptConnection::open(place_->url());
    ASSERT_TRUE(opened) << opened.error().detail;
    connection_ = *std::move(opened);
  }
  std::vector<std::string> lines(const std::string& query) {
    const auto rows = connection_->query(query);
    if (!rows) throw std::runtime_error(rows.error().detail);
    std::vector<std::string> out;
    for (const Row& row : *rows) out.push_back(row.text(0));
    return out;
  }
  void migrate_all_with_data() {
    const auto migrations = impl::read_migrations(embedded::migrations());
    ASSERT_TRUE(migrations) << migrations.error().detail;
    std::map<std::string, std::vector<std::string>> kept;
    for (std::size_t i = 0; i < migrations->size(); ++i) {
      const std::string label = (*migrations)[i].label();
      const auto done = impl::migrate(place_->options(), kNow, first_files(i + 1));
      ASSERT_TRUE(done) << done.error().detail;
      for (const auto& [query, rows] : kept) EXPECT_EQ(lines(query), rows) << "after " << label;
      for (const Data& data : kData) {
        if (data.after != label) continue;
        place_->execute(data.rows);
        for (const std::string query : data.found_by) kept[query] = lines(query);
      }
    }
    ASSERT_EQ(kept.size(), 12U) << "a migration that has data got another name";
    for (const auto& [query, rows] : kept) EXPECT_GE(rows.size(), 2U) << query;
  }

  std::unique_ptr<testing::TemporaryDatabase> place_;
  std::unique_ptr<impl::ScriptConnection> connection_;
};
INSTANTIATE_TEST_SUITE_P(Engines, OwnMigrations, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

TEST_P(OwnMigrations, KeepEveryRow) { migrate_all_with_data(); }

TEST_P(OwnMigrations, GivePaymentsTheKeyOfTheirAddress) {
  const auto migrations = impl::read_migrations(embedded::migrations());
  ASSERT_TRUE(migrations) << migrations.error().detail;
  const auto search = std::ranges::find_if(
      *migrations, [](const auto& migration) { return migration.label().ends_with("-payment-search"); });
  ASSERT_NE(search, migrations->end());
  ASSERT_TRUE(
      impl::migrate(place_->options(), kNow, first_files(static_cast<std::size_t>(search - migrations->begin()))));
  const std::pair<const char*, const char*> rows[] = {{"p1", "email=Jeanne.Buyer%40Shop.Example&first_name=email%3Dx"},
                                                      {"p2", "email=a%2Bb%40x.example"},
                                                      {"p3", "first_name=Jeanne&phone=email"},
                                                      {"p4", ""}};
  for (const auto& [id, buyer] : rows) {
    place_->execute(
        "insert into payments (shop_id, payment_id, mode, protocol, source, reference, amount, currency, plan,"
        " language, capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields,"
        " request_hash, notification_url, attempts, attempts_max, created_at, expires_at) values (7, '" +
        std::string(id) + "', 'TEST', 'vads', 'EC', '', 1, 'EUR', '', 'fr', 0, 0, '', '', '" + buyer +
        "', '', '', '', 0, 3, 1, 2)");
  }
  ASSERT_TRUE(migrate(place_->options(), kNow));
  EXPECT_EQ(lines("select payment_id || ' ' || email_key from payments order by payment_id"),
            (std::vector<std::string>{"p1 jeanne.buyer%40shop.example", "p2 a%2bb%40x.example", "p3 ", "p4 "}));
}

TEST_P(OwnMigrations, GiveTheBuyerColumns) {
  const auto migrations = impl::read_migrations(embedded::migrations());
  ASSERT_TRUE(migrations) << migrations.error().detail;
  const auto buyers = std::ranges::find_if(
      *migrations, [](const auto& migration) { return migration.label().ends_with("-buyer-columns"); });
  ASSERT_NE(buyers, migrations->end());
  ASSERT_TRUE(
      impl::migrate(place_->options(), kNow, first_files(static_cast<std::size_t>(buyers - migrations->begin()))));
  const std::string all(
      "email=j%40x.example&first_name=Ren%C3%A9e&last_name=O%27%E2%82%AC%20%F0%9F%9B%92%20%26%3D%25%2B&phone=1"
      "&cell_phone=2&address=12%20rue%20Haute&zip=3&city=4&country=FR&reference=~-._&shipping_address=5"
      "&shipping_address_2=6&shipping_zip=7&shipping_city=8&shipping_country=CH&address_country=DE");
  const std::pair<std::string, std::string> rows[] = {
      {"p1", all}, {"p2", ""}, {"p3", "phone=%2B33&shipping_zip=%E6%97%A5%E6%9C%AC"}};
  for (const auto& [id, buyer] : rows) {
    place_->execute(
        "insert into payments (shop_id, payment_id, mode, protocol, source, reference, amount, currency, plan,"
        " language, capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields,"
        " request_hash, notification_url, attempts, attempts_max, created_at, expires_at) values (7, '" +
        id + "', 'TEST', 'vads', 'EC', '', 1, 'EUR', '', 'fr', 0, 0, '', '', '" + buyer + "', '', '', '', 0, 3, 1, 2)");
  }
  const auto done = migrate(place_->options(), kNow);
  ASSERT_TRUE(done) << done.error().detail;
  std::string columns;
  for (const std::string_view name : {"email", "first_name", "last_name", "phone", "cell_phone", "address", "zip",
                                      "city", "country", "reference", "shipping_address", "shipping_address_2",
                                      "shipping_zip", "shipping_city", "shipping_country", "address_country"}) {
    columns += " || '|' || buyer_" + std::string(name);
  }
  EXPECT_EQ(lines("select payment_id" + columns + " from payments order by payment_id"),
            (std::vector<std::string>{"p1|j@x.example|Renée|O'€ 🛒 &=%+|1|2|12 rue Haute|3|4|FR|~-._|5|6|7|8|CH|DE",
                                      "p2||||||||||||||||", "p3||||+33|||||||||日本|||"}));
}

TEST_P(OwnMigrations, GivePaymentsAndTransactionsTheWordsOfOurs) {
  const auto migrations = impl::read_migrations(embedded::migrations());
  ASSERT_TRUE(migrations) << migrations.error().detail;
  const auto causes =
      std::ranges::find_if(*migrations, [](const auto& migration) { return migration.label().ends_with("-causes"); });
  ASSERT_NE(causes, migrations->end());
  ASSERT_TRUE(
      impl::migrate(place_->options(), kNow, first_files(static_cast<std::size_t>(causes - migrations->begin()))));
  for (const std::string values : {"7, 'p1', 'vads', '067925', 20802", "8, 'p2', 'vads', '067925', 20802",
                                   "7, 'p3', 'vads', 'XRT15P', -1", "7, 'p4', 'other', null, null"}) {
    place_->execute(
        "insert into payments (shop_id, payment_id, protocol, trans_id, trans_day, mode, source, reference, amount,"
        " currency, plan, language, capture_delay_days, manual_validation, challenge_preference, methods, buyer,"
        " protocol_fields, request_hash, notification_url, attempts, attempts_max, created_at, expires_at) values (" +
        values + ", 'TEST', 'EC', '', 1, 'EUR', '', 'fr', 0, 0, '', '', '', '', '', '', 0, 3, 1, 2)");
  }
  int number = 0;
  for (const std::string error : {"null", "36", "39", "101", "149", "207", "208", "222"}) {
    place_->execute(
        "insert into transactions (shop_id, transaction_id, payment_id, kind, state, sequence, attempt, amount, "
        "currency,"
        " contract_id, method, card_id, card_masked, expiry_year, expiry_month, card_holder, manual_validation,"
        " capture_at, reference, response_code, authorisation_code, verification, authentication, created_at,"
        " payment_error) values (7, 't" +
        std::to_string(number++) +
        "', 'p1', 'debit', 'refused', 1, 1, 1, 'EUR', 1, '', '', '', 0, 0, '', 0, 1, '', '', '', 0, '', 1, " + error +
        ")");
  }
  const auto done = migrate(place_->options(), kNow);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(lines("select payment_id || ' ' || coalesce(protocol_key, '-') from payments order by payment_id"),
            (std::vector<std::string>{"p1 067925/2026-12-15", "p2 067925/2026-12-15", "p3 XRT15P/1969-12-31", "p4 -"}));
  EXPECT_EQ(lines("select coalesce(cause, '-') from transactions order by transaction_id"),
            (std::vector<std::string>{"-", "blocked_card", "authentication_failed", "first_instalment_refused",
                                      "session_expired", "authentication_rejected", "authentication_impossible",
                                      "authentication_cancelled"}));
}

TEST_P(OwnMigrations, KeepKeysAndTracesOfFormsUnderTheirNewNames) {
  const auto migrations = impl::read_migrations(embedded::migrations());
  ASSERT_TRUE(migrations) << migrations.error().detail;
  const auto traces = std::ranges::find_if(
      *migrations, [](const auto& migration) { return migration.label().ends_with("-trace-keys"); });
  ASSERT_NE(traces, migrations->end());
  ASSERT_TRUE(impl::migrate(place_->options(), kNow, first_files(1)));
  place_->execute(kData[0].rows);
  ASSERT_TRUE(
      impl::migrate(place_->options(), kNow, first_files(static_cast<std::size_t>(traces - migrations->begin()))));
  const std::string sealed = GetParam() == Engine::sqlite ? "x'3132'" : "'\\x3132'";
  for (const std::string mode : {"TEST", "PRODUCTION"}) {
    place_->execute("insert into form_keys values (7, '" + mode + "', " + sealed + ", 1767052800000)");
  }
  place_->execute(
      "insert into request_traces (shop_id, trace_id, at, source, error_code, field, detail, trans_id)"
      " values (7, 'r1', 1, 'vads', '09', '', '', '067925')");
  const auto done = migrate(place_->options(), kNow);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(lines("select protocol || ' ' || protocol_key from request_traces"),
            std::vector<std::string>{"vads 067925"});
  EXPECT_EQ(lines("select shop_id || ' ' || purpose || ' ' || mode || ' ' || length(sealed_key) || ' ' || created_at"
                  " from shop_keys order by mode"),
            (std::vector<std::string>{"7 form PRODUCTION 2 1767052800000", "7 form TEST 2 1767052800000"}));
}

TEST_P(OwnMigrations, SayInWordsOfOursWhoActedAndWhyAShopWasCalled) {
  const auto migrations = impl::read_migrations(embedded::migrations());
  ASSERT_TRUE(migrations) << migrations.error().detail;
  const auto words = std::ranges::find_if(
      *migrations, [](const auto& migration) { return migration.label().ends_with("-who-and-why"); });
  ASSERT_NE(words, migrations->end());
  ASSERT_TRUE(impl::migrate(place_->options(), kNow, first_files(1)));
  place_->execute(kData[0].rows);
  ASSERT_TRUE(
      impl::migrate(place_->options(), kNow, first_files(static_cast<std::size_t>(words - migrations->begin()))));
  int number = 0;
  for (const std::string actor : {"BUYER", "E_COMMERCE", "BATCH", "OPERATOR:root", "jeanne@shop.example"}) {
    place_->execute("insert into operations values (7, 't1', 'o" + std::to_string(number++) + "', 1767052800000, '" +
                    actor + "', 'create', 'initiated', 'initiated', 500, 'EUR', '')");
  }
  place_->execute("insert into blocked_cards values (7, 'h', '', 'OPERATOR:0', 1)");
  for (const std::string source : {"PAY", "RETRY", "BO", "MERCH_BO"}) {
    place_->execute(
        "insert into deliveries (shop_id, delivery_id, transaction_id, rule, source, channel, attempt, target,"
        " succeeded, http_status, duration_ms, response, at) values (7, '" +
        source + "', 't1', 'end_of_payment', '" + source + "', 'url', 1, '', 1, 200, 1, '', 1767052800000)");
    place_->execute(
        "insert into outbox (outbox_id, shop_id, topic, subject_id, payload, attempts, due_at, created_at)"
        " values ('" +
        source + "', 7, 'notification', 't1', 'rule=end_of_payment&source=" + source +
        (source == "RETRY" ? "" : "&replay=2") + "', 0, 1, 1)");
  }
  place_->execute("update outbox set payload = 'rule=batch_change&source=BATCH_AUTO' where outbox_id = 'RETRY'");
  const auto done = migrate(place_->options(), kNow);
  ASSERT_TRUE(done) << done.error().detail;
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lines("select actor from operations order by operation_id"),
            (Lines{"buyer", "shop", "job", "operator:root", "user:jeanne@shop.example"}));
  EXPECT_EQ(lines("select actor from blocked_cards order by fingerprint"), (Lines{"shop", "shop", "operator:0"}));
  EXPECT_EQ(lines("select delivery_id || ' ' || telling from deliveries order by delivery_id"),
            (Lines{"BO by_hand", "MERCH_BO first", "PAY first", "RETRY again"}));
  EXPECT_EQ(lines("select payload from outbox order by outbox_id"),
            (Lines{"rule=end_of_payment&replay=2", "rule=end_of_payment&replay=2", "rule=end_of_payment&replay=2",
                   "rule=batch_change"}));
}

class OwnPartitions : public OwnMigrations {};
INSTANTIATE_TEST_SUITE_P(Engines, OwnPartitions, ::testing::Values(Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

TEST_P(OwnPartitions, TakeTheRowsOfTheirMonth) {
  migrate_all_with_data();
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lines("select tableoid::regclass::text || ' ' || operation_id from operations order by operation_id"),
            (Lines{"operations_2025_12 o1", "operations_2025_12 o2", "operations_2026_01 o3"}));
  EXPECT_EQ(lines("select tableoid::regclass::text || ' ' || count(*) from postings group by tableoid order by 1"),
            (Lines{"postings_2025_12 2", "postings_2026_01 2"}));
  EXPECT_EQ(lines("select tableoid::regclass::text || ' ' || delivery_id from deliveries order by delivery_id"),
            (Lines{"deliveries_2025_12 d1", "deliveries_2026_01 d2"}));
}

}  // namespace
}  // namespace acquit::db
