// What the tests of merchants share: an empty database on either engine, and a shop to write into it.
#pragma once

#include <gtest/gtest.h>

#include "base/executor.h"
#include "base/manual_clock.h"
#include "db/testing/temporary_database.h"
#include "merchants/merchant_store.h"

namespace acquit::merchants {

inline constexpr base::ShopId kShop{69876357};
inline constexpr base::ShopId kOtherShop{87654321};

inline Contract contract(std::int64_t id, std::string method, std::string_view currency, std::int64_t rank) {
  return {.id = id,
          .method = std::move(method),
          .currency = *base::Currency::from_code(currency),
          .merchant_number = "1234567",
          .terminal_id = "002",
          .acquirer = "bank",
          .acquirer_id = "12345678901",
          .rank = rank,
          .amount_min = 100,
          .amount_max = 99'999'999'999,
          .capture_hour = 23,
          .active = true};
}

inline ShopConfig sample(base::ShopId id) {
  return {.shop = {.id = id,
                   .group_id = id.value(),
                   .name = "Épicerie d'Été",
                   .url = "https://shop.example",
                   .contact_email = "contact@shop.example",
                   .language = "fr",
                   .available_languages = "fr;de",
                   .timezone = "Europe/Zurich",
                   .country = "CH",
                   .category_code = "5411",
                   .active = true,
                   .algorithm = SignatureAlgorithm::sha1,
                   .capture_delay_days = 3,
                   .manual_validation = true,
                   .return_mode = "POST",
                   .silent_allowed = true,
                   .frictionless_option = false,
                   .deferred_option = true,
                   .order_id_required = true,
                   .frame_ancestors = "https://a.example https://b.example",
                   .buyer_ticket = true,
                   .merchant_mail = "sales@shop.example",
                   .pay_unauthenticated = true,
                   .refuse_relabelled = false},
          .keys = both_keys("form", base::SecretKey("1122334455667788"), base::SecretKey("8877665544332211")),
          .contracts = {contract(1, "VISA", "EUR", 2), contract(2, "CB", "EUR", 1), contract(3, "CB", "CHF", 3)},
          .rules = {{.rule = Rule::end_of_payment,
                     .enabled = true,
                     .url_test = "https://shop.example/test",
                     .url_production = "https://shop.example/ipn",
                     .alert_addresses = "a@shop.example;b@shop.example",
                     .automatic_replay = true},
                    {.rule = Rule::cancellation,
                     .enabled = false,
                     .url_test = "",
                     .url_production = "",
                     .alert_addresses = "",
                     .automatic_replay = false}}};
}

class MerchantsFixture : public testing::TestWithParam<db::Engine> {
 protected:
  void SetUp() override {
    place_ = db::testing::TemporaryDatabase::make_migrated(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    database_ = db::Database::open(place_->options(), executor_).value();
    vault_ =
        base::sync_wait(platform::Vault::load(*database_, {.key = base::SecretKey(std::string(32, 'k')), .id = "k"},
                                              clock_, random_))
            .value();
    store_.emplace(*vault_, clock_);
  }
  template <class F>
  auto write(F work) {
    return base::sync_wait(database_->write(db::LaneKey{}, work));
  }
  base::Result<void> add(const ShopConfig& config) {
    return write([&](db::Tx& tx) {
      return store_->add_shop(tx, {.id = 1, .name = "Company"},
                              {.id = config.shop.group_id, .company_id = 1, .name = "Group"}, config);
    });
  }
  std::optional<ShopConfig> find(base::ShopId shop) {
    return base::sync_wait(database_->read([&](db::ReadTx& tx) { return store_->find_config(tx, shop); })).value();
  }
  std::optional<std::string> block(base::ShopId shop, std::string_view fingerprint) {
    return base::sync_wait(
               database_->read([&](db::ReadTx& tx) { return store_->ask_block(tx, shop, fingerprint).reason(); }))
        .value();
  }

  base::InlineExecutor executor_;
  base::ManualClock clock_;
  base::SeededRandom random_{11};
  std::unique_ptr<db::testing::TemporaryDatabase> place_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<platform::Vault> vault_;
  std::optional<MerchantStore> store_;
};

}  // namespace acquit::merchants
