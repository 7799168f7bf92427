// Delivery: one call of a shop's URL as it went; and the store that keeps them for ever. Append-only.
//
// The store is stateless; safe from any thread. Every query names its shop.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "db/tx.h"
#include "merchants/shop.h"
#include "notifications/call_outcome.h"
#include "notifications/formatter.h"
#include "payments/nouns/payment.h"
#include "platform/outbox/outbox.h"

namespace acquit::notifications {

struct DeliveryTag {
  static constexpr std::string_view prefix = "del";
};
using DeliveryId = base::Id<DeliveryTag>;

struct Delivery {
  base::ShopId shop{0};
  DeliveryId id;
  payments::TransactionId transaction;
  merchants::Rule rule = merchants::Rule::end_of_payment;
  Telling telling = Telling::first;
  int attempt = 1;  ///< Within its series: 1, then 2 to 5 for the replays; 1 for a call by hand.
  /// Where the shop wanted to be called, as it may be shown (http/shown_url.h), without what the protocol added to it;
  /// so it is stored.
  std::string target;
  bool succeeded = false;
  int http_status = 0;  ///< 0: no HTTP answer came.
  base::Milliseconds duration{0};
  std::string response;  ///< How the answer begins (shown_answer); without one, why there is none.
  base::Time at;         ///< When it ended.

  /// It counts as taken, but a redirect may have lost the data.
  [[nodiscard]] bool is_doubtful() const { return succeeded && is_redirect(http_status); }
};

/// The id of the call that a message of the outbox makes at its `replay`th repetition: always the same one, so that a
/// message handled twice, after a crash or by two nodes, leaves one row.
[[nodiscard]] DeliveryId delivery_id(const platform::OutboxId& message, int replay);

/// A repetition of a delivery is looked for this far back and no further: months older than that need not be searched.
inline constexpr std::chrono::days kRepeatsWithin{31};

/// What a shop was told in vain: its last call about a transaction under a rule failed.
struct FailedCall {
  base::ShopId shop{0};
  payments::TransactionId transaction;
  merchants::Rule rule = merchants::Rule::end_of_payment;
  base::Time at;  ///< The last failure within the time that was asked for.
};
struct FailedSearch {
  std::optional<base::ShopId> shop{};  ///< Nothing: all shops.
  base::Time from;
  base::Time until;  ///< Before it.
  int limit = 1'000;
};

class DeliveryStore {
 public:
  /// False if a delivery with that id is there already; it stays as it is. The caller holds the transaction's lock
  /// (PaymentStore::lock_transaction), which keeps out whoever adds the same one: no unique index does.
  [[nodiscard]] base::Result<bool> add(db::Tx& tx, const Delivery& delivery) const;
  /// None that is older than kRepeatsWithin.
  [[nodiscard]] base::Result<std::optional<Delivery>> find(db::ReadTx& tx, base::ShopId shop, const DeliveryId& id,
                                                           base::Time now) const;
  /// The oldest first.
  [[nodiscard]] base::Result<std::vector<Delivery>> of_transaction(db::ReadTx& tx, base::ShopId shop,
                                                                   const payments::TransactionId& transaction) const;
  /// Those that failed first come first.
  [[nodiscard]] base::Result<std::vector<FailedCall>> failed(db::ReadTx& tx, const FailedSearch& search) const;
  /// How many there are, whatever the limit.
  [[nodiscard]] base::Result<std::int64_t> count_failed(db::ReadTx& tx, const FailedSearch& search) const;

  /// Of which transactions of a payment the shop was told.
  class Told {
   public:
    explicit Told(db::Asked asked) : asked_(std::move(asked)) {}
    /// Once.
    [[nodiscard]] base::Result<bool> of(const payments::TransactionId& transaction);

   private:
    db::Asked asked_;
  };
  /// By calls that ended at `since` or later, so that only the latest month is searched.
  [[nodiscard]] Told ask_told(db::ReadTx& tx, base::ShopId shop, const payments::PaymentId& payment,
                              base::Time since) const;
};

}  // namespace acquit::notifications
