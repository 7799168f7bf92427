// What stands in the address to which the results of a challenge come: it names the shop and proves that the platform
// gave it out for that authentication. Whoever knows only the ids, as the buyer and his bank do, can't make it. Pure;
// safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/id.h"
#include "platform/vault/vault.h"

namespace acquit::payments {

struct ResultsAddress {
  base::ShopId shop{0};
  std::string secret;  ///< 22 characters, of those of base64url.
};

/// `id`: our 3DS transaction id.
[[nodiscard]] ResultsAddress results_address(const platform::Vault& vault, base::ShopId shop, std::string_view id);
[[nodiscard]] bool is_results_address(const platform::Vault& vault, const ResultsAddress& address, std::string_view id);

}  // namespace acquit::payments
