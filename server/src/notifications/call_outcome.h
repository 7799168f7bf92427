// CallOutcome: what became of one call of a shop's URL, and what that says to whoever has to mend it. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "http/client.h"
#include "notifications/call.h"

namespace acquit::notifications {

/// Kinds of failure that ask for different advice.
enum class Failure : std::uint8_t {
  none,
  timed_out,     ///< No answer in time.
  refused,       ///< Nobody listens there.
  name_unknown,  ///< DNS.
  tls,           ///< No secure connection, or an untrusted certificate.
  unreachable,   ///< No connection for another reason.
  broken,        ///< Connection ended early, or what came is no HTTP.
  address,       ///< A URL that we can't or may not call.
  access,        ///< 401, 403, 407: a password, an .htaccess file, a firewall.
  not_found,     ///< 404, 410.
  redirect,      ///< 3xx.
  request,       ///< Other 4xx.
  server,        ///< 5xx.
  other,         ///< Any other answer that is none.
};

[[nodiscard]] constexpr bool is_redirect(int status) { return status >= 300 && status < 400; }

struct CallOutcome {
  Failure failure = Failure::none;
  int http_status = 0;
  base::Milliseconds duration{0};
  std::string response;         ///< See Delivery::response.
  std::string location{};       ///< Where a redirect leads, as it may be shown.
  bool stops = false;           ///< The shop does not want to be told again.
  std::string_view accepted{};  ///< See Call.

  [[nodiscard]] bool succeeded() const { return failure == Failure::none; }
  /// Counts as taken, but a redirect may have lost the data.
  [[nodiscard]] bool is_doubtful() const { return succeeded() && is_redirect(http_status); }
};

/// What an answer of this status says where it is no success.
[[nodiscard]] Failure failure_of(int status);
[[nodiscard]] Failure failure_of(const base::Error& error);

/// The first 255 characters of an answer, fit to be stored and shown: valid UTF-8, no control characters, card numbers
/// masked.
[[nodiscard]] std::string shown_answer(std::string_view body);

[[nodiscard]] CallOutcome to_outcome(const Call& call, const base::Result<http::IncomingResponse>& answer,
                                     base::Milliseconds duration);

/// The line of the transaction's history: "SENT, rule=…, duration=~1,4s, response=…" or "FAILED, …"; with "http=…"
/// before the answer for every status but 200, and "SENT, doubtful, …, location=…" for a redirect.
[[nodiscard]] std::string history_line(const CallOutcome& outcome, std::string_view rule_label);

}  // namespace acquit::notifications
