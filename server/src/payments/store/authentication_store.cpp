#include "payments/store/authentication_store.h"

#include "base/card_numbers.h"
#include "base/form_fields.h"
#include "base/number.h"
#include "db/statement.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_payments(), "authentications." + std::string(name));
}
const db::Statement kInsert = statement("insert");
const db::Statement kFind = statement("find");
const db::Statement kFindByServerId = statement("find_by_server_id");
const db::Statement kUpdate = statement("update");

// Headers are free text too, and people paste into anything.
std::string to_text(const threeds::Browser& b) {
  return base::to_form({{"accept", base::mask_card_numbers(b.accept_header)},
                        {"ip", b.ip},
                        {"language", base::mask_card_numbers(b.language)},
                        {"agent", base::mask_card_numbers(b.user_agent)},
                        {"javascript", b.javascript ? "1" : "0"},
                        {"java", b.java ? "1" : "0"},
                        {"depth", std::to_string(b.color_depth)},
                        {"width", std::to_string(b.screen_width)},
                        {"height", std::to_string(b.screen_height)},
                        {"offset", std::to_string(b.utc_offset_minutes)}});
}

std::optional<threeds::Browser> parse_browser(std::string_view text) {
  const auto fields = base::parse_form(text);
  if (!fields || fields->size() != 10) return std::nullopt;
  const auto number = [&](std::size_t i) { return base::parse_int<int>((*fields)[i].second).value_or(0); };
  return threeds::Browser{.accept_header = (*fields)[0].second,
                          .ip = (*fields)[1].second,
                          .language = (*fields)[2].second,
                          .user_agent = (*fields)[3].second,
                          .javascript = number(4) == 1,
                          .java = number(5) == 1,
                          .color_depth = number(6),
                          .screen_width = number(7),
                          .screen_height = number(8),
                          .utc_offset_minutes = number(9)};
}

std::optional<AuthenticationState> parse_authentication_state(std::string_view text) {
  for (const auto state : {AuthenticationState::method, AuthenticationState::challenge, AuthenticationState::ended}) {
    if (to_string(state) == text) return state;
  }
  return std::nullopt;
}

base::Result<std::optional<Authentication>> convert(const base::Result<std::optional<db::Row>>& found) {
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  const db::Row& row = **found;
  const auto id = AuthenticationId::parse(row.text(1));
  const auto payment = PaymentId::parse(row.text(2));
  const auto transaction = TransactionId::parse(row.text(3));
  const auto state = parse_authentication_state(row.text(5));
  const auto version = threeds::parse_version(row.text(6));
  auto browser = parse_browser(row.text(7));
  if (!id || !payment || !transaction || !state || !version || !browser) {
    return base::fail(base::ErrorCode::internal, "the database holds an authentication that can't be read");
  }
  return Authentication{.shop = base::ShopId(row.integer(0)),
                        .id = *id,
                        .payment = *payment,
                        .transaction = *transaction,
                        .server_transaction_id = row.text(4),
                        .state = *state,
                        .version = *version,
                        .browser = *std::move(browser),
                        .result = parse_authentication_result(row.text(8)),
                        .mandated = row.boolean(9),
                        .acs_url = row.text(10)};
}

}  // namespace

std::string_view to_string(AuthenticationState state) {
  switch (state) {
    case AuthenticationState::method: return "method";
    case AuthenticationState::challenge: return "challenge";
    case AuthenticationState::ended: return "ended";
  }
  return "ended";
}

base::Result<void> AuthenticationStore::add(db::Tx& tx, const Authentication& a) const {
  return tx.run(kInsert, {a.shop.value(), a.id.hex(), a.payment.hex(), a.transaction.hex(), a.server_transaction_id,
                          to_string(a.state), threeds::to_string(a.version), to_text(a.browser), to_text(a.result),
                          a.mandated, a.acs_url, base::to_ms(clock_.now())});
}

base::Result<std::optional<Authentication>> AuthenticationStore::find(db::ReadTx& tx, base::ShopId shop,
                                                                      AuthenticationId id) const {
  return convert(tx.find(kFind, {shop.value(), id.hex()}));
}

AuthenticationStore::Finding AuthenticationStore::ask(db::ReadTx& tx, base::ShopId shop, AuthenticationId id) const {
  return Finding(tx.ask(kFind, {shop.value(), id.hex()}));
}

base::Result<std::optional<Authentication>> AuthenticationStore::Finding::found() { return convert(asked_.first()); }

base::Result<std::optional<Authentication>> AuthenticationStore::find_by_server_id(db::ReadTx& tx, base::ShopId shop,
                                                                                   std::string_view id) const {
  return convert(tx.find(kFindByServerId, {shop.value(), id}));
}

base::Result<void> AuthenticationStore::update(db::Tx& tx, const Authentication& a, AuthenticationState before) const {
  ACQUIT_TRY(const std::int64_t rows, tx.change(kUpdate, {a.shop.value(), a.id.hex(), to_string(before),
                                                          to_string(a.state), to_text(a.result), a.acs_url}));
  if (rows == 1) return {};
  return base::fail(base::ErrorCode::wrong_state, "the authentication went on meanwhile");
}

}  // namespace acquit::payments
