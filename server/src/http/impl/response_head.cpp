#include "http/impl/response_head.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <chrono>

#include "base/ascii.h"
#include "base/form_fields.h"

namespace acquit::http {
namespace {

// A year, RFC 6797. Not for the names below ours: they may be somebody else's.
constexpr std::string_view kStayWithTls = "max-age=31536000";

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

// "content-type" goes out as "Content-Type": old clients compare names letter by letter.
void append_name(std::string& out, std::string_view name) {
  bool begins_word = true;
  for (const char c : name) {
    out += begins_word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins_word = c == '-';
  }
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  append_name(out, name);
  out += ": ";
  out += value;
  out += "\r\n";
}

bool has(const Response& response, std::string_view name) {
  return base::find_field(response.headers, name) != nullptr;
}

}  // namespace

void append_head(std::string& out, const Response& response, const HeadFacts& facts) {
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += std::string_view(reason.data(), reason.size());
  out += "\r\n";
  bool has_length = !carries_body(Method::get, response.status);
  for (const auto& [name, value] : response.headers) {
    if (name == "connection" || name == "transfer-encoding") continue;
    if (name == "content-length") {
      if (facts.method != Method::head || has_length) continue;
      has_length = true;
    }
    append_header(out, name, value);
  }
  if (!has_length) append_header(out, "content-length", std::to_string(response.body.size()));
  if (!has(response, "x-content-type-options")) append_header(out, "x-content-type-options", "nosniff");
  if (!has(response, "referrer-policy")) append_header(out, "referrer-policy", "no-referrer");
  // Whatever is missing may be there again soon; who asks is told not to hurry.
  if (response.status == 503 && !has(response, "retry-after")) append_header(out, "retry-after", "5");
  if (!facts.policy.empty() && !has(response, "content-security-policy")) {
    append_header(out, "content-security-policy", facts.policy);
  }
  if (facts.secure) append_header(out, "strict-transport-security", kStayWithTls);
  append_header(out, "x-request-id", facts.request_id);
  append_header(out, "date", facts.date);
  append_header(out, "server", "Acquit");
  append_header(out, "connection", facts.keep_alive ? "keep-alive" : "close");
  out += "\r\n";
}

bool is_sendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 &&
         std::ranges::all_of(response.headers, [](const auto& header) {
           return is_token(header.first) && !base::breaks_line(header.second);
         });
}

bool carries_body(Method method, int status) {
  return method != Method::head && status >= 200 && status != 204 && status != 304;
}

std::string http_date(base::Time time) {
  static constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  const auto two = [](auto number) {
    const std::string text = std::to_string(number);
    return text.size() < 2 ? "0" + text : text;
  };
  std::string out(kDays[std::chrono::weekday(day).c_encoding()]);
  out += ", " + two(static_cast<unsigned>(date.day())) + " ";
  out += kMonths[static_cast<unsigned>(date.month()) - 1];
  out += " " + std::to_string(static_cast<int>(date.year())) + " " + two(clock.hours().count()) + ":" +
         two(clock.minutes().count()) + ":" + two(clock.seconds().count()) + " GMT";
  return out;
}

}  // namespace acquit::http
