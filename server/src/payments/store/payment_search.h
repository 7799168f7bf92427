// Search: a shop's payments by what a person knows of one: the order's number, the buyer's address, the end of the
// card's number, the days. A read; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/tx.h"
#include "payments/store/payment_store.h"

namespace acquit::payments {

/// All that is given has to fit; empty: anything.
struct Search {
  base::ShopId shop{0};
  std::string reference{};
  std::string email{};      ///< In any case.
  std::string last_four{};  ///< Of the card of any attempt.
  std::optional<base::Time> from{};
  std::optional<base::Time> until{};  ///< Before it.
  std::optional<PaymentId> before{};  ///< Made before this one: the next page.
  int limit = 50;
};

inline constexpr int kSearchMax = 500;
/// Whether it can be asked. Errors: field_format, by `field` (a member's name); what was typed is not shown again,
/// since it may be a whole number of a card.
[[nodiscard]] base::Result<void> check_search(const Search& search);

struct SearchPage {
  std::vector<WholePayment> payments;  ///< The newest first, at most `limit`.
  bool has_more = false;
};

/// Errors: those of check_search and of a read.
[[nodiscard]] base::Result<SearchPage> find_payments(const PaymentStore& store, db::ReadTx& tx, const Search& search);

/// As an address is stored to be found: folded, percent-encoded.
[[nodiscard]] std::string email_key(std::string_view email);

}  // namespace acquit::payments
