// Payment and transaction: what the merchant asked for, and each movement with an acquirer. Plain values without I/O.
//
// One payment has several transactions: attempts, instalments, refunds. A refund is a credit transaction with a parent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/money.h"
#include "connectors/acquirer.h"
#include "merchants/shop.h"
#include "payments/nouns/authentication.h"
#include "payments/nouns/card_facts.h"
#include "payments/nouns/cause.h"
#include "payments/nouns/plan.h"
#include "payments/nouns/transaction_states.h"

namespace acquit::payments {

struct PaymentTag {
  static constexpr std::string_view prefix = "pay";
};
struct TransactionTag {
  static constexpr std::string_view prefix = "txn";
};
struct OperationTag {
  static constexpr std::string_view prefix = "op";
};
using PaymentId = base::Id<PaymentTag>;
using TransactionId = base::Id<TransactionTag>;
using OperationId = base::Id<OperationTag>;

enum class Source : std::uint8_t { ecommerce, mail_order, call_centre, other };
[[nodiscard]] std::string_view to_string(Source source);
[[nodiscard]] std::optional<Source> parse_source(std::string_view text);
/// The cardholder himself is on the line: he can be authenticated, and the acquirer is told of an e-commerce payment.
/// Only mail and telephone orders are exempt from 3-D Secure (paybox.md §5.4), so `other` is not.
[[nodiscard]] bool is_online(Source source);

/// Who pays, as far as the shop said. Empty where it said nothing.
struct Buyer {
  std::string email{};
  std::string first_name{};
  std::string last_name{};
  std::string phone{};
  std::string cell_phone{};
  std::string address{};
  std::string zip{};
  std::string city{};
  std::string country{};  ///< ISO 3166 alpha-2.
  std::string reference{};
  // Where the goods go.
  std::string shipping_address{};
  std::string shipping_address_2{};
  std::string shipping_zip{};
  std::string shipping_city{};
  std::string shipping_country{};  ///< ISO 3166 alpha-2.
  // Not said by the shop: the country of the address from which the buyer came, ISO 3166 alpha-2.
  std::string address_country{};
};

/// What the shop lets a payment be paid with.
struct Means {
  std::vector<std::string> methods{};     ///< Empty: all that have a contract.
  std::vector<std::int64_t> contracts{};  ///< Ids of the only ones to use; empty: any.

  [[nodiscard]] bool allow(std::string_view method) const;
  [[nodiscard]] bool allow(const merchants::Contract& contract) const;
  friend bool operator==(const Means&, const Means&) = default;
};

struct Payment {
  base::ShopId shop{0};
  PaymentId id;
  merchants::Mode mode = merchants::Mode::test;
  std::string protocol;  ///< What the shop spoke: "vads"…; it words answers and notifications.
  Source source = Source::ecommerce;
  /// What the protocol knows it by, unique among those of its protocol in the shop: "067925/2026-12-31"; empty:
  /// nothing.
  std::string key;
  std::string reference;  ///< The order's number at the shop.
  base::Money amount;
  Plan plan{};
  std::string language;
  int capture_delay_days = 0;
  bool manual_validation = false;
  ChallengePreference challenge_preference = ChallengePreference::none;
  Means means{};
  Buyer buyer{};
  std::string protocol_fields;   ///< What the protocol wants back, in its own form.
  std::string request_hash;      ///< Of the request, to know a repetition from another one with the same id.
  std::string notification_url;  ///< Instead of the rule's; empty: the rule's.
  int attempts = 0;
  int attempts_max = 3;
  base::Time created_at;
  base::Time expires_at;
  std::optional<base::Time> ended_at;
};

enum class Kind : std::uint8_t { debit, credit, verification };
[[nodiscard]] std::string_view to_string(Kind kind);
[[nodiscard]] std::optional<Kind> parse_kind(std::string_view text);

/// The card that a transaction is paid with; empty until one was presented.
struct CardUsed {
  std::string id{};  ///< Reference into the vault.
  std::string masked{};
  int expiry_year = 0;
  int expiry_month = 0;
  std::string holder{};
  bool brand_chosen = false;  ///< The buyer himself chose the method among the brands of his card.
  CardFacts facts{};          ///< As the table of card ranges had them when the card was presented.
};

/// When the money is taken, and whether the merchant has a word in it.
struct Capture {
  base::Time at{};
  bool manual_validation = false;
  std::optional<base::Time> validated_at{};

  /// The merchant has still to validate it.
  [[nodiscard]] bool awaits_validation() const { return manual_validation && !validated_at; }
};

/// What a job looks at a transaction for; the state says what has to be done.
struct DueTimes {
  std::optional<base::Time> at{};            ///< When a job looks at it next.
  std::optional<base::Time> authorise_at{};  ///< Of one that waits, or waited, for its authorisation.
};

/// What the acquirer said last.
struct BankAnswer {
  std::optional<base::Time> at{};
  std::string response_code{};
  std::string authorisation_code{};
};

struct Transaction {
  base::ShopId shop{0};
  TransactionId id;
  PaymentId payment;
  std::optional<TransactionId> parent{};
  Kind kind = Kind::debit;
  State state = State::initiated;
  int sequence = 1;  ///< Instalment; 1 for a single payment.
  int attempt = 1;
  base::Money amount;
  std::int64_t contract_id = 0;
  std::string method{};  ///< Brand; empty until a card was chosen.
  CardUsed card{};
  Capture capture{};
  DueTimes due{};
  std::string reference{};                   ///< DE 37, twelve characters.
  std::optional<connectors::Trace> trace{};  ///< Of the last message sent.
  bool verification = false;                 ///< The last authorisation asked about the card only (mode MARK).
  BankAnswer answer{};
  std::optional<base::Time> unknown_since{};  ///< Asked, and no answer came.
  std::optional<Cause> cause{};               ///< Why it went no further, where that is our own saying.
  AuthenticationResult authentication{};
  base::Time created_at{};

  /// Its capture is later than an authorisation lives: it is asked for a day before, once validated where it has to be.
  void await_authorisation(base::Time now);
};

/// A payment with the one of its transactions that is dealt with.
struct PaymentPart {
  Payment payment;
  Transaction transaction;
};

/// A payment with all its transactions, in order of birth.
struct WholePayment {
  Payment payment;
  std::vector<Transaction> transactions;

  /// The transaction that speaks for the payment: the debit that succeeded, else the latest try.
  [[nodiscard]] const Transaction& speaking() const;
};

/// A new transaction of the same payment that is paid as `from` is: shop, payment, attempt, contract, method and card.
/// All else is as of one that is newly born; its reference is that of `id`.
[[nodiscard]] Transaction born_of(const Transaction& from, TransactionId id, base::Time now);

/// Of a payment's key, what people call it by: all before the last "/"; what follows only makes it unique.
[[nodiscard]] std::string_view number_of(std::string_view key);

/// DE 37: twelve characters that both sides know a transaction by; the end of a UUIDv7 is random enough for a day.
[[nodiscard]] std::string retrieval_reference(const TransactionId& id);

/// What happened to a transaction: append-only history.
struct Operation {
  base::ShopId shop{0};
  TransactionId transaction;
  OperationId id;
  base::Time at;
  base::Actor actor;
  std::string event;
  State before = State::initiated;
  State after = State::initiated;
  base::Money amount;
  std::string detail;
};

}  // namespace acquit::payments
