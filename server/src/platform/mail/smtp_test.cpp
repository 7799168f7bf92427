#include "platform/mail/smtp.h"

#include <gtest/gtest.h>

#include <mutex>
#include <utility>

#include "base/testing/begin.h"
#include "base/testing/eventually.h"
#include "net/loop.h"
#include "net/stream.h"

namespace acquit::mail {
namespace {

using base::ErrorCode;
using base::Milliseconds;
using base::sync_wait;
using base::Task;
constexpr Milliseconds kLong{10'000};
constexpr Milliseconds kShort{50};

// A mail server with the wits of a test: it answers by the beginning of the line and keeps what it was told.
class MailServer {
 public:
  static Task<void> talk(std::shared_ptr<MailServer> self, std::shared_ptr<net::Stream> stream) {
    (void)co_await stream->write("220 mail.example\r\n", kLong);
    for (;;) {
      std::string line;
      while (!line.ends_with("\r\n")) {
        auto got = co_await stream->read_exactly(1, kLong);
        if (!got) co_return;
        line += *got;
      }
      const std::string reply = self->reply_to(line);
      if (!reply.empty()) (void)co_await stream->write(reply, kLong);
    }
  }
  std::string heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  std::string reply_to(const std::string& line) {
    const std::lock_guard lock(mutex_);
    heard_ += line;
    if (in_message_) {
      in_message_ = line != ".\r\n";
      return in_message_ ? "" : "250 queued\r\n";
    }
    if (line.starts_with("EHLO")) return "250-mail.example\r\n250 AUTH PLAIN\r\n";
    if (std::exchange(in_login_, line.starts_with("AUTH"))) return "235 welcome\r\n";
    if (in_login_) return "334 \r\n";
    if (line.contains("refused@")) return "550 5.1.1 no such mailbox\r\n";
    if (line.contains("silent@")) return "";
    if (line.starts_with("DATA")) {
      in_message_ = true;
      return "354 go on\r\n";
    }
    return line.starts_with("QUIT") ? "221 bye\r\n" : "250 ok\r\n";
  }

  std::mutex mutex_;
  std::string heard_;
  bool in_login_ = false;
  bool in_message_ = false;
};

class SmtpClientTest : public ::testing::Test {
 protected:
  SmtpClientTest() {
    loop_.run_in_background();
    auto listener = net::Listener::start(loop_, "127.0.0.1:0", [mail = mail_](std::shared_ptr<net::Stream> stream) {
      base::spawn(MailServer::talk(mail, std::move(stream)));
    });
    EXPECT_TRUE(listener);
    listener_ = *std::move(listener);
  }
  ~SmtpClientTest() override {
    client_.reset();
    listener_->stop();
    loop_.stop();
  }
  base::Result<void> post(std::vector<std::string> to, SmtpServer server, Milliseconds limit = kLong) {
    server.url = "smtp://127.0.0.1:" + std::to_string(listener_->port());
    return sync_wait(client_->send(std::move(server), {.from = "shop@shop.example",
                                                       .to = std::move(to),
                                                       .message = "Subject: Paid\r\n\r\nThank you.\r\n.dot\r\n",
                                                       .time_limit = limit}));
  }
  std::shared_ptr<MailServer> mail_ = std::make_shared<MailServer>();  // Shared with its conversations.
  net::Loop loop_{2};
  std::unique_ptr<net::Listener> listener_;
  std::unique_ptr<SmtpClient> client_ = std::make_unique<SmtpClient>(loop_);
};

TEST_F(SmtpClientTest, DeliversToSeveralRecipients) {
  const auto sent = post({"a@buyer.example", "b@buyer.example"},
                         {.user = "shop", .password = base::Password("secret"), .require_tls = false});
  ASSERT_TRUE(sent) << sent.error().detail;
  const std::string heard = mail_->heard();
  EXPECT_TRUE(heard.contains("AUTH PLAIN")) << heard;
  EXPECT_TRUE(heard.contains("MAIL FROM:<shop@shop.example>")) << heard;
  EXPECT_TRUE(heard.contains("RCPT TO:<a@buyer.example>\r\nRCPT TO:<b@buyer.example>\r\n")) << heard;
  EXPECT_TRUE(heard.contains("Subject: Paid\r\n\r\nThank you.\r\n..dot\r\n.\r\n")) << heard;
}

TEST_F(SmtpClientTest, RepeatsTheWordsOfARefusal) {
  const auto sent = post({"a@buyer.example", "refused@buyer.example"}, {.require_tls = false});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::protocol_violation);
  EXPECT_TRUE(sent.error().detail.contains("550 5.1.1 no such mailbox")) << sent.error().detail;
  EXPECT_FALSE(mail_->heard().contains("DATA"));
}

TEST_F(SmtpClientTest, EndsAtTheTimeLimit) {
  const auto sent = post({"silent@buyer.example"}, {.require_tls = false}, kShort);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::timed_out);
}

TEST_F(SmtpClientTest, SendsNothingWithoutTheTlsItRequires) {
  const auto sent = post({"a@buyer.example"}, {.user = "shop", .password = base::Password("secret")});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::connection_failed) << sent.error().detail;
  EXPECT_FALSE(mail_->heard().contains("AUTH")) << mail_->heard();
  EXPECT_FALSE(mail_->heard().contains("MAIL")) << mail_->heard();
}

TEST_F(SmtpClientTest, RefusesWhatIsNoAddress) {
  for (const std::string to : {"", "a b@c", "a@c\r\nDATA", "<a@c>"}) {
    EXPECT_EQ(post({to}, {.require_tls = false}).error().code, ErrorCode::field_format) << to;
  }
  EXPECT_EQ(post({}, {.require_tls = false}).error().code, ErrorCode::field_missing);
  EXPECT_EQ(mail_->heard(), "");
}

TEST_F(SmtpClientTest, TakesNoAddressOfTheWeb) {
  const auto sent =
      sync_wait(client_->send({.url = "http://127.0.0.1/"}, {.from = "a@b.example", .to = {"c@d.example"}}));
  EXPECT_EQ(sent.error().code, ErrorCode::address_not_allowed);
}

TEST_F(SmtpClientTest, AnswersAllThatIsPendingWhenItStops) {
  auto pending = base::testing::begin(
      client_->send({.url = "smtp://127.0.0.1:" + std::to_string(listener_->port()), .require_tls = false},
                    {.from = "a@b.example", .to = {"silent@d.example"}}));
  ASSERT_TRUE(base::testing::eventually([&] { return mail_->heard().contains("RCPT"); }));
  client_->stop();
  EXPECT_EQ(pending.get().error().code, ErrorCode::cancelled);
  EXPECT_EQ(post({"a@b.example"}, {.require_tls = false}).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace acquit::mail
