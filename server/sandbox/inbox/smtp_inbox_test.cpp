#include "sandbox/inbox/smtp_inbox.h"

#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "net/stream.h"
#include "platform/mail/smtp.h"
#include "sandbox/inbox/inbox_pages.h"

namespace acquit::sandbox {
namespace {

using base::Milliseconds;
using base::sync_wait;
constexpr Milliseconds kLong{10'000};

SmtpSession session_without_faults(std::size_t max = 1000) {
  return SmtpSession([] { return std::nullopt; }, max);
}

TEST(SmtpSession, AnswersEachCommandAsItsTableSays) {
  struct Row {
    std::string_view line;
    std::string_view expected;
  };
  SmtpSession session = session_without_faults();
  for (const Row& row : {
           Row{"MAIL FROM:<a@b.example>", "503"},
           Row{"EHLO here", "250-"},
           Row{"RCPT TO:<c@d.example>", "503"},
           Row{"MAIL FROM:a@b.example", "501"},
           Row{"MAIL FROM:<a@b.example> SIZE=1001", "552"},
           Row{"MAIL FROM:<a@b.example> SIZE=x", "501"},
           Row{"mail from:<a@b.example> size=1000 BODY=8BITMIME", "250"},
           Row{"MAIL FROM:<a@b.example>", "503"},
           Row{"DATA", "503"},
           Row{"RCPT TO:<>", "501"},
           Row{"RCPT TO:<c@d.example>", "250"},
           Row{"RSET", "250"},
           Row{"DATA", "503"},
           Row{"NOOP", "250"},
           Row{"VRFY x", "252"},
           Row{"STARTTLS", "500"},
           Row{"", "500"},
           Row{"QUIT", "221"},
       }) {
    EXPECT_TRUE(session.take(row.line).text.starts_with(row.expected)) << row.line;
  }
}

TEST(SmtpSession, TakesTheStuffedPointAwayAndKeepsTheEmptySender) {
  SmtpSession session = session_without_faults();
  for (const std::string_view line : {"HELO here", "MAIL FROM:<>", "RCPT TO:<c@d.example>", "RCPT TO:<e@f.example>"}) {
    ASSERT_TRUE(session.take(line).text.starts_with("250")) << line;
  }
  EXPECT_TRUE(session.take("DATA").text.starts_with("354"));
  for (const std::string_view line : {"Subject: a", "", "..x", "..", "QUIT"}) EXPECT_EQ(session.take(line).text, "");
  const auto reply = session.take(".");
  EXPECT_TRUE(reply.text.starts_with("250"));
  ASSERT_TRUE(reply.mail);
  EXPECT_EQ(reply.mail->from, "");
  EXPECT_EQ(reply.mail->to, (std::vector<std::string>{"c@d.example", "e@f.example"}));
  EXPECT_EQ(reply.mail->message, "Subject: a\r\n\r\n.x\r\n.\r\nQUIT\r\n");
}

TEST(SmtpSession, RefusesAMailThatGrowsTooLarge) {
  SmtpSession session = session_without_faults(20);
  for (const std::string_view line : {"EHLO here", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA"}) {
    (void)session.take(line);
  }
  EXPECT_EQ(session.take("0123456789").text, "");
  EXPECT_EQ(session.take("0123456789").text, "");
  const auto reply = session.take(".");
  EXPECT_TRUE(reply.text.starts_with("552"));
  EXPECT_FALSE(reply.mail);
  EXPECT_TRUE(session.take("MAIL FROM:<a@b.example>").text.starts_with("250"));
}

TEST(Mailbox, KeepsTheLastMailsOnly) {
  Mailbox mailbox(2);
  for (const char* subject : {"1", "2", "3"}) {
    mailbox.add({.from = "a", .to = {"b"}, .message = std::string("Subject: ") + subject + "\r\n\r\n"}, {});
  }
  const auto mails = mailbox.newest_first();
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_EQ(mails[0].content.header("subject"), "3");
  EXPECT_EQ(mails[1].content.header("subject"), "2");
  EXPECT_FALSE(mailbox.find(1));
  EXPECT_TRUE(mailbox.find(3));
}

class SmtpInboxTest : public testing::Test {
 protected:
  SmtpInboxTest() {
    loop_.run_in_background();
    inbox_ = *SmtpInbox::start(loop_, clock_, mailbox_, faults_, {.slow_delay = Milliseconds(50)});
  }
  ~SmtpInboxTest() override {
    sync_wait(inbox_->stop());
    client_.reset();
    loop_.stop();
  }
  base::Result<void> send(Milliseconds limit = kLong) {
    return sync_wait(
        client_->send({.url = "smtp://127.0.0.1:" + std::to_string(inbox_->port()), .require_tls = false},
                      {.from = "shop@a.example", .to = {"buyer@b.example"}, .message = kMessage, .time_limit = limit}));
  }

  static constexpr const char* kMessage = "Subject: =?utf-8?q?Pay=C3=A9?=\r\n\r\n.point\r\nMerci\r\n";
  net::Loop loop_{2};
  base::ManualClock clock_;
  Mailbox mailbox_;
  Faults faults_;
  std::unique_ptr<SmtpInbox> inbox_;
  std::unique_ptr<mail::SmtpClient> client_ = std::make_unique<mail::SmtpClient>(loop_);
};

TEST_F(SmtpInboxTest, TakesMailFromTheClientThatThePlatformUses) {
  ASSERT_TRUE(send());
  const auto mails = mailbox_.newest_first();
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].envelope.from, "shop@a.example");
  EXPECT_EQ(mails[0].content.header("subject"), "Payé");
  EXPECT_EQ(mails[0].content.text, ".point\r\nMerci\r\n");
  EXPECT_NE(to_json(mails).find(R"("subject":"Payé")"), std::string::npos);
}

TEST_F(SmtpInboxTest, MisbehavesAsOrderedAndThenNoMore) {
  struct Row {
    FaultKind kind;
    bool sent;
    std::size_t kept;
  };
  for (const Row& row :
       {Row{FaultKind::refuse, false, 0}, Row{FaultKind::disconnect, false, 1}, Row{FaultKind::garbage, false, 1},
        Row{FaultKind::silent, false, 1}, Row{FaultKind::slow, true, 1}, Row{FaultKind::duplicate, true, 2}}) {
    SCOPED_TRACE(static_cast<int>(row.kind));
    mailbox_.clear();
    faults_.order(row.kind, 1);
    const bool unanswered = row.kind == FaultKind::silent || row.kind == FaultKind::garbage;
    EXPECT_EQ(send(unanswered ? Milliseconds(300) : kLong).has_value(), row.sent);
    EXPECT_EQ(mailbox_.newest_first().size(), row.kept);
    EXPECT_TRUE(send());
  }
}

TEST_F(SmtpInboxTest, HangsUpOnALineWithoutEnd) {
  const auto stream = *sync_wait(net::connect(loop_, "127.0.0.1:" + std::to_string(inbox_->port()), kLong));
  (void)sync_wait(stream->write(std::string(200'000, 'x'), kLong));
  std::string answer;
  while (auto bytes = sync_wait(stream->read_some(1000, kLong))) answer += *bytes;
  EXPECT_TRUE(answer.starts_with("220 "));
}

}  // namespace
}  // namespace acquit::sandbox
