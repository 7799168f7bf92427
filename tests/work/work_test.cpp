// What strangers send costs no more than in proportion to its size: each parser, masker and renderer gets its limit of
// the shapes that are worst for one or another of them, and its steps are counted.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "base/card_numbers.h"
#include "base/clock.h"
#include "base/form_fields.h"
#include "base/html.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "connectors/iso8583/wire.h"
#include "connectors/threeds/message.h"
#include "http/form.h"
#include "http/impl/forwarded.h"
#include "http/impl/request_parser.h"
#include "http/impl/request_target.h"
#include "notifications/call_outcome.h"
#include "platform/i18n/language.h"
#include "platform/mail/body.h"
#include "protocols/vads/form.h"
#include "protocols/vads/sample_form.h"
#include "protocols/vads/signature_search.h"
#include "protocols/vads/vads_protocol.h"
#include "work/bounds.h"

namespace acquit::work {

const std::vector<std::string>& units() {
  static const std::vector<std::string> kUnits{"4970100000000055",
                                               "4970100000000055 ",
                                               "4970 1000 ",
                                               "4 ",
                                               "49 ",
                                               "4-",
                                               "a4-",
                                               "4.",
                                               "0",
                                               "%34",
                                               "%25",
                                               "%",
                                               "%C3",
                                               "\xC3",
                                               "é",
                                               "４",
                                               "AA11 ",
                                               "AA11",
                                               "&",
                                               "&amp;",
                                               "&amp;amp;amp;nbsp;",
                                               "4970&nbsp;",
                                               "&#0000",
                                               "4\u200b",
                                               "4970 1000-0000,0000/",
                                               "4                               ",
                                               "\\u00a0",
                                               "\\n4",
                                               "<",
                                               "'",
                                               "+",
                                               ";",
                                               "=",
                                               "a=1;",
                                               "&a=1",
                                               ",",
                                               " ",
                                               "\r\n",
                                               "\n",
                                               "/",
                                               "/.",
                                               "{",
                                               "[",
                                               "\"",
                                               "{\"a\":",
                                               "[1,",
                                               "\\u0041",
                                               "a",
                                               "\x01",
                                               ":",
                                               "--",
                                               "--b\r\n",
                                               "\r\n--b",
                                               "\r\n--b\r\n",
                                               "a:\r\n",
                                               "5+",
                                               "TEST+",
                                               "12/",
                                               "１２／",
                                               "年",
                                               "eyJhIjox",
                                               "{{",
                                               "{{#a}}",
                                               "{amount}",
                                               "</script>",
                                               "0 ",
                                               "(0)"};
  return kUnits;
}

namespace {

TEST(Work, CountsWhatTheseSourcesDo) {
  const std::uint64_t before = steps();
  (void)base::html_escape(filled("<", 1000));
  EXPECT_GT(steps() - before, 1000U);
}

TEST(Work, OnTextsIsLinear) {
  expect_bounded("masking", kBodyMax, [](const std::string& text) { (void)base::mask_card_numbers(text); });
  expect_bounded("reading a form", kBodyMax, [](const std::string& text) { (void)base::parse_form(text); });
  expect_bounded("escaping", kBodyMax, [](const std::string& text) {
    (void)base::html_escape(text);
    (void)base::percent_encode(text);
    (void)base::is_valid_utf8(text);
    (void)base::from_base64(text);
  });
  expect_bounded("languages", kHeaderMax, [](const std::string& text) {
    (void)i18n::negotiate_language(text, i18n::all_languages(), i18n::Language::fr);
  });
  expect_bounded("an answer in the history", kBodyMax,
                 [](const std::string& text) { (void)notifications::shown_answer(text); });
  expect_bounded("a mail", kBodyMax, [](const std::string& text) {
    const mail::Body body{.language = "fr", .banner = {}, .title = text, .blocks = {mail::Paragraph{text}}};
    (void)mail::to_text(body);
    (void)mail::to_html(body);
  });
}

// As many fields as there may be, in each place where another field may have stood before a buyer renamed it.
std::string many_between(const std::string& text) {
  std::string many;
  for (const std::string_view before : {"vads_amo", "vads_b", "vads_ctz", "vads_payment_d", "vads_product", "vads_t"}) {
    for (int i = 0; i < 150; ++i)
      many += "&" + std::string(before) + std::to_string(i) + "=" + base::percent_encode(text.substr(0, 60));
  }
  return many;
}

// As one value, as a name, as the signature, and as many fields.
std::vector<std::string> bodies(const std::string& text, merchants::Mode mode) {
  base::FormFields fields = vads::testing::good_fields();
  vads::testing::set(fields, "vads_ctx_mode", merchants::to_string(mode));
  std::string many;
  for (int i = 0; i < 900; ++i)
    many += "&vads_ext_info_" + std::to_string(i) + "=" + base::percent_encode(text.substr(0, 90));
  const std::string good = base::to_form(fields);
  const std::string encoded = base::percent_encode(text.substr(0, text.size() / 3));
  return {text,
          good + "&vads_order_info=" + encoded,
          good + "&vads_" + encoded + "=1",
          good + "&signature=" + encoded,
          good + "&vads_url_return=" + encoded,
          good + "&vads_payment_cards=" + encoded,
          good + "&vads_theme_config=" + encoded,
          good + "&vads_payment_config=MULTI_EXT:" + encoded,
          good + "&vads_ama=" + encoded,
          good + "&vads_cust_city=" + encoded,
          good + many,
          good + many_between(text)};
}

// The same as parts, where `text` is a value, a name, a header, or what stands between boundaries.
std::vector<std::string> bodies_of_parts(const std::string& text) {
  const std::string head = "--b\r\nContent-Disposition: form-data; name=";
  std::string good;
  for (const auto& [name, value] : vads::testing::good_fields()) good += head + name + "\r\n\r\n" + value + "\r\n";
  std::string many;
  for (int i = 0; i < 900; ++i)
    many += head + "vads_ext_info_" + std::to_string(i) + "\r\n\r\n" + text.substr(0, 90) + "\r\n";
  return {text,
          text + "\r\n--b--",
          good + head + "vads_order_info\r\n\r\n" + text.substr(0, text.size() / 3) + "\r\n--b--",
          good + head + '"' + text.substr(0, 4000) + "\"\r\n\r\n1\r\n--b--",
          good + head + "a; " + text.substr(0, 4000) + "\r\n\r\n1\r\n--b--",
          good + head + "a\r\n" + text + "\r\n\r\n1\r\n--b--",
          good + many + "--b--"};
}

http::Request posted(const std::string& body, const std::string& type) {
  return {.method = http::Method::post, .path = "/", .headers = {{"content-type", type}}, .body = body};
}

void enter(const http::Request& request, merchants::Mode mode) {
  const auto form = vads::read_form(http::form_of(request));
  if (!form) return;
  const merchants::ShopConfig shop = vads::testing::sample_shop();
  for (const bool right : {false, true}) {
    vads::Form sent = *form;
    if (right) sent.signature = vads::sign(form->fields, vads::form_key(shop, mode), shop.shop.algorithm);
    const auto checked = vads::testing::check_form(sent, shop, mode, base::time_from_ms(1'700'000'000'000));
    if (checked) continue;
    (void)vads::return_from_bad_form(sent, shop, mode, checked.error());
  }
}

constexpr std::array kModes{merchants::Mode::test, merchants::Mode::production};

TEST(Work, OnFormsIsLinear) {
  for (const merchants::Mode mode : kModes) {
    for (std::size_t i = 0; i < bodies("", mode).size(); ++i) {
      expect_bounded(std::string(merchants::to_string(mode)) + " form of shape " + std::to_string(i), kBodyMax / 4,
                     [&](const std::string& text) { enter(posted(bodies(text, mode).at(i), ""), mode); });
    }
  }
  for (std::size_t i = 0; i < bodies_of_parts("").size(); ++i) {
    expect_bounded("a form of parts of shape " + std::to_string(i), kBodyMax / 4, [&](const std::string& text) {
      enter(posted(bodies_of_parts(text).at(i), "multipart/form-data; boundary=b"), merchants::Mode::test);
    });
  }
  // Boundaries that nearly are one, and a content type of the largest size.
  const std::string boundary(70, '-');
  expect_bounded("a form of parts", kHeaderMax, [&](const std::string& text) {
    const std::string nearly = filled("\r\n--" + boundary.substr(1), kHeaderMax);
    enter(posted(nearly, "multipart/form-data; boundary=" + boundary), merchants::Mode::test);
    enter(posted(text, "multipart/form-data; " + text), merchants::Mode::test);
  });
}

TEST(Work, OnOneFormOfTheLargestSizeIsLinear) {
  for (const merchants::Mode mode : kModes) {
    for (const std::string unit : {"4970100000000055 ", "&", "&amp;", "é", "'", "5+", "TEST+"}) {
      base::FormFields fields = vads::testing::good_fields();
      vads::testing::set(fields, "vads_ctx_mode", merchants::to_string(mode));
      fields.emplace_back("vads_order_info", filled(unit, kBodyMax - 1000));
      const merchants::ShopConfig shop = vads::testing::sample_shop();
      for (const std::string& signature :
           {std::string("x"), vads::sign(fields, vads::form_key(shop, mode), shop.shop.algorithm)}) {
        const std::uint64_t before = steps();
        (void)vads::testing::check_form({.fields = fields, .signature = signature}, shop, mode,
                                        base::time_from_ms(1'700'000'000'000));
        EXPECT_LT(steps() - before, kBodyMax * kStepsPerByte) << unit;
      }
    }
  }
}

// Every change that is tried changes something in each of these fields.
TEST(Work, OnTheSearchOfASignatureIsBounded) {
  const std::string unit = "\u2019&' \r\n\u00e9+<a>%41\\Z 5100";
  for (const std::size_t fields : {1U, 10U, 100U, 900U}) {
    for (const std::size_t size : {std::size_t{30}, kBodyMax / 40 / fields, kBodyMax / 4 / fields}) {
      base::FormFields sent = vads::testing::good_fields();
      for (std::size_t i = 0; i < fields; ++i)
        sent.emplace_back("vads_ext_info_" + std::to_string(i), filled(unit, std::max<std::size_t>(size, 30)));
      const std::uint64_t before = steps();
      const std::string signature(44, 'x');
      EXPECT_FALSE(vads::find_signed_otherwise({.fields = sent, .signature = signature}, vads::testing::sample_shop(),
                                               merchants::Mode::test));
      const std::size_t bytes = base::to_form(sent).size();
      EXPECT_LT(steps() - before, bytes * 100 + 5 * kStepsAnyway) << fields << " of " << size;
    }
  }
}

TEST(Work, OnRequestsIsLinear) {
  const auto feed = [](const std::string& text) {
    http::RequestParser parser({.header_max = kHeaderMax, .body_max = kBodyMax});
    (void)parser.feed(text);
  };
  expect_bounded("a target", kHeaderMax, [&](const std::string& text) {
    (void)http::parse_target("/" + text);
    feed("GET /" + text + " HTTP/1.1\r\nHost: a\r\n\r\n");
  });
  expect_bounded("a header", kHeaderMax, [&](const std::string& text) {
    feed("GET / HTTP/1.1\r\nHost: a\r\nX: " + text + "\r\n\r\n");
    feed("GET / HTTP/1.1\r\nHost: a\r\n" + text);
  });
  expect_bounded("addresses of proxies", kHeaderMax,
                 [](const std::string& text) { (void)http::canonical_address(text); });
}

TEST(Work, OnMessagesIsLinear) {
  expect_bounded("a 3-D Secure message", kBodyMax, [](const std::string& text) {
    (void)threeds::parse_message(text, {threeds::MessageType::rreq});
    (void)threeds::parse_message(R"({"messageType":"RReq","messageVersion":"2.2.0","x":")" + text + "\"}",
                                 {threeds::MessageType::rreq});
  });
  expect_bounded("a bank's messages", kBodyMax, [](const std::string& text) {
    iso8583::FrameReader reader(iso8583::LengthHeader::two_bytes, 4096);
    for (std::size_t at = 0; at < text.size(); at += 1000) {
      reader.append(std::string_view(text).substr(at, 1000));
      while (true) {
        const auto frame = reader.next();
        if (!frame || !*frame) break;
      }
    }
  });
}

}  // namespace
}  // namespace acquit::work
