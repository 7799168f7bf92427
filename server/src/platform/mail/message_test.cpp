#include "platform/mail/message.h"

#include <gtest/gtest.h>

#include "base/list.h"
#include "platform/mail/address.h"
#include "platform/mail/body.h"
#include "platform/mail/testing/smtp_sink.h"

namespace acquit::mail {
namespace {

using testing::decode_quoted_printable;
using testing::decode_words;

MimeMessage sample() {
  return {.id = "m1@pay.example",
          .date = base::time_from_ms(1'795'305'420'000),
          .from = "no-reply@pay.example",
          .from_name = "Boutique d’été",
          .reply_to = {},
          .to = {"buyer@example.com"},
          .subject = "Votre paiement de 51,24 €",
          .text = "Bonjour\n",
          .html = {},
          .boundary = "b1"};
}

std::vector<std::string> header_names(std::string_view message) {
  std::vector<std::string> names;
  for (const std::string_view line : base::split(message.substr(0, message.find("\r\n\r\n")), '\n')) {
    if (!line.starts_with(' ')) names.emplace_back(line.substr(0, line.find(':')));
  }
  return names;
}

TEST(Message, IsAsciiWithShortLinesAndCrLf) {
  MimeMessage message = sample();
  message.subject = std::string(300, 'x') + " é " + std::string(300, 'y');
  message.text = std::string(500, 'a') + "\nligne terminée par un blanc \n.point\n";
  message.html = "<p>" + std::string(500, 'b') + "é</p>";
  const std::string text = compose(message);
  EXPECT_FALSE(text.empty());
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find("\r\n", begin);
    ASSERT_NE(end, std::string::npos) << "the last line has no end";
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    EXPECT_LE(line.size(), 78U) << line;
    for (const char c : line) EXPECT_TRUE(c >= 0x20 && c < 0x7F) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
    begin = end + 2;
  }
}

TEST(Message, LetsNoValueBeginAHeaderOfItsOwn) {
  const char* const attacks[] = {
      "Shop\r\nBcc: victim@example.com",      "Shop\nBcc: victim@example.com", "Shop\rBcc: x",
      "Shop\" <evil@example.com>, \"",        "é\r\nBcc: victim@example.com",  "=?UTF-8?B?DQpCY2M6IHhAeC54?=",
      std::string_view("nul\0byte", 8).data()};
  const auto expected = header_names(compose(sample()));
  for (const char* attack : attacks) {
    MimeMessage message = sample();
    message.from_name = attack;
    message.subject = attack;
    const std::string text = compose(message);
    EXPECT_EQ(header_names(text), expected) << attack;
    const testing::ReceivedMail received{.from = {}, .to = {}, .data = text};
    EXPECT_TRUE(received.header("From").ends_with(" <no-reply@pay.example>")) << received.header("From");
    EXPECT_FALSE(received.header("From").contains("<evil@example.com>,  <")) << received.header("From");
  }
  MimeMessage message = sample();
  message.from_name = R"(A "quoted" \ name)";
  EXPECT_TRUE(compose(message).contains(R"(From: "A \"quoted\" \\ name" <no-reply@pay.example>)"));
}

TEST(Message, KeepsEveryCharacterOfItsSubject) {
  const std::string subjects[] = {"Plain",
                                  "Votre paiement de 51,24 € à « L’Été »",
                                  "二十文字を超える長い件名でも、文字の途中で切れてはいけません。もう少し続きます。",
                                  ("[MODE TEST] My Shop - Tr. ref. 067925 / FAILURE during the call to your IPN URL "
                                   "[unsuccessful attempt #1]"),
                                  "two  blanks",
                                  " around ",
                                  "=?looks encoded?="};
  for (const std::string& subject : subjects) {
    const std::string line = header_line("Subject", subject);
    const testing::ReceivedMail received{.from = {}, .to = {}, .data = line + "\r\n"};
    EXPECT_EQ(decode_words(received.header("Subject")), subject) << line;
    for (const std::string_view folded : base::split(line, '\n')) EXPECT_LE(folded.size(), 78U) << line;
  }
}

TEST(Message, GivesBackWhatQuotedPrintableTook) {
  const std::string texts[] = {"",
                               "a",
                               "é€😀",
                               "a = b",
                               "ends with blank \nnext\n",
                               ".\n..\nFrom here\n",
                               std::string(75, 'x') + "\n" + std::string(76, 'y') + "\n" + std::string(200, '='),
                               "tab\t\n",
                               std::string(74, 'z') + "é"};
  for (const std::string& text : texts) {
    std::string lines = decode_quoted_printable(quoted_printable(text));
    std::erase(lines, '\r');
    EXPECT_EQ(lines, text);
  }
  EXPECT_EQ(quoted_printable(".\nFrom"), "=2E\r\n=46rom");
}

TEST(Message, TellsTheDateInUtc) {
  EXPECT_EQ(mail_date(base::time_from_ms(0)), "Thu, 1 Jan 1970 00:00:00 +0000");
  EXPECT_EQ(mail_date(base::time_from_ms(1'795'305'420'999)), "Sat, 21 Nov 2026 23:57:00 +0000");
}

TEST(Address, AcceptsWhatCanStandInAHeader) {
  struct Row {
    std::string text;
    bool accepted;
  };
  const Row rows[] = {{"a@b.ch", true},
                      {"first.last+tag@sub.example.com", true},
                      {"o'neil@example.com", true},
                      {"root@localhost", true},
                      {"", false},
                      {"a", false},
                      {"@b.ch", false},
                      {"a@", false},
                      {"a@b@c.ch", false},
                      {"a b@c.ch", false},
                      {"a@b.ch\r\nBcc: x@y.z", false},
                      {"<a@b.ch>", false},
                      {"a@b..ch", false},
                      {".a@b.ch", false},
                      {"é@b.ch", false},
                      {"a,b@c.ch", false},
                      {std::string(65, 'a') + "@b.ch", false},
                      {"\"a\"@b.ch", false}};
  for (const Row& row : rows) EXPECT_EQ(is_address(row.text), row.accepted) << row.text;
  EXPECT_FALSE(is_address("a@" + std::string(260, 'b')));
}

TEST(Address, SplitsAListAndLeavesOutWhatIsNone) {
  using List = std::vector<std::string>;
  EXPECT_EQ(split_addresses("a@x.ch; b@x.ch;;a@x.ch ,c@x.ch; not one"), (List{"a@x.ch", "b@x.ch", "c@x.ch"}));
  EXPECT_EQ(split_addresses(""), List{});
}

TEST(Body, EscapesValuesAndSaysTheSameTwice) {
  const Body body{.language = "fr",
                  .banner = "Mode TEST",
                  .title = "Titre <b>",
                  .blocks = {Heading{"Analyse"}, Paragraph{"Un & deux"}, Facts{{{"Montant", "12,00 €\nBcc: x"}}},
                             Steps{{"Corrigez", "Renvoyez"}}}};
  EXPECT_EQ(
      to_text(body),
      "*** Mode TEST ***\n\nTitre <b>\n=========\n\nAnalyse\n-------\n\nUn & deux\n\nMontant\u202F: 12,00 € Bcc: x\n\n"
      "1. Corrigez\n2. Renvoyez\n");
  const std::string html = to_html(body);
  EXPECT_TRUE(html.contains("<h1 style=\"font-size:20px\">Titre &lt;b&gt;</h1>"));
  EXPECT_TRUE(html.contains("<p>Un &amp; deux</p>"));
  EXPECT_FALSE(html.contains("<b>"));
}

}  // namespace
}  // namespace acquit::mail
