#include "app/shop_commands.h"

#include <fstream>
#include <iterator>

#include "app/payment_options.h"
#include "app/shop_file.h"
#include "protocols/vads/signature.h"

namespace acquit::app {
namespace {

using base::ErrorCode;

base::Result<std::string> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.is_open() && !stream.bad()) return text;
  return base::fail(ErrorCode::configuration_invalid, "it can't be read", "--file");
}

std::string made_keys(const ShopFile& made) {
  const merchants::ShopConfig& config = made.shop.config;
  std::string out;
  if (made.made_key_test)
    out += "form key TEST: " + std::string(vads::form_key(config, merchants::Mode::test).reveal()) + "\n";
  if (made.made_key_production) {
    out += "form key PRODUCTION: " + std::string(vads::form_key(config, merchants::Mode::production).reveal()) + "\n";
  }
  if (made.made_key_test || made.made_key_production) out += "Keep the keys now: they are not shown again.\n";
  return out;
}

std::string answer(const ShopFile& made) {
  const merchants::ShopConfig& config = made.shop.config;
  return "shop " + base::to_string(config.shop.id) + " (" + config.shop.name + ") is there, with " +
         std::to_string(config.contracts.size()) + " contracts\n" + made_keys(made);
}

// The shop may be there all the same, and then nothing else shows its keys.
base::Error with_keys(base::Error error, const ShopFile& made) {
  if (error.consequence() != base::Consequence::perhaps_done) return error;
  const std::string keys = made_keys(made);
  error.detail += "; the same command again says whether the shop is there\n" + keys;
  return error;
}

}  // namespace

base::Result<std::string> add_shop(Desk& desk, const std::string& file) {
  const payments::Services& services = desk.services();
  const auto named = [&](base::Error error) {
    // One line a fault; each says which file.
    std::string all = file + ": ";
    for (const char c : error.detail) all += c == '\n' ? "\n" + file + ": " : std::string(1, c);
    error.detail = std::move(all);
    return std::unexpected(std::move(error));
  };
  const auto text = read_file(file);
  if (!text) return named(text.error());
  const auto made = parse_shop_file(*text, desk.acquirer(), services.random);
  if (!made) return named(made.error());
  const auto written =
      base::sync_wait(services.database.write(payments::Services::lane(made->shop.config.shop.id), [&](db::Tx& tx) {
        return merchants::create_shop(tx, services.merchant_store, made->shop, desk.acquirer());
      }));
  if (!written) return std::unexpected(with_keys(named(written.error()).error(), *made));
  return answer(*made);
}

base::Result<std::string> close_contract(Desk& desk, const std::string& shop, std::int64_t contract) {
  ACQUIT_TRY(const base::ShopId id, parse_shop_option(shop));
  const payments::Services& services = desk.services();
  ACQUIT_TRY(const merchants::Contract closed,
             base::sync_wait(services.database.write(payments::Services::lane(id), [&](db::Tx& tx) {
               return merchants::close_contract(tx, services.merchant_store, id, contract);
             })));
  return "contract " + std::to_string(contract) + " (" + closed.method + ", " + std::string(closed.currency.code()) +
         ") of shop " + shop + " takes no new payment; what was begun under it is finished\n";
}

}  // namespace acquit::app
