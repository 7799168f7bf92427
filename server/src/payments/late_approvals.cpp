#include "payments/late_approvals.h"

#include "base/log.h"
#include "base/text.h"
#include "payments/events.h"
#include "payments/message_payload.h"

namespace acquit::payments {
namespace {

struct Subject {
  base::ShopId shop{0};
  TransactionId id;
};

std::optional<Subject> parse_subject(std::string_view text) {
  const auto parts = base::split(text, '/');
  if (parts.size() != 2) return std::nullopt;
  const auto shop = base::parse_shop_id(parts[0]);
  const auto id = TransactionId::parse(parts[1]);
  return shop && id ? std::optional(Subject{.shop = *shop, .id = *id}) : std::nullopt;
}

base::Task<base::Result<void>> reverse(const Context& context, connectors::LateApproval approval) {
  const auto subject = parse_subject(approval.subject);
  if (!subject) co_return base::fail(base::ErrorCode::internal, "an acquirer names the subject " + approval.subject);
  co_return co_await context.database.write(Context::lane(subject->shop, subject->id), [&](db::Tx& tx) {
    return note_late_approval(context, tx, subject->id, subject->shop, approval);
  });
}

base::Task<base::Result<void>> reverse_all(const Context& context, connectors::Acquirer& line) {
  for (const connectors::LateApproval& approval : line.late_approvals()) {
    ACQUIT_CO_CHECK(co_await reverse(context, approval));
    line.forget(approval);
    base::log::warning("late_approval", {{"subject", approval.subject}, {"stan", approval.trace.stan}});
  }
  co_return base::Result<void>{};
}

}  // namespace

std::string subject_of(const Transaction& transaction) {
  return std::to_string(transaction.shop.value()) + "/" + transaction.id.hex();
}

base::Result<void> note_late_approval(const Context& context, db::Tx& tx, TransactionId id, base::ShopId shop,
                                      const connectors::LateApproval& approval) {
  ACQUIT_TRY(const Transaction transaction, context.store.lock_transaction(tx, shop, id));
  ACQUIT_CHECK(context.store.add_operation(tx, transaction, kLateApproval, kActorBatch, approval.amount,
                                           "approved after nobody waited any more; a reversal is under way"));
  const bool under_way =
      transaction.state == State::authorising && transaction.unknown_since && transaction.trace == approval.trace;
  if (under_way) return {};
  const MessagePayload payload{
      .why = std::string(kReverseLate),
      .original = MessagePayload::Original{
          .trace = approval.trace, .reference = approval.reference, .minor = approval.amount.minor()}};
  ACQUIT_CHECK(context.outbox.add(tx, shop, kTopicReversal, id.hex(), to_text(payload), context.clock.now()));
  return {};
}

base::Task<base::Result<void>> reverse_late_approvals(const Context& context) {
  for (const auto& [name, lines] : context.acquirers) {
    for (connectors::Acquirer* line : {lines.test, lines.production}) {
      if (line != nullptr) ACQUIT_CO_CHECK(co_await reverse_all(context, *line));
    }
  }
  co_return base::Result<void>{};
}

}  // namespace acquit::payments
