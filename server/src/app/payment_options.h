// PaymentOptions: how an operator names the payment or transaction that a command is about, and finding it. Any one of
// transaction, payment, or the six characters of vads_trans_id with their day will do. One thread.
#pragma once

#include <string>

#include "app/desk.h"
#include "base/result.h"
#include "payments/store/payment_store.h"

namespace acquit::app {

/// As given on the command line.
struct PaymentOptions {
  std::string shop;         ///< Eight digits.
  std::string transaction;  ///< With or without "txn_".
  std::string payment;      ///< With or without "pay_".
  std::string trans_id;
  std::string date;  ///< YYYY-MM-DD, of trans_id.

  [[nodiscard]] bool is_asked() const {
    return !transaction.empty() || !payment.empty() || !trans_id.empty() || !date.empty();
  }
};

/// With the transaction that was named, or all of the payment. Errors: field_missing, field_format (says which option
/// and what it must be), not_found, wrong_state (two payments suit).
[[nodiscard]] base::Result<payments::WholePayment> find_named(Desk& desk, const PaymentOptions& options);
[[nodiscard]] base::Result<base::ShopId> parse_shop_option(const std::string& text);

}  // namespace acquit::app
