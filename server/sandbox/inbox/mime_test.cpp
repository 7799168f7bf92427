#include "sandbox/inbox/mime.h"

#include <gtest/gtest.h>

#include <string>

namespace acquit::sandbox {
namespace {

TEST(Mime, DecodesHeaderWords) {
  struct Row {
    std::string_view value;
    std::string_view expected;
  };
  for (const Row& row : {
           Row{"Ticket", "Ticket"},
           Row{"=?utf-8?q?Re=C3=A7u_de_paiement?=", "Reçu de paiement"},
           Row{"=?UTF-8?B?UmXDp3U=?= n=?", "Reçu n=?"},
           Row{"=?iso-8859-1?Q?pay=E9?=", "payé"},
           Row{"=?utf-8?q?a?= =?utf-8?q?b?= c", "ab c"},
           Row{"=?utf-8?x?a?=", "=?utf-8?x?a?="},
           Row{"100 % =? fini", "100 % =? fini"},
           Row{"=?utf-8?q?=E2=82=AC?=", "€"},
       }) {
    const ParsedMail mail = parse_mail("Subject: " + std::string(row.value) + "\r\n\r\n");
    EXPECT_EQ(mail.header("subject"), row.expected) << row.value;
  }
}

TEST(Mime, ReadsAPlainMail) {
  const ParsedMail mail = parse_mail("Subject: a\r\n  b\r\nX-Empty:\r\n\r\nLine 1\r\nLine 2\r\n");
  EXPECT_EQ(mail.header("subject"), "a  b");
  EXPECT_EQ(mail.text, "Line 1\r\nLine 2\r\n");
  EXPECT_EQ(mail.html, "");
}

TEST(Mime, FindsTextHtmlAndAttachmentOfNestedParts) {
  const ParsedMail mail = parse_mail(
      "Content-Type: multipart/mixed; boundary=\"out\"\r\n\r\nnothing\r\n"
      "--out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n"
      "--in\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
      "Pay=C3=A9=\r\n !\r\n"
      "--in\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
      "PHA+UGF5\r\nw6k8L3A+\r\n--in--\r\n"
      "--out\r\nContent-Type: application/pdf; name=\"x.pdf\"\r\nContent-Disposition: attachment; "
      "filename=\"ticket.pdf\"\r\n\r\n12345\r\n--out--\r\nepilogue");
  EXPECT_EQ(mail.text, "Payé !");
  EXPECT_EQ(mail.html, "<p>Payé</p>");
  ASSERT_EQ(mail.attachments.size(), 1U);
  EXPECT_EQ(mail.attachments[0].name, "ticket.pdf");
  EXPECT_EQ(mail.attachments[0].size, 5U);
}

TEST(Mime, ReadsWhatIsWrittenInLatin1AndTheNamesOfWhatIsAttached) {
  const ParsedMail mail = parse_mail(
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\npay\xE9\r\n"
      "--b\r\nContent-Type: application/pdf; name=\"=?utf-8?q?Re=C3=A7u?=.pdf\"\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\nMTIzNDU=\r\n--b--\r\n");
  EXPECT_EQ(mail.text, "payé");
  ASSERT_EQ(mail.attachments.size(), 1U);
  EXPECT_EQ(mail.attachments[0].name, "Reçu.pdf");
  EXPECT_EQ(mail.attachments[0].type, "application/pdf");
  EXPECT_EQ(mail.attachments[0].size, 5U);
}

TEST(Mime, SurvivesWhatIsNoMail) {
  for (const std::string_view raw :
       {"", "\r\n", "no colon", "Content-Type: multipart/mixed\r\n\r\n--\r\n--\r\n--",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b", "Content-Type: text/plain\r\n\r\n\xff\xfe"}) {
    (void)parse_mail(raw);
  }
  // Parts inside parts without end are read to a certain depth only.
  std::string deep;
  for (int i = 0; i < 40'000; ++i) deep += "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";
  EXPECT_EQ(parse_mail(deep).text, "");
}

}  // namespace
}  // namespace acquit::sandbox
