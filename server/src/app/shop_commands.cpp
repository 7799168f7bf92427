#include "app/shop_commands.h"

#include <fstream>
#include <iterator>

#include "app/shop_file.h"
#include "app/which.h"

namespace acquit::app {
namespace {

using base::ErrorCode;

base::Result<std::string> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.is_open() && !stream.bad()) return text;
  return base::fail(ErrorCode::configuration_invalid, "it can't be read", "--file");
}

base::Result<void> write(const payments::Context& context, db::Tx& tx, const NewShop& made) {
  const base::ShopId shop = made.config.shop.id;
  ACQUIT_TRY(const auto there, context.merchant_store.find_config(tx, shop));
  if (there) {
    return base::fail(ErrorCode::already_exists,
                      "shop.id: there is a shop " + base::to_string(shop) + " already: " + there->shop.name);
  }
  ACQUIT_TRY(const auto company, context.merchant_store.find_company(tx, made.company.id));
  if (company && company->name != made.company.name) {
    return base::fail(ErrorCode::already_exists,
                      "company.name: company " + std::to_string(company->id) + " is there already as " + company->name);
  }
  ACQUIT_TRY(const auto group, context.merchant_store.find_group(tx, made.group.id));
  if (group && group->company_id != made.company.id) {
    return base::fail(ErrorCode::already_exists, "group.id: group " + std::to_string(group->id) + " (" + group->name +
                                                     ") belongs to company " + std::to_string(group->company_id));
  }
  if (group && group->name != made.group.name) {
    return base::fail(ErrorCode::already_exists,
                      "group.name: group " + std::to_string(group->id) + " is there already as " + group->name);
  }
  return context.merchant_store.add_shop(tx, made.company, made.group, made.config);
}

std::string made_keys(const NewShop& made) {
  const merchants::ShopConfig& config = made.config;
  std::string out;
  if (made.made_key_test) out += "form key TEST: " + std::string(config.form_key_test.reveal()) + "\n";
  if (made.made_key_production) {
    out += "form key PRODUCTION: " + std::string(config.form_key_production.reveal()) + "\n";
  }
  if (made.made_key_test || made.made_key_production) out += "Keep the keys now: they are not shown again.\n";
  return out;
}

std::string answer(const NewShop& made) {
  const merchants::ShopConfig& config = made.config;
  return "shop " + base::to_string(config.shop.id) + " (" + config.shop.name + ") is there, with " +
         std::to_string(config.contracts.size()) + " contracts\n" + made_keys(made);
}

// The shop may be there all the same, and then nothing else shows its keys.
base::Error with_keys(base::Error error, const NewShop& made) {
  if (error.consequence() != base::Consequence::perhaps_done) return error;
  const std::string keys = made_keys(made);
  error.detail += "; the same command again says whether the shop is there\n" + keys;
  return error;
}

}  // namespace

base::Result<std::string> add_shop(Desk& desk, const std::string& file) {
  const payments::Context& context = desk.context();
  const auto named = [&](base::Error error) {
    // One line a fault; each says which file.
    std::string all = file + ": ";
    for (const char c : error.detail) all += c == '\n' ? "\n" + file + ": " : std::string(1, c);
    error.detail = std::move(all);
    return std::unexpected(std::move(error));
  };
  const auto text = read_file(file);
  if (!text) return named(text.error());
  const auto made = parse_shop_file(*text, desk.acquirer(), context.random);
  if (!made) return named(made.error());
  const auto written = base::sync_wait(context.database.write(payments::Context::lane(made->config.shop.id),
                                                              [&](db::Tx& tx) { return write(context, tx, *made); }));
  if (!written) return std::unexpected(with_keys(named(written.error()).error(), *made));
  return answer(*made);
}

base::Result<std::string> close_contract(Desk& desk, const std::string& shop, std::int64_t contract) {
  ACQUIT_TRY(const base::ShopId id, parse_shop_option(shop));
  const payments::Context& context = desk.context();
  ACQUIT_TRY(const auto config, base::sync_wait(context.directory.find(id)));
  const merchants::Contract* const found = config->find_contract(contract);
  if (found == nullptr) {
    return base::fail(ErrorCode::not_found, "shop " + shop + " has no contract " + std::to_string(contract));
  }
  const std::string what = "contract " + std::to_string(contract) + " (" + found->method + ", " +
                           std::string(found->currency.code()) + ") of shop " + shop;
  ACQUIT_TRY(const bool closed, base::sync_wait(context.database.write(payments::Context::lane(id), [&](db::Tx& tx) {
               return context.merchant_store.close_contract(tx, id, contract);
             })));
  if (!closed) return base::fail(ErrorCode::wrong_state, what + " is closed already");
  return what + " takes no new payment; what was begun under it is finished\n";
}

}  // namespace acquit::app
