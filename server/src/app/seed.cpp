#include "app/seed.h"

#include <array>
#include <string>
#include <utility>

#include "app/storage.h"
#include "base/clock.h"
#include "base/random.h"
#include "merchants/create_shop.h"
#include "merchants/field_rules.h"
#include "net/loop.h"
#include "protocols/vads/signature.h"

namespace acquit::app {
namespace {

using merchants::NotificationRule;
using merchants::Rule;

constexpr base::ShopId kDemoShop{69876357};
constexpr base::ShopId kOtherShop{87654321};
const std::string kAcquirer = "acquirer";

constexpr std::array<std::string_view, 5> kCurrencies{"EUR", "CHF", "USD", "JPY", "TND"};

std::vector<merchants::Contract> contracts(const std::string& merchant_number) {
  std::vector<merchants::Contract> out;
  for (const std::string_view currency : kCurrencies) {
    for (std::size_t i = 0; i < merchants::kMethods.size(); ++i) {
      out.push_back({.id = static_cast<std::int64_t>(out.size()) + 1,
                     .method = std::string(merchants::kMethods[i]),
                     .currency = *base::Currency::from_code(currency),
                     .merchant_number = merchant_number,
                     .terminal_id = "001",
                     .acquirer = kAcquirer,
                     .acquirer_id = "12345678901",
                     .rank = static_cast<std::int64_t>(i) + 1,
                     .amount_min = 1,
                     .amount_max = merchants::kAmountBounds.max,
                     .capture_hour = 22,
                     .active = true});
    }
  }
  return out;
}

// The six rules of a new shop (lyra.md §2.1): only the first is enabled.
std::vector<NotificationRule> rules(const std::string& url, const std::string& alerts) {
  std::vector<NotificationRule> out;
  for (const Rule rule : merchants::kAllRules) {
    out.push_back({.rule = rule,
                   .enabled = rule == Rule::end_of_payment,
                   .url_test = url,
                   .url_production = url,
                   .alert_addresses = alerts,
                   .automatic_replay = true});
  }
  return out;
}

merchants::ShopConfig demo_shop(const SeedAddresses& addresses) {
  return {.shop = {.id = kDemoShop,
                   .group_id = 1,
                   .name = "Boutique de démonstration",
                   .url = addresses.sandbox_url + "/shop",
                   .contact_email = "contact@boutique.example",
                   .language = "fr",
                   .available_languages = "",
                   .timezone = "Europe/Paris",
                   .country = "FR",
                   .category_code = "5999",
                   .active = true,
                   .algorithm = merchants::SignatureAlgorithm::hmac_sha256,
                   .capture_delay_days = 0,
                   .manual_validation = false,
                   .return_mode = "GET",
                   .silent_allowed = true,
                   .frictionless_option = true,
                   .deferred_option = true,
                   .order_id_required = false,
                   .frame_ancestors = addresses.sandbox_url,
                   .buyer_ticket = true,
                   .merchant_mail = "ventes@boutique.example"},
          .keys = merchants::both_keys(vads::kFormKey, base::SecretKey("1122334455667788"),
                                       base::SecretKey("8877665544332211")),
          .contracts = contracts("1234567"),
          .rules = rules(addresses.sandbox_url + "/shop/notification", "alertes@boutique.example")};
}

merchants::ShopConfig other_shop() {
  merchants::ShopConfig shop = demo_shop({.sandbox_url = "https://autre.example"});
  shop.shop.id = kOtherShop;
  shop.shop.group_id = 2;
  shop.shop.name = "Une autre boutique";
  shop.shop.silent_allowed = false;
  shop.shop.frame_ancestors = "";
  shop.shop.contact_email = "contact@autre.example";
  shop.shop.merchant_mail = "";
  shop.keys =
      merchants::both_keys(vads::kFormKey, base::SecretKey("2211443366558877"), base::SecretKey("7788556633441122"));
  shop.contracts = contracts("7654321");
  shop.rules = rules("", "");
  return shop;
}

}  // namespace

base::Result<void> seed_demo(const platform::Config& config, const SeedAddresses& addresses) {
  const base::OsClock clock;
  base::OsRandom random;
  net::Loop loop(1);
  loop.run_in_background();
  ACQUIT_TRY(const auto storage, Storage::open(config, loop, clock, random));
  const merchants::MerchantStore& store = *storage->merchant_store;
  return base::sync_wait(storage->database->write(db::LaneKey{}, [&](db::Tx& tx) -> base::Result<void> {
    const merchants::ShopConfig demo = demo_shop(addresses);
    ACQUIT_TRY(const auto found, store.find_config(tx, kDemoShop));
    if (!found) {
      ACQUIT_CHECK(merchants::create_shop(tx, store,
                                          {.company = {.id = 1, .name = "Société de démonstration"},
                                           .group = {.id = 1, .company_id = 1, .name = "Groupe de démonstration"},
                                           .config = demo},
                                          kAcquirer));
      return merchants::create_shop(tx, store,
                                    {.company = {.id = 2, .name = "Une autre société"},
                                     .group = {.id = 2, .company_id = 2, .name = "Un autre groupe"},
                                     .config = other_shop()},
                                    kAcquirer);
    }
    ACQUIT_CHECK(store.update_addresses(tx, kDemoShop, demo.shop.url, demo.shop.frame_ancestors));
    for (const NotificationRule& rule : found->rules) {
      NotificationRule moved = rule;
      moved.url_test = moved.url_production = addresses.sandbox_url + "/shop/notification";
      ACQUIT_CHECK(store.update_rule(tx, kDemoShop, moved));
    }
    return {};
  }));
}

}  // namespace acquit::app
