// Views: what each of the buyer's pages shows, as plain data. Handlers fill them in; pages.h turns them into HTML.
//
// Texts come from outside and may hold anything; they are escaped when rendered. Addresses are used only if they begin
// with https://, http:// or a single "/". Nothing here decides: no payment rule, no clock, no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/money.h"
#include "platform/i18n/language.h"
#include "platform/i18n/sentence.h"

namespace acquit::pages {

using HiddenFields = std::vector<std::pair<std::string, std::string>>;

/// A form that posts to `action`; `hidden` goes with it in this order.
struct PostForm {
  std::string action{};
  HiddenFields hidden{};
};

/// What surrounds the content of every page of one payment.
struct Frame {
  i18n::Language language = i18n::Language::fr;
  std::vector<i18n::Language> languages{};  ///< Offered by the selector, which hides if fewer than two.
  std::string language_url{};               ///< The page's own address; the selector adds lang=xx. Empty: no selector.
  std::string shop_name{};                  ///< Empty while the shop is not known.
  std::optional<base::Money> amount{};
  std::string reference{};  ///< The shop's order number; empty: not shown.
  bool test = false;        ///< TEST mode: a strip says that nothing is charged.
  bool embedded = false;    ///< Shown in the shop's iframe: less room around it.
  bool simplified = false;  ///< Without the shop's head and our foot, which the shop's own page has around it.
};

/// Why a payment was refused, as far as the buyer is told.
enum class RefusalReason : std::uint8_t {
  generic,
  insufficient_funds,
  limit_exceeded,
  card_expired,
  card_invalid,
  security_code,
  card_not_accepted,
  not_permitted,
  authentication_failed,
  authentication_cancelled,
  contact_bank,
  card_blocked,
  amount_out_of_range,
  issuer_unavailable,
  card_held_back,     ///< Refused too often of late; see Refusal::again_in_minutes.
  address_held_back,  ///< Too many cards were refused at this address.
  shop_crowded,       ///< Too many cards are refused at this shop: tries wait in line.
  technical,
};

/// The last try failed and another one is allowed.
struct Refusal {
  RefusalReason reason = RefusalReason::generic;
  std::optional<int> attempts_left{};
  std::optional<int> again_in_minutes{};  ///< Not tried: when it makes sense again.
  std::string bank_message{};             ///< What the issuer wants the buyer to be told; empty: nothing.
};

/// The fields of the card form; their names are those of the inputs.
enum class CardField : std::uint8_t { card_number, expiry, security_code, card_holder };
/// `not_accepted` fits card_number only, `past` expiry only.
enum class CardProblem : std::uint8_t { missing, invalid, not_accepted, past };

struct CardError {
  CardField field;
  CardProblem problem;
};

/// How long the buyer still has.
struct TimeLeft {
  int seconds = 0;
  std::string extend_url{};  ///< What the form is posted to for more of it; empty: there is no more.
};

/// A card of the TEST mode's list. The form sends `id` as "test_card"; without scripts that is all the buyer enters.
struct TestCard {
  std::string id{};
  std::string label{};   ///< "Visa · 4970 1000 0000 0055 · accepted", in a language of the caller's choice.
  std::string number{};  ///< Digits.
  std::string expiry{};  ///< "12/30".
  std::string security_code{};
};

/// Form: card_number and expiry (as typed, see payments/typed_text.h), security_code, card_holder, brand,
/// test_card, browser_js, browser_java, browser_language, browser_color_depth, browser_screen_height,
/// browser_screen_width, browser_tz (the last five empty without scripts).
struct CardEntryView {
  Frame frame;
  std::vector<std::string> brands{};  ///< Accepted: CB, VISA, MASTERCARD…
  std::vector<std::string> choice{};  ///< Of them, those that one card may have two of; empty: nothing to choose.
  std::string chosen{};               ///< One of `choice`, sent as "brand"; empty: left to us.
  std::optional<Refusal> refusal{};
  std::vector<CardError> errors{};  ///< In the order of the fields.
  bool ask_holder = true;
  std::string expiry{};  ///< What the buyer had entered; card number and security code are never sent back.
  std::string holder{};
  std::vector<TestCard> test_cards{};  ///< Shown if not empty; give them in TEST mode only.
  std::optional<TimeLeft> time{};
  PostForm form;
  std::optional<PostForm> cancel{};
};

/// Runs the issuer's 3DS Method in an invisible frame, then goes on by `next`, which also sends method_completed: Y if
/// the frame came to threeds_method_done within 10 s, else N.
struct ThreedsMethodView {
  Frame frame;
  PostForm method;  ///< To the issuer's address: threeDSMethodData.
  PostForm next;
};

/// The page that the 3DS Method's notification answers with, inside that frame.
struct ThreedsMethodDoneView {
  i18n::Language language = i18n::Language::fr;
};

/// Sends the buyer to the issuer's challenge page (creq, threeDSSessionData). Who comes back to it by the browser's way
/// back is not sent on again before he says so.
struct ThreedsChallengeView {
  Frame frame;
  PostForm form;
  std::string other_card_url{};  ///< Where another card can be entered; empty: nowhere.
};

/// What the buyer waits for.
enum class WaitingFor : std::uint8_t {
  payment,  ///< It is being made: nothing to do.
  bank,     ///< His confirmation at his bank, of the last try, perhaps in another window.
};

/// Looks again at `refresh_url` every few seconds.
struct WaitingView {
  Frame frame;
  WaitingFor what = WaitingFor::payment;
  std::string refresh_url{};
  int refresh_s = 3;
  std::optional<PostForm> cancel{};  ///< With bank.
};

/// The way back to the shop.
struct ReturnForm {
  bool post = false;  ///< Else GET; parameters of the address and `fields` are then sent as one query.
  std::string url{};
  HiddenFields fields{};
  std::optional<int> redirect_s{};  ///< Goes by itself after so many seconds (with scripts).
  std::string redirect_message{};   ///< The shop's own text for that time; empty: ours.
};

struct Ticket {
  base::Time date;
  std::string timezone = "Europe/Paris";
  std::string card_brand{};     ///< Code; empty with `card` if no card was used.
  std::string card{};           ///< Masked: "497010XXXXXX0055".
  std::string authorisation{};  ///< Empty: not shown.
  std::string transaction{};    ///< Empty: not shown.
};

enum class Outcome : std::uint8_t { accepted, refused, cancelled, pending };

struct ResultView {
  Frame frame;
  Outcome outcome = Outcome::pending;
  std::optional<RefusalReason> reason{};  ///< With refused.
  std::string bank_message{};             ///< What the issuer wants the buyer to be told; empty: nothing.
  std::optional<Ticket> ticket{};
  std::optional<ReturnForm> back{};
};

/// The payment's time is over.
struct ExpiredView {
  Frame frame;
  std::optional<ReturnForm> back{};
};

/// Sends the buyer back to the shop at once.
struct ReturnView {
  Frame frame;
  ReturnForm back;
};

/// What may be wrong with a signature, most likely first.
enum class SignatureHint : std::uint8_t {
  other_algorithm,
  other_mode_key,
  empty_fields,
  field_order,
  encoding,
  html_escaped,
  spaces,
  key,
};

struct SignatureDetails {
  std::string algorithm{};    ///< "HMAC-SHA-256".
  std::string signed_text{};  ///< What we signed up to the last "+", which the page adds before a word for the key.
  std::vector<SignatureHint> hints{};
  std::vector<i18n::Sentence> signed_otherwise{};  ///< Before the hints.
};

/// For whoever connects a shop: TEST mode only.
struct FormErrorTestView {
  Frame frame;
  std::string code{};     ///< "09".
  std::string field{};    ///< "vads_amount".
  i18n::Sentence rule{};  ///< What the field must be; empty: not shown.
  std::string value{};    ///< As received, card numbers masked; empty: said so.
  std::optional<SignatureDetails> signature{};
  std::optional<ReturnForm> back{};
};

/// What the buyer sees of a wrong form in PRODUCTION.
struct FormErrorView {
  Frame frame;
  std::string contact{};  ///< The shop's mail address or telephone; empty: not shown.
  std::string request_id{};
  bool perhaps_paid = false;  ///< The order may have been paid by another request before: nothing is promised.
  std::optional<ReturnForm> back{};
};

enum class ErrorKind : std::uint8_t {
  not_found,
  failure,
  busy,             ///< Before there was a payment: nothing was charged.
  bank_busy,        ///< The acquirer could not be asked: nothing was charged, and the payment is as before the try.
  outcome_unknown,  ///< A payment whose state can't be read or written now: perhaps it was made.
};

/// A page that knows no payment: unknown address, fault of ours, overload.
struct ErrorView {
  Frame frame;
  ErrorKind kind = ErrorKind::failure;
  std::string request_id{};
  std::string refresh_url{};  ///< With outcome_unknown: where it will be told; empty: not known.
  std::string again_url{};    ///< With bank_busy: where to try again; empty: not known.
};

}  // namespace acquit::pages
