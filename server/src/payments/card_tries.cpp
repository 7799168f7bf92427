#include "payments/card_tries.h"

namespace acquit::payments {

base::Result<void> CardTries::count(const std::string& card_fingerprint, const std::string& address) {
  if (!counter_.allow("card " + card_fingerprint, limits_.per_card)) {
    return base::fail(base::ErrorCode::rate_limited, "this card was tried too often; try again in an hour",
                      "card_number");
  }
  if (!address.empty() && !counter_.allow("address " + address, limits_.per_address)) {
    return base::fail(base::ErrorCode::rate_limited,
                      "too many cards were tried from this address; try again in an hour", "address");
  }
  return {};
}

}  // namespace acquit::payments
