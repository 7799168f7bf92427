// Acquirer: what every acquirer protocol offers, whatever it speaks. One contract suite tests all of them.
//
// A connector carries and reports; it never decides. The caller commits the intent, trace included, before it calls,
// with no database transaction open, so that after a crash the same message can be named in a reversal. Safe from any
// thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/money.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/task.h"

namespace acquit::connectors {

/// Names one message for ever: what a reversal quotes (ISO 8583 DE 7, 11, 90).
struct Trace {
  int stan = 0;        ///< 1 to 999 999.
  base::Time sent_at;  ///< Transmission time, whole seconds, UTC.

  friend bool operator==(const Trace&, const Trace&) = default;
};

/// The contract as the acquirer knows it.
struct Terminal {
  std::string acquirer_id;      ///< DE 32, up to 11 digits.
  std::string terminal_id;      ///< DE 41, up to 8 characters: the rank.
  std::string merchant_number;  ///< DE 42, up to 15 characters: the contract number.
  std::string category_code;    ///< DE 18, 4 digits.
};

struct Card {
  base::Pan pan;
  int expiry_year = 0;  ///< Four digits.
  int expiry_month = 0;
};

enum class Entry : std::uint8_t { ecommerce, mail_order, credential_on_file };

/// The proof of a 3-D Secure authentication, as the schemes want it in the authorisation.
struct AuthenticationProof {
  std::string eci;   ///< Two digits.
  std::string cavv;  ///< Base64, 28 characters; empty if there is none.
  std::string ds_transaction_id;
  std::string version;  ///< "2.1.0", "2.2.0".
};

struct Authorisation {
  Trace trace;
  Terminal terminal;
  Card card;
  std::optional<base::SecurityCode> security_code;
  base::Money amount;  ///< Zero for a verification.
  Entry entry = Entry::ecommerce;
  bool verification = false;  ///< A question about the card ("demande de renseignement"): never captured.
  std::string reference;      ///< DE 37, 12 characters, unique: how both sides name the transaction.
  std::optional<AuthenticationProof> proof;
  std::string subject{};                    ///< How the caller names it; not sent.
  std::chrono::local_seconds local_time{};  ///< The shop's clock at `trace.sent_at` (DE 12, 13).
};

/// An authorisation that ended without being taken (no answer in time, or another one), and was approved afterwards.
struct LateApproval {
  std::string subject;  ///< Of the authorisation; empty if this process did not send it, or not lately.
  Trace trace;
  std::string reference;
  std::optional<base::Money> amount;  ///< What was asked for; nothing where the subject is empty: the store knows it.
  std::string merchant_number{};      ///< Whose it is, where the subject is empty.

  friend bool operator==(const LateApproval&, const LateApproval&) = default;
};

/// What an acquirer's answer means for the caller, whatever its code.
enum class Verdict : std::uint8_t {
  approved,
  approved_partially,  ///< Less than was asked for.
  verified,            ///< The card is good: an approval of a verification, and of nothing else.
  unclear,             ///< Perhaps an approval, of a kind that can't be taken, or that no table knows.
  declined_final,      ///< The same card must not be presented again.
  declined_retry,      ///< No now; another time, amount or entry may bring a yes.
  soft_decline,        ///< Only with strong authentication: authenticate, then present it again.
  our_fault,           ///< The request, the contract or the set-up is at fault, not the card.
  unavailable,         ///< The issuer or the network did not decide; try later.
  unknown_record,      ///< The message that this one speaks of was never seen.
  duplicate,           ///< The same message was seen before.
};

/// The issuer may hold the buyer's money after such an answer: what is not taken of it has to be reversed.
[[nodiscard]] constexpr bool may_hold_money(Verdict verdict) {
  switch (verdict) {
    case Verdict::approved:
    case Verdict::approved_partially:
    case Verdict::verified:
    case Verdict::unclear: return true;
    case Verdict::declined_final:
    case Verdict::declined_retry:
    case Verdict::soft_decline:
    case Verdict::our_fault:
    case Verdict::unavailable:
    case Verdict::unknown_record:
    case Verdict::duplicate: break;
  }
  return false;
}

/// No byte of the message left us.
[[nodiscard]] inline bool is_unsent(const base::Error& error) {
  return error.consequence() == base::Consequence::undone;
}

struct AuthorisationAnswer {
  Verdict verdict = Verdict::unclear;  ///< What happened.
  std::string response_code{};         ///< DE 39, to be shown and echoed; lyra.md §1.14.
  std::string authorisation_code{};    ///< DE 38, if approved.
};

/// Takes back an authorisation that is not wanted, or whose outcome is unknown.
struct Reversal {
  Trace trace;
  Trace original;
  Terminal terminal;
  Card card;
  base::Money amount;
  std::string reference;
  bool repeat = false;                      ///< 0401 instead of 0400.
  std::chrono::local_seconds local_time{};  ///< Of the original, by the shop's clock.
};

enum class AdviceKind : std::uint8_t { debit, credit };

/// Hands a transaction over for settlement: what was authorised (debit), or a refund (credit).
struct Advice {
  Trace trace;
  AdviceKind kind = AdviceKind::debit;
  Terminal terminal;
  Card card;
  base::Money amount;
  std::string reference;                    ///< Of the transaction handed over.
  std::string authorisation_code;           ///< Empty for a credit.
  bool repeat = false;                      ///< 0221 instead of 0220.
  Entry entry = Entry::ecommerce;           ///< As it was authorised.
  std::chrono::local_seconds local_time{};  ///< Of the authorisation, by the shop's clock; of a credit its own.
};

/// What an acquirer makes of a message after the fact.
enum class Receipt : std::uint8_t {
  accepted,
  unknown_record,  ///< It never had the message that this one speaks of.
  duplicate,       ///< It had this very message before.
  unavailable,     ///< It decided nothing: the same message is to be sent again.
  unclear,         ///< Perhaps done, perhaps not: neither counts, and the same message is to be sent again.
  rejected,        ///< It will not do it, however often it is asked.
};
struct MessageAnswer {
  std::string response_code;
  Receipt receipt = Receipt::rejected;
};

class Acquirer {
 public:
  virtual ~Acquirer() = default;
  /// A trace that no other message has, of this node or another: within a second, since the time is part of it.
  [[nodiscard]] virtual Trace new_trace() = 0;
  /// Errors: line_busy (waited in vain for a link, or for room on one: surely not sent, and may be asked again later),
  /// unsendable (surely not sent since it can't be, until a setting is mended: not in the acquirer's format, or its
  /// trace is in flight), outcome_unknown (sent, no usable answer: none in time, or one that can't be read or does not
  /// belong to it).
  [[nodiscard]] virtual base::Task<base::Result<AuthorisationAnswer>> authorise(Authorisation request) = 0;
  /// Errors as authorise. A repetition may be answered by what came late to an earlier message of its trace.
  [[nodiscard]] virtual base::Task<base::Result<MessageAnswer>> reverse(Reversal request) = 0;
  /// As reverse.
  [[nodiscard]] virtual base::Task<base::Result<MessageAnswer>> advise(Advice request) = 0;
  /// Each is to be looked at, reversed if nobody took it, and then forgotten. Those without a subject may be nothing
  /// but repetitions of what was taken.
  [[nodiscard]] virtual std::vector<LateApproval> late_approvals() const = 0;
  /// `heard` is called, on any thread, once there is one more. Before the first request.
  virtual void on_late_approval(std::function<void()> heard) = 0;
  virtual void forget(const LateApproval& approval) = 0;
};

}  // namespace acquit::connectors
