// `acquit history` by what a person knows of a payment: the order's number, the buyer's address, the end of the card's
// number, the days. One payment that fits is told whole, several as a list, a line each. One thread.
#pragma once

#include <string>

#include "app/desk.h"
#include "base/result.h"
#include "payments/store/payment_search.h"

namespace acquit::app {

/// As given on the command line; empty: anything.
struct Lookup {
  std::string order{};
  std::string email{};
  std::string last4{};
  std::string from{};
  std::string to{};
  std::string before{};  ///< The id of a payment: those made before it.
  int limit = 50;

  [[nodiscard]] bool is_asked() const;
};

/// Errors: field_format (says which option), not_found.
[[nodiscard]] base::Result<std::string> look_up(Desk& desk, const std::string& shop, const Lookup& lookup);

[[nodiscard]] base::Result<payments::Search> parse_lookup(const std::string& shop, const Lookup& lookup);
/// A page as text: a line for each payment, and how to get more.
[[nodiscard]] std::string to_text(const payments::SearchPage& page);

}  // namespace acquit::app
