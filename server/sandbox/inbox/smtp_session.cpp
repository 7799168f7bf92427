#include "sandbox/inbox/smtp_session.h"

#include <utility>

#include "base/ascii.h"
#include "base/list.h"
#include "base/number.h"

namespace acquit::sandbox {
namespace {

constexpr std::size_t kRecipientsMax = 100;

SmtpSession::Reply say(std::string_view text) { return {.text = std::string(text) + "\r\n"}; }

// "FROM:<a@b.example> SIZE=12" without its keyword: the address, and the parameters behind it.
struct Path {
  std::string address;
  std::string_view parameters;
};

std::optional<Path> read_path(std::string_view argument, std::string_view keyword) {
  if (base::ascii_upper(argument.substr(0, keyword.size())) != keyword) return std::nullopt;
  argument = base::trim(argument.substr(keyword.size()));
  const std::size_t end = argument.find('>');
  if (!argument.starts_with('<') || end == std::string_view::npos) return std::nullopt;
  return Path{.address = std::string(argument.substr(1, end - 1)), .parameters = base::trim(argument.substr(end + 1))};
}

}  // namespace

std::string SmtpSession::greeting() { return "220 sandbox ESMTP\r\n"; }

SmtpSession::Reply SmtpSession::take(std::string_view line) {
  if (in_text_) return take_text(line);
  const std::size_t blank = line.find(' ');
  const std::string verb = base::ascii_upper(line.substr(0, blank));
  const std::string_view argument = blank == std::string_view::npos ? "" : base::trim(line.substr(blank));
  if (verb == "EHLO" || verb == "HELO") {
    reset();
    greeted_ = true;
    if (verb == "HELO") return say("250 sandbox");
    return say("250-sandbox\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE " + std::to_string(message_max_));
  }
  if (verb == "MAIL") return mail_from(argument);
  if (verb == "RCPT") return recipient(argument);
  if (verb == "DATA") return data();
  if (verb == "RSET") {
    reset();
    return say("250 OK");
  }
  if (verb == "NOOP") return say("250 OK");
  if (verb == "VRFY") return say("252 Try and see");
  if (verb == "QUIT") {
    Reply reply = say("221 Bye");
    reply.close = true;
    return reply;
  }
  return say("500 Unknown command");
}

SmtpSession::Reply SmtpSession::mail_from(std::string_view argument) {
  if (!greeted_) return say("503 Say EHLO first");
  if (has_sender_) return say("503 One mail after the other");
  auto path = read_path(argument, "FROM:");
  if (!path) return say("501 Write MAIL FROM:<address>");
  const std::string parameters = base::ascii_upper(path->parameters);
  for (const std::string_view parameter : base::split(parameters, ' ')) {
    if (!parameter.starts_with("SIZE=")) continue;
    const auto size = base::parse_int<std::size_t>(parameter.substr(5));
    if (!size) return say("501 SIZE is not a number");
    if (*size > message_max_) return say("552 The mail is too large");
  }
  has_sender_ = true;
  envelope_.from = std::move(path->address);
  fault_ = next_fault_();
  return say("250 OK");
}

SmtpSession::Reply SmtpSession::recipient(std::string_view argument) {
  if (!has_sender_) return say("503 Say MAIL first");
  auto path = read_path(argument, "TO:");
  if (!path || path->address.empty()) return say("501 Write RCPT TO:<address>");
  if (fault_ == FaultKind::refuse) return say("550 No such mailbox (fault ordered)");
  if (envelope_.to.size() == kRecipientsMax) return say("452 Too many recipients");
  envelope_.to.push_back(std::move(path->address));
  return say("250 OK");
}

SmtpSession::Reply SmtpSession::data() {
  if (envelope_.to.empty()) return say("503 Say RCPT first");
  in_text_ = true;
  return say("354 End with a line that holds only a point");
}

SmtpSession::Reply SmtpSession::take_text(std::string_view line) {
  if (line != ".") {
    if (line.starts_with('.')) line.remove_prefix(1);
    too_large_ = too_large_ || envelope_.message.size() + line.size() + 2 > message_max_;
    if (too_large_) return {};
    envelope_.message += line;
    envelope_.message += "\r\n";
    return {};
  }
  const bool refused = std::exchange(too_large_, false);
  Reply reply = say(refused ? "552 The mail is too large" : "250 OK, kept");
  if (!refused) {
    reply.mail = std::move(envelope_);
    reply.fault = fault_;
  }
  reset();
  return reply;
}

void SmtpSession::reset() {
  envelope_ = {};
  fault_.reset();
  has_sender_ = in_text_ = too_large_ = false;
}

}  // namespace acquit::sandbox
