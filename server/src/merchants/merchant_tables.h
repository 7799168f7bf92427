// The rows of shops and of what belongs to them.
#pragma once

#include "db/table.h"
#include "merchants/merchant_store.h"

namespace acquit::merchants {

struct StoredShop {
  Shop shop;
  base::Time created_at;
};
struct StoredContract {
  base::ShopId shop{0};
  Contract contract;
};
struct StoredRule {
  base::ShopId shop{0};
  NotificationRule rule;
};

[[nodiscard]] inline StoredContract empty_contract() {
  return {.contract = {.method = {},
                       .currency = *base::Currency::from_code("EUR"),
                       .merchant_number = {},
                       .terminal_id = {},
                       .acquirer = {},
                       .acquirer_id = {}}};
}
/// What is not the old algorithm is the new one.
[[nodiscard]] inline SignatureAlgorithm stored_algorithm(std::string_view text) {
  return parse_signature_algorithm(text).value_or(SignatureAlgorithm::hmac_sha256);
}

inline constexpr db::Table kCompanyTable("companies", db::column<&Company::id>("company_id").key(),
                                         db::column<&Company::name>("name"));
inline constexpr db::Table kGroupTable("shop_groups", db::column<&Group::id>("group_id").key(),
                                       db::column<&Group::company_id>("company_id"), db::column<&Group::name>("name"));
inline constexpr db::Table kShopTable(
    "shops", db::column<&StoredShop::shop, &Shop::id>("shop_id").key(),
    db::column<&StoredShop::shop, &Shop::group_id>("group_id"), db::column<&StoredShop::shop, &Shop::name>("name"),
    db::column<&StoredShop::shop, &Shop::url>("url").changing(),
    db::column<&StoredShop::shop, &Shop::contact_email>("contact_email"),
    db::column<&StoredShop::shop, &Shop::language>("language"),
    db::column<&StoredShop::shop, &Shop::available_languages>("available_languages"),
    db::column<&StoredShop::shop, &Shop::timezone>("timezone"),
    db::column<&StoredShop::shop, &Shop::country>("country"),
    db::column<&StoredShop::shop, &Shop::category_code>("category_code"),
    db::column<&StoredShop::shop, &Shop::active>("active"),
    db::text_column<stored_algorithm, &StoredShop::shop, &Shop::algorithm>("signature_algorithm"),
    db::column<&StoredShop::shop, &Shop::capture_delay_days>("capture_delay_days"),
    db::column<&StoredShop::shop, &Shop::manual_validation>("manual_validation"),
    db::column<&StoredShop::shop, &Shop::return_mode>("return_mode"),
    db::column<&StoredShop::shop, &Shop::silent_allowed>("silent_allowed"),
    db::column<&StoredShop::shop, &Shop::frictionless_option>("frictionless_option"),
    db::column<&StoredShop::shop, &Shop::deferred_option>("deferred_option"),
    db::column<&StoredShop::shop, &Shop::order_id_required>("order_id_required"),
    db::column<&StoredShop::shop, &Shop::frame_ancestors>("frame_ancestors").changing(),
    db::column<&StoredShop::shop, &Shop::buyer_ticket>("buyer_ticket"),
    db::column<&StoredShop::shop, &Shop::merchant_mail>("merchant_mail"),
    db::column<&StoredShop::shop, &Shop::pay_unauthenticated>("pay_unauthenticated"),
    db::column<&StoredShop::shop, &Shop::refuse_relabelled>("refuse_relabelled"),
    db::column<&StoredShop::created_at>("created_at"));
inline constexpr db::Table kContractTable(
    "contracts", &empty_contract, db::column<&StoredContract::shop>("shop_id").key(),
    db::column<&StoredContract::contract, &Contract::id>("contract_id").key(),
    db::column<&StoredContract::contract, &Contract::method>("method"),
    db::column<&StoredContract::contract, &Contract::currency>("currency"),
    db::column<&StoredContract::contract, &Contract::merchant_number>("merchant_number"),
    db::column<&StoredContract::contract, &Contract::terminal_id>("terminal_id"),
    db::column<&StoredContract::contract, &Contract::acquirer>("acquirer"),
    db::column<&StoredContract::contract, &Contract::acquirer_id>("acquirer_id"),
    db::column<&StoredContract::contract, &Contract::rank>("rank"),
    db::column<&StoredContract::contract, &Contract::amount_min>("amount_min"),
    db::column<&StoredContract::contract, &Contract::amount_max>("amount_max"),
    db::column<&StoredContract::contract, &Contract::capture_hour>("capture_hour"),
    db::column<&StoredContract::contract, &Contract::active>("active").changing());
inline constexpr db::Table kRuleTable(
    "notification_rules", db::column<&StoredRule::shop>("shop_id").key(),
    db::text_column<parse_rule, &StoredRule::rule, &NotificationRule::rule>("rule").key(),
    db::column<&StoredRule::rule, &NotificationRule::enabled>("enabled").changing(),
    db::column<&StoredRule::rule, &NotificationRule::url_test>("url_test").changing(),
    db::column<&StoredRule::rule, &NotificationRule::url_production>("url_production").changing(),
    db::column<&StoredRule::rule, &NotificationRule::alert_addresses>("alert_addresses").changing(),
    db::column<&StoredRule::rule, &NotificationRule::automatic_replay>("automatic_replay").changing());

}  // namespace acquit::merchants
