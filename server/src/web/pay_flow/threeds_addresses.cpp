#include "web/pay_flow/threeds_addresses.h"

#include "http/below.h"

namespace acquit::web {

payments::ThreeDsAddresses threeds_addresses(std::string_view public_url, std::string_view results_url) {
  const std::string results = http::address_below(results_url.empty() ? public_url : results_url, kResultsPath);
  return {.method_done = http::address_below(public_url, kMethodDonePath),
          .challenge_done = http::address_below(public_url, kChallengeDonePath),
          .results = [results](const payments::ResultsAddress& address) {
            return results + "/" + base::to_string(address.shop) + "/" + address.secret;
          }};
}

}  // namespace acquit::web
