// What stands in the address to which the results of a challenge come: it names the shop and proves that the platform
// gave it out for that authentication. Whoever knows only the ids, as the buyer and his bank do, can't make it. Pure;
// safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/id.h"
#include "base/result.h"
#include "connectors/threeds/authentication.h"
#include "platform/vault/vault.h"

namespace acquit::payments {

struct ResultsAddress {
  base::ShopId shop{0};
  std::string secret;  ///< 22 characters, of those of base64url.
};

/// `id`: our 3DS transaction id.
[[nodiscard]] ResultsAddress results_address(const platform::Vault& vault, base::ShopId shop, std::string_view id);

/// The results of a challenge that came to the address which was given out for them. Only check() makes one.
class AddressedResults {
 public:
  /// Errors: not_permitted.
  [[nodiscard]] static base::Result<AddressedResults> check(const platform::Vault& vault, const ResultsAddress& address,
                                                            threeds::ChallengeResult result);

  [[nodiscard]] base::ShopId shop() const { return shop_; }
  /// Our 3DS transaction id that they name.
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const threeds::ChallengeResult& result() const { return result_; }

 private:
  AddressedResults(base::ShopId shop, std::string id, threeds::ChallengeResult result)
      : shop_(shop), id_(std::move(id)), result_(std::move(result)) {}

  base::ShopId shop_;
  std::string id_;
  threeds::ChallengeResult result_;
};

}  // namespace acquit::payments
