#include "connectors/iso8583/map.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "base/ascii.h"
#include "base/number.h"
#include "connectors/iso8583/private_data.h"
#include "connectors/iso8583/response_codes.h"

namespace acquit::iso8583 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using connectors::Advice;
using connectors::Authorisation;
using connectors::Entry;
using connectors::Reversal;
using connectors::Terminal;
using connectors::Trace;

constexpr std::int64_t kMaxAmount = 999'999'999'999;

struct TimeTexts {
  std::string date;  // MMDD
  std::string time;  // hhmmss
};

template <class Clock, class Duration>
TimeTexts texts_of(std::chrono::time_point<Clock, Duration> moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(moment - day));
  return {.date = fmt::format("{:02}{:02}", static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())),
          .time = fmt::format("{:02}{:02}{:02}", time.hours().count(), time.minutes().count(), time.seconds().count())};
}

void put_times(Message& message, const Trace& trace, std::chrono::local_seconds at_shop) {
  const TimeTexts local = texts_of(at_shop);
  message.set(7, transmission_time(trace.sent_at)).set(11, fmt::format("{:06}", trace.stan));
  message.set(12, local.time).set(13, local.date);
}

// Fixed elements are filled up with blanks; encode() refuses those that are too long.
std::string filled(std::string text, std::size_t size) {
  if (text.size() < size) text.append(size - text.size(), ' ');
  return text;
}

void put_terminal(Message& message, const Terminal& terminal) {
  message.set(18, terminal.category_code).set(32, terminal.acquirer_id);
  message.set(41, filled(terminal.terminal_id, 8)).set(42, filled(terminal.merchant_number, 15));
}

void put_card(Message& message, const connectors::Card& card) {
  message.set(2, std::string(card.pan.reveal()));
  message.set(14, fmt::format("{:02}{:02}", card.expiry_year % 100, card.expiry_month));
}

Result<void> put_amount(Message& message, base::Money amount) {
  if (amount.minor() < 0 || amount.minor() > kMaxAmount) {
    return fail(ErrorCode::amount_out_of_range, "The amount does not fit twelve digits.", "DE 4");
  }
  message.set(4, fmt::format("{:012}", amount.minor()));
  message.set(49, fmt::format("{:03}", amount.currency().number()));
  return {};
}

struct EntryCodes {
  std::string_view mode;       // DE 22
  std::string_view condition;  // DE 25
};

EntryCodes codes_of(Entry entry) {
  switch (entry) {
    case Entry::ecommerce: return {.mode = "812", .condition = "59"};
    case Entry::mail_order: return {.mode = "012", .condition = "08"};
    case Entry::credential_on_file: return {.mode = "102", .condition = "59"};
  }
  return {.mode = "812", .condition = "59"};
}

void put_entry(Message& message, Entry entry) {
  const EntryCodes codes = codes_of(entry);
  message.set(22, std::string(codes.mode)).set(25, std::string(codes.condition));
}

Result<void> put_private_data(Message& message, const Authorisation& request) {
  PrivateData elements;
  const auto add = [&](std::string_view tag, std::string_view value) {
    if (!value.empty()) elements.emplace_back(tag, value);
  };
  if (request.proof) {
    add(kTagEci, request.proof->eci);
    add(kTagCavv, request.proof->cavv);
    add(kTagDsTransactionId, request.proof->ds_transaction_id);
    add(kTagVersion, request.proof->version);
  }
  if (request.security_code) add(kTagSecurityCode, request.security_code->reveal());
  if (elements.empty()) return {};
  ACQUIT_TRY(std::string text, write_private_data(elements));
  message.set(48, std::move(text));
  return {};
}

}  // namespace

Result<Message> to_message(const Authorisation& request) {
  Message message("0100");
  put_times(message, request.trace, request.local_time);
  put_terminal(message, request.terminal);
  put_card(message, request.card);
  ACQUIT_CHECK(put_amount(message, request.amount));
  put_entry(message, request.entry);
  if (request.verification) message.set(25, "51");
  message.set(3, "000000").set(37, filled(request.reference, 12));
  ACQUIT_CHECK(put_private_data(message, request));
  return message;
}

Result<Message> to_message(const Reversal& request) {
  Message message(request.repeat ? "0401" : "0400");
  put_times(message, request.trace, request.local_time);
  put_terminal(message, request.terminal);
  put_card(message, request.card);
  ACQUIT_CHECK(put_amount(message, request.amount));
  message.set(3, "000000").set(37, filled(request.reference, 12));
  message.set(90, original_data(request.original, request.terminal.acquirer_id));
  return message;
}

Result<Message> to_message(const Advice& request) {
  Message message(request.repeat ? "0221" : "0220");
  put_times(message, request.trace, request.local_time);
  put_terminal(message, request.terminal);
  put_card(message, request.card);
  ACQUIT_CHECK(put_amount(message, request.amount));
  put_entry(message, request.entry);
  message.set(3, request.kind == connectors::AdviceKind::credit ? "200000" : "000000");
  message.set(37, filled(request.reference, 12));
  if (!request.authorisation_code.empty()) message.set(38, filled(request.authorisation_code, 6));
  return message;
}

Result<Message> network_message(const Trace& trace, NetworkCode code) {
  Message message("0800");
  message.set(7, transmission_time(trace.sent_at)).set(11, fmt::format("{:06}", trace.stan));
  message.set(70, fmt::format("{:03}", static_cast<int>(code)));
  return message;
}

connectors::AuthorisationAnswer authorisation_answer(const Message& answer, base::Money asked) {
  connectors::AuthorisationAnswer result;
  result.response_code = answer.get(39);
  result.verdict = verdict_of(result.response_code);
  if (result.verdict == Verdict::verified) result.verdict = asked.minor() == 0 ? Verdict::approved : Verdict::unclear;
  // The host has it, under a trace that we use once: whatever it said of it then was lost.
  if (result.verdict == Verdict::duplicate) result.verdict = Verdict::unclear;
  if (result.verdict == Verdict::approved) result.authorisation_code = base::trim(answer.get(38));
  return result;
}

namespace {

// Echoed by every answer that has them, and by an approval in any case.
constexpr std::array kEchoedInApprovals = {2, 3, 4, 12, 13, 32, 41, 42, 49};
constexpr std::array kEchoed = {2, 3, 4, 7, 11, 12, 13, 32, 37, 41, 42, 49, 70};

std::unexpected<base::Error> not_believed(int number, std::string_view why) {
  return fail(ErrorCode::protocol_violation, std::string(why), fmt::format("DE {}", number));
}

}  // namespace

Result<void> check_answer(const Message& request, const Message& answer, Echoes echoes) {
  if (answer.mti() != answer_type(request.mti())) {
    return fail(ErrorCode::protocol_violation, "The answer is of another type.", "MTI");
  }
  const auto code = answer.find(39);
  if (!code) return not_believed(39, "The answer has no response code.");
  const Verdict verdict = verdict_of(*code);
  for (const int number : kEchoed) {
    const auto asked = request.find(number);
    const auto said = answer.find(number);
    if (number == 4 && verdict == Verdict::approved_partially) continue;
    if (asked && said && base::trim(*asked) != base::trim(*said)) {
      return not_believed(number, "The answer speaks of another value than was sent.");
    }
  }
  if (!request.mti().starts_with("01") || !may_hold_money(verdict)) return {};
  for (const int number : kEchoedInApprovals) {
    if (echoes == Echoes::all && !answer.find(number)) return not_believed(number, "The approval does not echo it.");
  }
  if (verdict == Verdict::approved && base::trim(answer.get(38)).empty()) {
    return not_believed(38, "The approval has no authorisation code.");
  }
  return {};
}

std::optional<std::uint64_t> exchange_key(const Message& message) {
  const auto time = base::parse_int<std::uint64_t>(message.get(7));
  const auto stan = base::parse_int<std::uint64_t>(message.get(11));
  if (!time || !stan || message.mti().size() != 4) return std::nullopt;
  const auto message_class = static_cast<std::uint64_t>(message.mti()[1] - '0');
  return (message_class * 10'000'000'000 + *time) * 1'000'000 + *stan;
}

std::optional<connectors::LateApproval> approval_in(const Message& answer, base::Time now) {
  if (answer.mti() != "0110" || !may_hold_money(verdict_of(answer.get(39)))) return std::nullopt;
  const std::string_view sent = answer.get(7);
  const auto stan = base::parse_int<int>(answer.get(11));
  if (!stan || sent.size() != 10 || !base::is_digits(sent)) return std::nullopt;
  const auto part = [&](std::size_t at) { return base::parse_int<int>(sent.substr(at, 2)).value_or(0); };
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  // Of this year, or of the last one just after its end.
  for (const std::chrono::year year : {today.year(), today.year() - std::chrono::years(1)}) {
    const std::chrono::year_month_day day(year, std::chrono::month(static_cast<unsigned>(part(0))),
                                          std::chrono::day(static_cast<unsigned>(part(2))));
    if (!day.ok()) continue;
    const base::Time at = std::chrono::sys_days(day) + std::chrono::hours(part(4)) + std::chrono::minutes(part(6)) +
                          std::chrono::seconds(part(8));
    if (at > now + std::chrono::days(1)) continue;
    return connectors::LateApproval{.subject = {},
                                    .trace = {.stan = *stan, .sent_at = at},
                                    .reference = std::string(base::trim(answer.get(37))),
                                    .amount = std::nullopt,
                                    .merchant_number = std::string(base::trim(answer.get(42)))};
  }
  return std::nullopt;
}

bool is_answer(const Message& message) { return message.mti().size() == 4 && (message.mti()[2] - '0') % 2 == 1; }

std::string answer_type(const std::string& mti) {
  std::string type = mti;
  type[2] = static_cast<char>(type[2] + 1);
  type[3] = '0';
  return type;
}

Message answer_to(const Message& request) {
  Message answer(answer_type(request.mti()));
  for (const int number : kEchoed) {
    if (const auto value = request.find(number)) answer.set(number, std::string(*value));
  }
  return answer;
}

std::string original_data(const Trace& trace, const std::string& acquirer_id) {
  return fmt::format("0100{:06}{}{:0>11}{:0>11}", trace.stan, transmission_time(trace.sent_at), acquirer_id, "");
}

std::string transmission_time(base::Time time) {
  const TimeTexts texts = texts_of(time);
  return texts.date + texts.time;
}

}  // namespace acquit::iso8583
