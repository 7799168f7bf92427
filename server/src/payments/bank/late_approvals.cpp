#include "payments/bank/late_approvals.h"

#include <algorithm>

#include "base/embedded.h"
#include "base/list.h"
#include "base/log.h"
#include "db/statement.h"
#include "payments/bank/message_payload.h"
#include "payments/ending/announcements.h"
#include "payments/nouns/session.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

// A buyer's card is asked about while his page lives, and no try begins later than that; what a job asks for long after
// is left to a comparison of lists.
constexpr std::chrono::minutes kAskedAfterBirth = kSessionMax + kSessionLife;

const db::Statement kShops = db::load_statement(embedded::sql_payments(), "late_approvals.shops");
const db::Statement kAsked = db::load_statement(embedded::sql_payments(), "late_approvals.asked");

base::Task<base::Result<void>> reverse(const Services& services, connectors::LateApproval approval);

struct TransactionName {
  base::ShopId shop{0};
  TransactionId id;
};

std::optional<TransactionName> parse_subject(std::string_view text) {
  const auto parts = base::split(text, '/');
  if (parts.size() != 2) return std::nullopt;
  const auto shop = base::parse_shop_id(parts[0]);
  const auto id = TransactionId::parse(parts[1]);
  return shop && id ? std::optional(TransactionName{.shop = *shop, .id = *id}) : std::nullopt;
}

// Shops, by the number that the acquirer knows them by.
base::Result<std::vector<base::ShopId>> shops_of(db::ReadTx& tx, const std::string& merchant_number) {
  ACQUIT_TRY(const db::Rows rows, tx.query(kShops, {merchant_number}));
  std::vector<base::ShopId> shops;
  for (const db::Row& row : rows) shops.emplace_back(row.integer(0));
  return shops;
}

base::Result<std::optional<Transaction>> find_asked(const Services& services, db::ReadTx& tx,
                                                    const connectors::LateApproval& approval) {
  const base::Time sent_at = approval.trace.sent_at;
  ACQUIT_TRY(const auto shops, shops_of(tx, approval.merchant_number));
  for (const base::ShopId shop : shops) {
    ACQUIT_TRY(const auto row, tx.find(kAsked, {shop.value(), base::first_id_at(sent_at - kAskedAfterBirth),
                                                base::first_id_at(sent_at + std::chrono::minutes(1)),
                                                approval.reference, approval.trace.stan, base::to_ms(sent_at)}));
    if (!row) continue;
    const auto id = TransactionId::parse(row->text(0));
    if (!id) return base::fail(base::ErrorCode::internal, "a transaction without an id");
    ACQUIT_TRY(Transaction transaction, services.store.load_transaction(tx, shop, *id));
    return transaction;
  }
  return std::nullopt;
}

// What came of asking, the last time.
std::optional<Operation> end_of_asking(std::vector<Operation> history) {
  const auto ended = std::ranges::find_if(history.rbegin(), history.rend(), [](const Operation& operation) {
    return operation.before == State::authorising && operation.after != State::authorising;
  });
  if (ended == history.rend()) return std::nullopt;
  return std::move(*ended);
}

// Nobody took it: it was refused, or a job will ask again under another trace.
base::Result<bool> was_given_up(const Services& services, db::ReadTx& tx, const Transaction& transaction) {
  if (transaction.state == State::refused) return true;
  if (transaction.state != State::waiting_authorisation) return false;
  ACQUIT_TRY(auto history, services.store.operations_of(tx, transaction.shop, transaction.id));
  const auto ended = end_of_asking(std::move(history));
  return ended && ended->event == to_string(Event::postpone);
}

struct Asked {
  Transaction transaction;
  bool given_up = false;
};

// Asked for before this process began, or long ago: the store knows.
base::Task<base::Result<void>> look_up(const Services& services, connectors::LateApproval approval) {
  ACQUIT_CO_TRY(const auto found,
                co_await services.database.read([&](db::ReadTx& tx) -> base::Result<std::optional<Asked>> {
                  ACQUIT_TRY(auto transaction, find_asked(services, tx, approval));
                  if (!transaction) return std::nullopt;
                  ACQUIT_TRY(const bool given_up, was_given_up(services, tx, *transaction));
                  return Asked{.transaction = *std::move(transaction), .given_up = given_up};
                }));
  if (!found) {
    if (services.line_faults != nullptr)
      services.line_faults->log().error(
          "approval_of_unknown",
          {{"merchant", approval.merchant_number}, {"reference", approval.reference}, {"stan", approval.trace.stan}});
    co_return base::Result<void>{};
  }
  if (!found->given_up) co_return base::Result<void>{};  // Taken, or taken back already, or about to be.
  approval.subject = subject_of(found->transaction);
  co_return co_await reverse(services, std::move(approval));
}

base::Result<bool> was_reversed(const Services& services, db::Tx& tx, const Transaction& transaction,
                                const connectors::LateApproval& approval) {
  if (transaction.trace != approval.trace) return false;
  ACQUIT_TRY(auto history, services.store.operations_of(tx, transaction.shop, transaction.id));
  // Of this trace, which is the last one that was asked under.
  const auto ended = end_of_asking(std::move(history));
  return ended && ended->detail == kReversalAcknowledged;
}

base::Task<base::Result<void>> reverse(const Services& services, connectors::LateApproval approval) {
  const auto subject = parse_subject(approval.subject);
  if (!subject) co_return base::fail(base::ErrorCode::internal, "an acquirer names the subject " + approval.subject);
  const db::LaneKey lane = Services::lane(subject->shop, subject->id);
  ACQUIT_CO_CHECK(co_await services.database.write(
      lane, [&](db::Tx& tx) { return note_late_approval(services, tx, subject->id, subject->shop, approval); }));
  base::log::warning("late_approval", {{"subject", approval.subject}, {"stan", approval.trace.stan}});
  co_return base::Result<void>{};
}

base::Task<base::Result<void>> reverse_all(const Services& services, connectors::Acquirer& line) {
  // One that fails waits for its next turn and keeps no other from its own.
  base::Result<void> done;
  for (const connectors::LateApproval& approval : line.late_approvals()) {
    auto one = co_await (approval.subject.empty() ? look_up(services, approval) : reverse(services, approval));
    if (one) {
      line.forget(approval);
    } else {
      done = std::move(one);
    }
  }
  co_return done;
}

}  // namespace

std::string subject_of(const Transaction& transaction) {
  return std::to_string(transaction.shop.value()) + "/" + transaction.id.hex();
}

base::Result<void> note_late_approval(const Services& services, db::Tx& tx, TransactionId id, base::ShopId shop,
                                      const connectors::LateApproval& approval) {
  ACQUIT_TRY(const Transaction transaction, services.store.lock_transaction(tx, shop, id));
  const base::Money asked =
      transaction.verification ? base::Money::zero(transaction.amount.currency()) : transaction.amount;
  const base::Money amount = approval.amount.value_or(asked);
  ACQUIT_TRY(const bool reversed, was_reversed(services, tx, transaction, approval));
  if (reversed) {
    return services.store.add_operation(tx, transaction, kLateApproval, base::Actor::job(), amount,
                                        "approved after nobody waited any more; it was reversed already");
  }
  ACQUIT_CHECK(services.store.add_operation(tx, transaction, kLateApproval, base::Actor::job(), amount,
                                            "approved after nobody waited any more; a reversal is under way"));
  const bool under_way =
      transaction.state == State::authorising && transaction.unknown_since && transaction.trace == approval.trace;
  if (under_way) return {};
  const MessagePayload payload{.why = std::string(kReverseLate),
                               .original = MessagePayload::Original{
                                   .trace = approval.trace, .reference = approval.reference, .minor = amount.minor()}};
  ACQUIT_CHECK(services.outbox.add(tx, shop, kTopicReversal, id.hex(), to_text(payload), services.clock.now()));
  return {};
}

base::Task<base::Result<void>> reverse_late_approvals(const Services& services) {
  base::Result<void> done;
  for (const auto& [name, lines] : services.acquirers) {
    for (connectors::Acquirer* line : {lines.test, lines.production}) {
      if (line == nullptr) continue;
      auto one = co_await reverse_all(services, *line);
      if (!one) done = std::move(one);
    }
  }
  co_return done;
}

}  // namespace acquit::payments
