// Which: how an operator names what a command is about, and finding it. Any one of transaction, payment, or the six
// characters of vads_trans_id with their day will do.
#pragma once

#include <string>
#include <vector>

#include "app/desk.h"
#include "base/result.h"
#include "payments/nouns/payment.h"

namespace acquit::app {

struct Which {
  std::string shop;         ///< Eight digits.
  std::string transaction;  ///< With or without "txn_".
  std::string payment;      ///< With or without "pay_".
  std::string trans_id;
  std::string date;  ///< YYYY-MM-DD, of trans_id.

  [[nodiscard]] bool is_asked() const {
    return !transaction.empty() || !payment.empty() || !trans_id.empty() || !date.empty();
  }
};

struct Found {
  payments::Payment payment;
  std::vector<payments::Transaction> transactions;  ///< The one that was named, or all of the payment, by birth.

  /// The one that ended the payment: the named one, or the last attempt's first instalment.
  [[nodiscard]] const payments::Transaction& main() const;
};

/// Errors: field_missing, field_format (says which option and what it must be), not_found, wrong_state (two payments
/// suit).
[[nodiscard]] base::Result<Found> find_which(Desk& desk, const Which& which);
[[nodiscard]] base::Result<base::ShopId> parse_shop_option(const std::string& text);

}  // namespace acquit::app
