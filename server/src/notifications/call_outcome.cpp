#include "notifications/call_outcome.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/card_numbers.h"
#include "base/form_fields.h"
#include "base/utf8.h"
#include "http/shown_url.h"

namespace acquit::notifications {
namespace {

constexpr std::size_t kShownCharacters = 255;
// More than 255 characters take up; a card number that crosses the cut is masked as a whole.
constexpr std::size_t kShownBytes = 2048;
constexpr int kPlainSuccess = 200;

std::string made_valid(std::string_view text) { return base::blank_controls(base::valid_utf8(text)); }

std::string location_of(const http::IncomingResponse& answer) {
  const std::string* const address = base::find_field(answer.headers, "location");
  return address == nullptr ? std::string() : shown_answer(http::shown_url(*address));
}

}  // namespace

Failure failure_of(int status) {
  if (status == 401 || status == 403 || status == 407) return Failure::access;
  if (status == 404 || status == 410) return Failure::not_found;
  if (is_redirect(status)) return Failure::redirect;
  if (status >= 400 && status < 500) return Failure::request;
  return status >= 500 && status < 600 ? Failure::server : Failure::other;
}

// http::Client promises these words in the detail of connection_failed.
Failure failure_of(const base::Error& error) {
  using base::ErrorCode;
  const std::string_view detail = error.detail;
  switch (error.code) {
    case ErrorCode::timed_out: return Failure::timed_out;
    case ErrorCode::protocol_violation: return Failure::broken;
    case ErrorCode::address_not_allowed:
    case ErrorCode::field_format: return Failure::address;
    case ErrorCode::connection_failed:
      if (detail.contains("name not found")) return Failure::name_unknown;
      if (detail.contains("refused")) return Failure::refused;
      if (detail.contains("TLS") || detail.contains("certificate")) return Failure::tls;
      return Failure::unreachable;
    default: return Failure::unreachable;
  }
}

std::string shown_answer(std::string_view body) {
  const std::string text = base::mask_card_numbers(made_valid(body.substr(0, kShownBytes)));
  return std::string(base::utf8_prefix(text, kShownCharacters));
}

CallOutcome to_outcome(const Call& call, const base::Result<http::IncomingResponse>& answer,
                       base::Milliseconds duration) {
  if (!answer) {
    return {.failure = failure_of(answer.error()),
            .http_status = 0,
            .duration = duration,
            .response = shown_answer(answer.error().detail)};
  }
  const Verdict verdict = call.judge(*answer);
  CallOutcome outcome{.failure = verdict == Verdict::taken ? Failure::none : failure_of(answer->status),
                      .http_status = answer->status,
                      .duration = duration,
                      .response = shown_answer(answer->body),
                      .location = {},
                      .stops = verdict == Verdict::stop,
                      .accepted = call.accepted};
  if (is_redirect(answer->status)) outcome.location = location_of(*answer);
  return outcome;
}

std::string history_line(const CallOutcome& outcome, std::string_view rule_label) {
  const auto tenths = (outcome.duration.count() + 50) / 100;
  const std::string facts = fmt::format("rule={}, duration=~{},{}s", rule_label, tenths / 10, tenths % 10);
  if (outcome.succeeded() && outcome.http_status == kPlainSuccess)
    return fmt::format("SENT, {}, response={}", facts, outcome.response);
  if (outcome.http_status == 0) return fmt::format("FAILED, {}, error={}", facts, outcome.response);
  const std::string_view verdict = outcome.is_doubtful() ? "SENT, doubtful" : outcome.succeeded() ? "SENT" : "FAILED";
  const std::string location = outcome.location.empty() ? std::string() : ", location=" + outcome.location;
  return fmt::format("{}, {}, http={}{}, response={}", verdict, facts, outcome.http_status, location, outcome.response);
}

}  // namespace acquit::notifications
