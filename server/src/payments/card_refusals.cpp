#include "payments/card_refusals.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "db/statement.h"
#include "net/address.h"
#include "payments/test_cards.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

const db::Statement kAdd = db::load_statement(embedded::sql_payments(), "card_refusals.add");
const db::Statement kSince = db::load_statement(embedded::sql_payments(), "card_refusals.since");

constexpr int kReadAtOnce = 5'000;
// Nodes' clocks differ a little, and a commit may be seen after one that was stamped later.
constexpr std::chrono::seconds kOverlap{30};
constexpr std::size_t kHashDigits = 32;
constexpr std::size_t kRangeDigits = 6;

// Test cards in TEST are not.
bool is_limited(merchants::Mode mode, const base::Pan& pan) {
  return mode == merchants::Mode::production || !is_test_card(pan.reveal());
}

}  // namespace

bool is_refusal_of_the_card(const AuthorisationResult& result) {
  if (result.transaction.state != State::refused) return false;
  // The acquirer was not asked: the shop's list or the authentication said no.
  if (!result.verdict) return true;
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

RefusalBook::RefusalBook(const Context& context, CardTryLimits limits)
    : context_(context),
      limits_(limits),
      tries_(context.clock, limits),
      read_until_(context.clock.now() - limits.window) {}

Tried RefusalBook::who(base::ShopId shop, const platform::VaultedCard& card, const std::string& address) const {
  const std::string subject = address.empty() ? std::string() : "address " + net::subscriber_of(address);
  return {.card = card.fingerprint,
          .address = subject.empty()
                         ? std::string()
                         : base::to_hex(base::as_bytes(context_.vault.token_mac(subject))).substr(0, kHashDigits),
          .shop = shop,
          .range = card.first_digits};
}

std::expected<CardTries::Place, TooManyTries> RefusalBook::begin(merchants::Mode mode, base::ShopId shop,
                                                                 const CardEntry& card, const std::string& address) {
  if (!is_limited(mode, card.pan)) return CardTries::Place();
  return tries_.begin(who(shop, context_.vault.describe(card.pan, card.expiry_year, card.expiry_month), address));
}

base::Task<void> RefusalBook::note(const AuthorisationResult& result, const std::string& address) {
  const Transaction& transaction = result.transaction;
  if (is_success(transaction.state)) {
    tries_.accepted(transaction.shop, transaction.card_masked.substr(0, kRangeDigits));
    co_return;
  }
  if (!is_refusal_of_the_card(result)) co_return;
  const auto written = co_await write_down(result.payment.mode, transaction, address);
  if (!written) base::log::failed("card_refusal", written.error(), {{"transaction", transaction.id.hex()}});
}

base::Task<base::Result<void>> RefusalBook::write_down(merchants::Mode mode, const Transaction& transaction,
                                                       const std::string& address) {
  ACQUIT_CO_TRY(const auto opened, co_await context_.database.read([&](db::ReadTx& tx) {
    return context_.vault.open(tx, transaction.shop, transaction.card_id);
  }));
  if (!is_limited(mode, opened.pan)) co_return base::Result<void>{};
  const Tried tried =
      who(transaction.shop, context_.vault.describe(opened.pan, opened.expiry_year, opened.expiry_month), address);
  const base::Time now = context_.clock.now();
  const std::string id = base::Id<RefusalTag>::make(context_.clock, context_.random).hex();
  tries_.refused(tried);
  static_cast<void>(first_seen(id, now));
  co_return co_await context_.database.write(Context::lane(transaction.shop, transaction.id), [&](db::Tx& tx) {
    return tx.run(kAdd, {tried.shop.value(), id, base::to_ms(now), tried.card, tried.address, tried.range});
  });
}

bool RefusalBook::first_seen(const std::string& id, base::Time at) {
  const std::lock_guard lock(mutex_);
  return seen_.emplace(id, at).second;
}

base::Task<base::Result<int>> RefusalBook::catch_up() {
  int counted = 0;
  for (;;) {
    const base::Time from = read_until_ - kOverlap;
    ACQUIT_CO_TRY(const db::Rows rows, co_await context_.database.read([&](db::ReadTx& tx) {
      return tx.query(kSince, {base::to_ms(from), kReadAtOnce});
    }));
    const base::Time now = context_.clock.now();
    for (const db::Row& row : rows) {
      const base::Time at = base::time_from_ms(row.integer(2));
      read_until_ = std::max(read_until_, at);
      if (!first_seen(row.text(1), at)) continue;
      const auto ago = std::max(std::chrono::ceil<base::Milliseconds>(now - at), base::Milliseconds{0});
      tries_.refused(
          {.card = row.text(3), .address = row.text(4), .shop = base::ShopId(row.integer(0)), .range = row.text(5)},
          ago);
      ++counted;
    }
    if (rows.size() < kReadAtOnce || read_until_ - kOverlap <= from) break;
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(seen_, [this](const auto& entry) { return entry.second < read_until_ - 2 * kOverlap; });
  co_return counted;
}

}  // namespace acquit::payments
