#include "payments/checkout/card_refusals.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/hex.h"
#include "base/log.h"
#include "db/statement.h"
#include "net/address.h"
#include "payments/nouns/cause.h"
#include "payments/nouns/test_cards.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

const db::Statement kAdd = db::load_statement(embedded::sql_payments(), "card_refusals.add");
const db::Statement kSince = db::load_statement(embedded::sql_payments(), "card_refusals.since");
const db::Statement kAddAcceptances = db::load_statement(embedded::sql_payments(), "card_acceptances.add");
const db::Statement kAcceptancesSince = db::load_statement(embedded::sql_payments(), "card_acceptances.since");

constexpr int kReadAtOnce = 5'000;
// Nodes' clocks differ a little, and a commit may be seen after one that was stamped later.
constexpr std::chrono::seconds kOverlap{30};
constexpr std::size_t kHashDigits = 32;
constexpr std::size_t kRangeDigits = 6;

merchants::Mode mode_of(const db::Row& row, std::size_t column) {
  return merchants::parse_mode(row.text(column)).value_or(merchants::Mode::production);
}

// Test cards in TEST are not.
bool is_limited(merchants::Mode mode, const base::Pan& pan) {
  return mode == merchants::Mode::production || !is_test_card(pan.reveal());
}

}  // namespace

bool is_refusal_of_the_card(const StepResult& result) {
  if (result.transaction.state != State::refused) return false;
  // The acquirer was not asked: the shop's list or the issuer's authentication said no. What was cancelled, and what
  // our own settings spoiled, says nothing of the card.
  if (!result.verdict) {
    const auto cause = result.transaction.cause;
    return cause == Cause::blocked_card || cause == Cause::authentication_failed ||
           cause == Cause::authentication_rejected;
  }
  switch (*result.verdict) {
    case connectors::Verdict::declined_final:
    case connectors::Verdict::declined_retry:
    case connectors::Verdict::soft_decline: return true;
    case connectors::Verdict::approved:
    case connectors::Verdict::approved_partially:
    case connectors::Verdict::verified:
    case connectors::Verdict::unclear:
    case connectors::Verdict::our_fault:
    case connectors::Verdict::unavailable:
    case connectors::Verdict::unknown_record:
    case connectors::Verdict::duplicate: break;
  }
  return false;
}

RefusalBook::RefusalBook(const Services& services, CardTryLimits limits)
    : services_(services),
      limits_(limits),
      tries_(services.clock, limits),
      refusals_{.until = services.clock.now() - limits.window},
      acceptances_{.until = services.clock.now() - limits.window} {}

Tried RefusalBook::who(const Crowd& shop, const platform::VaultedCard& card, const std::string& address) const {
  const std::string subject = address.empty() ? std::string() : "address " + net::subscriber_of(address);
  return {.card = card.fingerprint,
          .address = subject.empty()
                         ? std::string()
                         : base::to_hex(base::as_bytes(services_.vault.token_mac(subject))).substr(0, kHashDigits),
          .crowd = {.shop = shop.shop, .mode = shop.mode, .range = card.first_digits}};
}

std::expected<CardTries::Place, TooManyTries> RefusalBook::begin(merchants::Mode mode, base::ShopId shop,
                                                                 const CardEntry& card, const std::string& address) {
  if (!is_limited(mode, card.pan)) return CardTries::Place();
  const platform::VaultedCard described = services_.vault.describe(card.pan, card.expiry_year, card.expiry_month);
  return tries_.begin(who({.shop = shop, .mode = mode, .range = {}}, described, address));
}

base::Task<void> RefusalBook::note(const StepResult& result, const std::string& address) {
  const Transaction& transaction = result.transaction;
  if (is_success(transaction.state)) {
    tries_.accepted({.shop = transaction.shop,
                     .mode = result.payment.mode,
                     .range = transaction.card.masked.substr(0, kRangeDigits)});
    co_return;
  }
  if (!is_refusal_of_the_card(result)) co_return;
  const auto written = co_await write_down(result.payment.mode, transaction, address);
  if (!written) base::log::failed("card_refusal", written.error(), {{"transaction", transaction.id.hex()}});
}

base::Task<base::Result<void>> RefusalBook::write_down(merchants::Mode mode, const Transaction& transaction,
                                                       const std::string& address) {
  ACQUIT_CO_TRY(const auto opened, co_await services_.database.read([&](db::ReadTx& tx) {
    return services_.vault.open(tx, transaction.shop, transaction.card.id);
  }));
  if (!is_limited(mode, opened.pan)) co_return base::Result<void>{};
  const Tried tried = who({.shop = transaction.shop, .mode = mode, .range = {}},
                          services_.vault.describe(opened.pan, opened.expiry_year, opened.expiry_month), address);
  const base::Time now = services_.clock.now();
  const std::string id = base::Id<RefusalTag>::make(services_.clock, services_.random).hex();
  tries_.refused(tried);
  static_cast<void>(first_seen(refusals_, id, now));
  co_return co_await services_.database.write(Services::lane(transaction.shop, transaction.id), [&](db::Tx& tx) {
    return tx.run(kAdd, {transaction.shop.value(), id, base::to_ms(now), tried.card, tried.address, tried.crowd.range,
                         merchants::to_string(mode)});
  });
}

base::Task<base::Result<void>> RefusalBook::tell() {
  std::vector<Acceptances> untold = tries_.crowds().take_untold();
  const auto shop_of = [](const Acceptances& acceptances) { return acceptances.crowd.shop; };
  std::ranges::sort(untold, {}, shop_of);
  for (std::span<const Acceptances> rest(untold); !rest.empty();) {
    const auto end = std::ranges::find_if(rest, [&](const auto& one) { return shop_of(one) != shop_of(rest.front()); });
    const auto of_shop = rest.first(static_cast<std::size_t>(end - rest.begin()));
    if (const auto told = co_await tell_of_shop(of_shop); !told) {
      for (const Acceptances& acceptances : rest) tries_.crowds().give_back(acceptances);
      co_return std::unexpected(told.error());
    }
    rest = rest.subspan(of_shop.size());
  }
  co_return base::Result<void>{};
}

// Rows are only added: nodes would wait for each other at a sum that all of them change.
base::Task<base::Result<void>> RefusalBook::tell_of_shop(std::span<const Acceptances> of_shop) {
  const base::Time now = services_.clock.now();
  std::vector<std::string> ids;
  for ([[maybe_unused]] const Acceptances& acceptances : of_shop) {
    ids.push_back(base::Id<AcceptancesTag>::make(services_.clock, services_.random).hex());
    static_cast<void>(first_seen(acceptances_, ids.back(), now));
  }
  co_return co_await services_.database.write(
      Services::lane(of_shop.front().crowd.shop), [&](db::Tx& tx) -> base::Result<void> {
        for (std::size_t i = 0; i < of_shop.size(); ++i) {
          const auto& [crowd, times, ago] = of_shop[i];
          ACQUIT_CHECK(tx.run(kAddAcceptances, {crowd.shop.value(), ids[i], base::to_ms(now), base::to_ms(now - ago),
                                                merchants::to_string(crowd.mode), crowd.range, times}));
        }
        return {};
      });
}

bool RefusalBook::first_seen(Known& known, const std::string& id, base::Time at) {
  const std::lock_guard lock(mutex_);
  return known.ids.emplace(id, at).second;
}

// Clocks may have been set back meanwhile.
base::Milliseconds RefusalBook::ago(base::Time at) const {
  return std::max(std::chrono::ceil<base::Milliseconds>(services_.clock.now() - at), base::Milliseconds{0});
}

base::Task<base::Result<int>> RefusalBook::catch_up() {
  ACQUIT_CO_CHECK(co_await tell());
  ACQUIT_CO_TRY(const db::Rows refusals, co_await read_new(kSince, refusals_));
  for (const db::Row& row : refusals) {
    const Crowd crowd{.shop = base::ShopId(row.integer(0)), .mode = mode_of(row, 6), .range = row.text(5)};
    tries_.refused({.card = row.text(3), .address = row.text(4), .crowd = crowd},
                   ago(base::time_from_ms(row.integer(2))));
  }
  ACQUIT_CO_TRY(const db::Rows acceptances, co_await read_new(kAcceptancesSince, acceptances_));
  for (const db::Row& row : acceptances) {
    const Crowd crowd{.shop = base::ShopId(row.integer(0)), .mode = mode_of(row, 4), .range = row.text(5)};
    tries_.crowds().count(
        {.crowd = crowd, .times = static_cast<int>(row.integer(6)), .ago = ago(base::time_from_ms(row.integer(3)))});
  }
  co_return static_cast<int>(refusals.size() + acceptances.size());
}

// By time and id, so that more rows than are read at once, all of one moment, don't hold the reading up.
base::Task<base::Result<db::Rows>> RefusalBook::read_new(const db::Statement& since, Known& known) {
  db::Rows fresh;
  base::Time from = known.until - kOverlap;
  std::string after;
  for (std::size_t read = kReadAtOnce; read == kReadAtOnce;) {
    ACQUIT_CO_TRY(db::Rows rows, co_await services_.database.read([&](db::ReadTx& tx) {
      return tx.query(since, {base::to_ms(from), after, kReadAtOnce});
    }));
    read = rows.size();
    for (db::Row& row : rows) {
      from = base::time_from_ms(row.integer(2));
      after = row.text(1);
      known.until = std::max(known.until, from);
      if (first_seen(known, after, from)) fresh.push_back(std::move(row));
    }
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(known.ids, [&](const auto& entry) { return entry.second < known.until - 2 * kOverlap; });
  co_return fresh;
}

}  // namespace acquit::payments
