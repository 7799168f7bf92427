// `acquit reconcile-with-acquirer`: the acquirer's list of transactions against our books, after a failover or a
// restore in which either may have lost something. Writes nothing. One thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "app/desk.h"
#include "base/result.h"
#include "payments/bank/compare_with_bank.h"

namespace acquit::app {

struct ReconcileOptions {
  std::string file;    ///< The list, as CSV.
  std::string shop;    ///< Empty: all.
  std::string from;    ///< The list covers what was sent since then; as parse_period reads it.
  std::string to;      ///< Empty: until now.
  int back_days = 31;  ///< How much older the transactions may be that the list names.
};

struct Reconciled {
  std::size_t lines = 0;         ///< Of the list.
  std::size_t transactions = 0;  ///< Of ours that were looked at.
  std::size_t differences = 0;
};

/// Calls `tell` with a line for each difference. Errors: field_format (names the option), not_found (file or shop),
/// those of payments::read_bank_list and of a read.
[[nodiscard]] base::Result<Reconciled> reconcile(Desk& desk, const ReconcileOptions& options,
                                                 const std::function<void(const std::string&)>& tell);

[[nodiscard]] std::string to_text(const Reconciled& reconciled);

}  // namespace acquit::app
