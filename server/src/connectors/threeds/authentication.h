// What 3-D Secure asks and answers, as plain structs: an authentication, its answer, the result of a challenge.
//
// The payments domain fills and stores these; how they travel is this folder's own business. Texts are UTF-8 of any
// length: what the wire can't carry is shortened, spelled in Latin letters or left out when the AReq is built. Values
// without identity; safe to copy between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/money.h"
#include "base/random.h"
#include "base/secret.h"
#include "connectors/threeds/version.h"

namespace acquit::threeds {

/// The shop as the directory server knows it.
struct Requestor {
  std::string id;
  std::string name;
  std::string url;  ///< Absolute http or https address.
};

struct Merchant {
  std::string acquirer_bin;          ///< Up to 11 digits.
  std::string acquirer_merchant_id;  ///< Up to 35 characters: the contract number.
  std::string name;
  std::string category_code;  ///< MCC, 4 digits.
  int country = 0;            ///< ISO 3166-1 number; 250 is France.
};

struct CardData {
  base::Pan pan;
  int expiry_year = 0;  ///< Four digits; 0 if unknown.
  int expiry_month = 0;
  std::string holder;  ///< Empty if unknown.
};

/// What the buyer's browser told us. The fields after `javascript` need a script; without one they are not sent in
/// 2.2.0, and in 2.1.0, which insists on them, as the common defaults here.
struct Browser {
  std::string accept_header;
  std::string ip;
  std::string language;  ///< BCP 47.
  std::string user_agent;
  bool javascript = false;
  bool java = false;
  int color_depth = 24;
  int screen_width = 390;
  int screen_height = 844;
  int utc_offset_minutes = 0;  ///< As getTimezoneOffset(): positive is behind UTC.
};

struct Phone {
  std::string country_code;  ///< Digits, with or without "+".
  std::string subscriber;
};

struct Address {
  std::string line1;
  std::string line2;
  std::string line3;
  std::string post_code;
  std::string city;
  std::string state;  ///< ISO 3166-2 without the country, or empty.
  int country = 0;    ///< ISO 3166-1 number; 0 if unknown.
};

struct Buyer {
  std::string email;
  std::optional<Phone> mobile_phone;
  std::optional<Phone> home_phone;
  std::optional<Phone> work_phone;
  std::optional<Address> billing;
  std::optional<Address> shipping;
};

/// threeDSRequestorChallengeInd. Those after challenge_mandated exist in 2.2.0 only and are left out in 2.1.0.
enum class ChallengePreference : std::uint8_t {
  unspecified = 0,
  no_preference = 1,
  no_challenge = 2,
  challenge_wished = 3,
  challenge_mandated = 4,
  risk_analysis_done = 5,
  data_only = 6,
  already_authenticated = 7,
  allow_listed = 8,
  allow_listing_wished = 9,
};

/// threeDSCompInd: what became of the hidden call to the issuer before the AReq.
enum class MethodCompletion : char { completed = 'Y', not_completed = 'N', unavailable = 'U' };

/// threeDSRequestorAuthenticationInd.
enum class Purpose : std::uint8_t { payment = 1, recurring = 2, instalment = 3, add_card = 4, maintain_card = 5 };

/// Wanted for recurring and instalment.
struct Recurrence {
  base::Time last;          ///< No payment after this day.
  int frequency_days = 30;  ///< 1 to 9999.
  int instalments = 2;      ///< 2 to 999; of an instalment plan.
};

struct AuthenticationRequest {
  Version version = Version::v220;
  std::string server_transaction_id;  ///< new_transaction_id().
  Requestor requestor;
  Merchant merchant;
  CardData card;
  base::Money amount;  ///< Not negative; zero for a verification.
  base::Time purchase_time;
  Browser browser;
  std::string notification_url;  ///< Where the browser brings the CRes; at most 256 characters.
  std::string results_url;       ///< Where the directory server brings the RReq; at most 2048 characters.
  Buyer buyer = {};
  ChallengePreference preference = ChallengePreference::unspecified;
  MethodCompletion method = MethodCompletion::unavailable;
  Purpose purpose = Purpose::payment;
  std::optional<Recurrence> recurrence = {};
  bool payment = true;  ///< False: message category 02, a verification without payment.
};

enum class TransStatus : char {
  authenticated = 'Y',
  not_authenticated = 'N',
  unavailable = 'U',
  attempted = 'A',
  challenge = 'C',
  decoupled = 'D',
  rejected = 'R',
  informational = 'I',
};

/// What an ARes says. Texts are empty where it said nothing.
struct AuthenticationAnswer {
  Version version = Version::v220;
  std::string server_transaction_id;
  std::string acs_transaction_id;
  std::string ds_transaction_id;
  std::string acs_reference_number;
  std::string ds_reference_number;
  TransStatus status = TransStatus::unavailable;
  std::string reason;  ///< transStatusReason, two digits.
  std::string eci;     ///< Two digits.
  std::string cavv;    ///< authenticationValue, 28 base64 characters.
  std::string acs_url;
  std::string authentication_type;
  bool challenge_mandated = false;
  std::string cardholder_info;  ///< To be shown to the buyer.
};

/// What an RReq says: the truth about a challenge.
struct ChallengeResult {
  Version version = Version::v220;
  std::string server_transaction_id;
  std::string acs_transaction_id;
  std::string ds_transaction_id;
  std::string category = "01";  ///< messageCategory: 01 a payment, 02 none.
  TransStatus status = TransStatus::unavailable;
  std::string reason;
  std::string eci;
  std::string cavv;
  std::string authentication_type;
  std::string cancel;  ///< challengeCancel: 01 the buyer gave up, 04 the ACS ran out of time…
  int interactions = 0;
};

/// What the browser brought back; a hint only, the RReq decides.
struct ChallengeReturn {
  std::string server_transaction_id;
  std::string acs_transaction_id;
  TransStatus status = TransStatus::unavailable;
};

/// UUIDs are the same in capitals and in small letters (RFC 9562).
[[nodiscard]] bool same_id(std::string_view one, std::string_view other);

/// A random UUID (version 4).
[[nodiscard]] std::string new_transaction_id(base::Random& random);

}  // namespace acquit::threeds
