// Between our nouns and those of connectors/threeds: the request that is built, the answers that are taken. Pure.
#pragma once

#include "base/clock.h"
#include "connectors/threeds/authentication.h"
#include "connectors/threeds/outcome.h"
#include "payments/threeds/authenticate.h"

namespace acquit::payments {

struct RequestParts {
  const ThreeDs& threeds;
  const merchants::ShopConfig& shop;
  const Authentication& authentication;
  const Payment& payment;
  const Transaction& transaction;
  const platform::OpenedCard& card;
  std::string results_url;
  threeds::MethodCompletion method = threeds::MethodCompletion::unavailable;
  base::Time now;
};
[[nodiscard]] threeds::AuthenticationRequest authentication_request(const RequestParts& parts);

void take_answer(AuthenticationResult& result, const threeds::AuthenticationAnswer& answer);
void take_results(AuthenticationResult& result, const threeds::ChallengeResult& answer);
/// The status as the connector names it; `unavailable` if there is none.
[[nodiscard]] threeds::TransStatus status_of(const AuthenticationResult& result);
[[nodiscard]] threeds::Scheme scheme_of(std::string_view method);

}  // namespace acquit::payments
