#include "platform/mail/mail.h"

#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "base/random.h"
#include "net/loop.h"
#include "platform/mail/testing/smtp_sink.h"

namespace acquit::mail {
namespace {

using base::ErrorCode;
using base::sync_wait;

class MailerTest : public ::testing::Test {
 protected:
  MailerTest() { loop_.run_in_background(); }
  ~MailerTest() override {
    client_.reset();
    sink_.reset();
    loop_.stop();
  }
  Mailer mailer() {
    return {{.server = {.url = sink_->url(), .user = {}, .password = {}, .require_tls = false},
             .from = "no-reply@pay.example",
             .from_name = "Acquit"},
            *client_,
            clock_,
            random_};
  }
  static Mail sample() {
    return {.to = {"a@example.com", "b@example.com"}, .subject = "Bonjour", .text = ".é\n", .html = "<p>é</p>"};
  }

  net::Loop loop_{2};
  std::unique_ptr<testing::SmtpSink> sink_ = std::make_unique<testing::SmtpSink>(loop_);
  std::unique_ptr<SmtpClient> client_ = std::make_unique<SmtpClient>(loop_);
  base::ManualClock clock_;
  base::SeededRandom random_{7};
};

TEST_F(MailerTest, BringsAMailToAllItsRecipients) {
  const auto sent = sync_wait(mailer().send(sample()));
  ASSERT_TRUE(sent) << sent.error().detail;
  const auto mails = sink_->mails();
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].from, "no-reply@pay.example");
  EXPECT_EQ(mails[0].to, (std::vector<std::string>{"a@example.com", "b@example.com"}));
  EXPECT_EQ(mails[0].header("From"), "\"Acquit\" <no-reply@pay.example>");
  EXPECT_EQ(mails[0].header("Date"), "Tue, 14 Nov 2023 22:13:20 +0000");
  EXPECT_TRUE(mails[0].header("Message-ID").ends_with("@pay.example>"));
  EXPECT_TRUE(testing::decode_quoted_printable(mails[0].data.substr(mails[0].data.rfind("quoted-printable")))
                  .contains("<p>é</p>"));
}

TEST_F(MailerTest, KeepsTheMessageIdItIsGiven) {
  Mail mail = sample();
  mail.id = "abc123";
  ASSERT_TRUE(sync_wait(mailer().send(mail)));
  mail.id = "x> \r\nBcc: <y";
  ASSERT_TRUE(sync_wait(mailer().send(mail)));
  const auto mails = sink_->mails();
  EXPECT_EQ(mails.at(0).header("Message-ID"), "<abc123@pay.example>");
  EXPECT_FALSE(mails.at(1).data.contains("Bcc"));
}

TEST_F(MailerTest, PassesOnWhatTheServerSays) {
  sink_->refuse(1);
  const auto sent = sync_wait(mailer().send(sample()));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::protocol_violation);
  EXPECT_TRUE(sent.error().detail.contains("451 4.7.1")) << sent.error().detail;
  EXPECT_TRUE(sync_wait(mailer().send(sample())));
}

TEST_F(MailerTest, SendsNothingToWhatIsNoAddress) {
  for (const std::string to : {"", "a@b.ch>\r\nRCPT TO:<c@d.ch", "nobody"}) {
    Mail mail = sample();
    mail.to = {"a@example.com", to};
    const auto sent = sync_wait(mailer().send(mail));
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, ErrorCode::field_format);
  }
  EXPECT_TRUE(sink_->mails().empty());
}

}  // namespace
}  // namespace acquit::mail
