#include "payments/threeds/results_address.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/bytes.h"
#include "base/digest.h"

namespace acquit::payments {
namespace {

constexpr std::size_t kMacBytes = 16;

std::string secret_of(const platform::Vault& vault, base::ShopId shop, std::string_view id) {
  const std::string mac = vault.token_mac("results " + base::to_string(shop) + " " + std::string(id));
  return base::to_base64url(base::as_bytes(mac.substr(0, kMacBytes)));
}

}  // namespace

ResultsAddress results_address(const platform::Vault& vault, base::ShopId shop, std::string_view id) {
  return {.shop = shop, .secret = secret_of(vault, shop, id)};
}

base::Result<AddressedResults> AddressedResults::check(const platform::Vault& vault, const ResultsAddress& address,
                                                       threeds::ChallengeResult result) {
  std::string id = base::ascii_lower(result.server_transaction_id);
  if (!base::constant_time_equal(secret_of(vault, address.shop, id), address.secret)) {
    return base::fail(base::ErrorCode::not_permitted, "the results came to an address that was not given out for them");
  }
  return AddressedResults(address.shop, std::move(id), std::move(result));
}

}  // namespace acquit::payments
