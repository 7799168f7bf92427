#include "platform/mail/smtp.h"

#include <functional>
#include <utility>

#include "base/ascii.h"
#include "net/transfer.h"
#include "platform/mail/address.h"

namespace acquit::mail {
namespace {

using base::ErrorCode;
using Done = std::function<void(base::Result<void>)>;

class SmtpTransfer final : public net::Transfer {
 public:
  explicit SmtpTransfer(Done done) : done_(std::move(done)) {}

  base::Result<void> prepare(const SmtpServer& server, SmtpMail mail) {
    ACQUIT_CHECK(set_url(server.url, {"smtp", "smtps"}));
    set_common(mail.time_limit, nullptr);
    if (mail.to.empty()) return base::fail(ErrorCode::field_missing, "a mail needs a recipient", "to");
    if (!is_address(mail.from)) return base::fail(ErrorCode::field_format, "not a mail address", "from");
    for (const std::string& to : mail.to) {
      if (!is_address(to)) return base::fail(ErrorCode::field_format, "not a mail address", "to");
      add_line("<" + to + ">");
    }
    curl_easy_setopt(easy(), CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
    curl_easy_setopt(easy(), CURLOPT_MAIL_RCPT, lines());
    curl_easy_setopt(easy(), CURLOPT_USE_SSL, static_cast<long>(server.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (!server.user.empty()) {
      curl_easy_setopt(easy(), CURLOPT_USERNAME, server.user.c_str());
      curl_easy_setopt(easy(), CURLOPT_PASSWORD, std::string(server.password.reveal()).c_str());
    }
    curl_easy_setopt(easy(), CURLOPT_UPLOAD, 1L);
    set_upload(std::move(mail.message));
    return {};
  }

 private:
  void take_line(std::string_view line) override {
    if (line.starts_with('4') || line.starts_with('5')) refused(base::trim(line));
  }
  void finish(base::Result<base::Monotonic> when) override {
    if (!when) return done_(std::unexpected(std::move(when).error()));
    done_({});
  }

  Done done_;
};

}  // namespace

SmtpClient::SmtpClient(base::Executor& executor, std::size_t connections_max)
    : executor_(executor),
      transfers_(net::Transfers::make({.connections_max = connections_max, .connections_per_peer = connections_max})) {}

SmtpClient::~SmtpClient() { stop(); }

base::Task<base::Result<void>> SmtpClient::send(SmtpServer server, SmtpMail mail) {
  const base::Completion<base::Result<void>> completion(executor_);
  auto transfer = std::make_unique<SmtpTransfer>([completion](auto outcome) { completion.set(std::move(outcome)); });
  ACQUIT_CO_CHECK(transfer->prepare(server, std::move(mail)));
  transfers_->submit(std::move(transfer));
  co_return co_await completion;
}

void SmtpClient::stop() { transfers_->stop(); }

}  // namespace acquit::mail
