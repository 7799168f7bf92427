// AuthenticationStore: a 3-D Secure authentication between its steps: what the browser said, and what the bank
// answered.
//
// The security code is not here: it travels sealed through the buyer's browser. Safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "connectors/threeds/authentication.h"
#include "connectors/threeds/forms.h"
#include "db/tx.h"
#include "payments/nouns/payment.h"

namespace acquit::payments {

struct AuthenticationTag {
  static constexpr std::string_view prefix = "auth";
};
using AuthenticationId = base::Id<AuthenticationTag>;

enum class AuthenticationState : std::uint8_t {
  method,     ///< The issuer's 3DS Method runs in the browser; the AReq follows.
  challenge,  ///< The buyer is at the issuer's page.
  ended,
};
[[nodiscard]] std::string_view to_string(AuthenticationState state);

/// A row of table authentications.
struct Authentication {
  base::ShopId shop{0};
  AuthenticationId id;
  PaymentId payment;
  TransactionId transaction;
  std::string server_transaction_id;
  AuthenticationState state = AuthenticationState::method;
  threeds::Version version = threeds::Version::v220;
  threeds::Browser browser;
  AuthenticationResult result;  ///< As far as known.
  bool mandated = false;        ///< After a soft decline: a challenge must come.
  std::string acs_url;          ///< Where the browser is sent: while method the 3DS Method, while challenge the ACS.
};

class AuthenticationStore {
 public:
  explicit AuthenticationStore(const base::Clock& clock) : clock_(clock) {}
  [[nodiscard]] base::Result<void> add(db::Tx& tx, const Authentication& authentication) const;
  [[nodiscard]] base::Result<std::optional<Authentication>> find(db::ReadTx& tx, base::ShopId shop,
                                                                 AuthenticationId id) const;
  /// The same without waiting for it yet; found() once.
  class Finding {
   public:
    explicit Finding(db::Asked asked) : asked_(std::move(asked)) {}
    [[nodiscard]] base::Result<std::optional<Authentication>> found();

   private:
    db::Asked asked_;
  };
  [[nodiscard]] Finding ask(db::ReadTx& tx, base::ShopId shop, AuthenticationId id) const;
  /// By our 3DS transaction id.
  [[nodiscard]] base::Result<std::optional<Authentication>> find_by_server_id(db::ReadTx& tx, base::ShopId shop,
                                                                              std::string_view id) const;
  /// Errors: wrong_state if it is no longer in `before`.
  [[nodiscard]] base::Result<void> update(db::Tx& tx, const Authentication& authentication,
                                          AuthenticationState before) const;

 private:
  const base::Clock& clock_;
};

}  // namespace acquit::payments
