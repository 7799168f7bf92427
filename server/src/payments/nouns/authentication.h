// What 3-D Secure has to say about a transaction: the wish, the result, the guarantee. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/threeds/outcome.h"

namespace acquit::payments {

/// What the merchant would like (lyra.md §1.7). The issuer decides.
enum class ChallengePreference : std::uint8_t { none, frictionless, challenge, mandate };
[[nodiscard]] std::string_view to_string(ChallengePreference preference);
[[nodiscard]] ChallengePreference parse_challenge_preference(std::string_view text);

/// Outcome of an authentication, empty where there was none. Kept for ever with the transaction; holds no card data.
struct AuthenticationResult {
  std::string enrolled;  ///< Y N U, empty if not asked.
  std::string status;    ///< transStatus: Y N U A R I; empty if none came.
  std::string status_reason;
  std::string type;  ///< CHALLENGE or FRICTIONLESS.
  std::string eci;
  std::string cavv;
  std::string ds_transaction_id;
  std::string acs_transaction_id;
  std::string server_transaction_id;
  std::string version;
  bool liability_shift = false;   ///< The issuer bears the risk of fraud.
  std::string error;              ///< Why there is no result: "timed out"…
  std::string cardholder_info{};  ///< What the issuer wants the buyer to be told; at most 128 characters.

  /// Authenticated or attempted, with an authentication value of plausible form.
  [[nodiscard]] bool has_proof() const { return (status == "Y" || status == "A") && threeds::is_plausible_proof(cavv); }
  friend bool operator==(const AuthenticationResult&, const AuthenticationResult&) = default;
};
/// One line of text for the database, and back. Unknown parts are ignored.
[[nodiscard]] std::string to_text(const AuthenticationResult& result);
[[nodiscard]] AuthenticationResult parse_authentication_result(std::string_view text);

}  // namespace acquit::payments
