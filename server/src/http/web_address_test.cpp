#include "http/web_address.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "http/impl/response_head.h"

namespace acquit::http {
namespace {

// Every byte at every place: what is taken can be written into a header, and what is written is an address again.
TEST(WebAddress, IsTakenJustWhereItCanBeWrittenAnywhere) {
  const std::string good = "https://user:a@shop.example:8443/path?query=1#fragment";
  ASSERT_TRUE(is_web_address(good));
  for (int byte = 0; byte <= 0xFF; ++byte) {
    const auto c = static_cast<char>(byte);
    const bool refused = byte < 0x20 || byte == 0x7F || std::string_view(" <>\"\\^`{|}").contains(c);
    for (const std::size_t at : {good.find("path"), good.find("query"), good.find("fragment"), good.size()}) {
      std::string address = good;
      address.insert(at, 1, c);
      EXPECT_EQ(is_web_address(address), !refused) << byte << " at " << at;
      const std::string sent = sent_address(address);
      EXPECT_TRUE(is_web_address(sent)) << byte;
      EXPECT_TRUE(std::ranges::all_of(sent, [](char s) { return s > ' ' && s <= '~'; })) << byte;
      EXPECT_EQ(sent_address(sent), sent) << byte;
      EXPECT_TRUE(is_sendable(Response::see_other(address))) << byte;
      if (refused) EXPECT_FALSE(is_web_address(c + good)) << byte;
    }
  }
}

TEST(WebAddress, HasASchemeAndAHostOfDns) {
  for (const std::string_view taken :
       {"http://a", "HTTPS://Shop.Example/x", "http://localhost:8080/return?order=1&x=%20", "http://[2001:db8::1]:8080",
        "https://user:secret@my_shop.example:8443/r\u00e9sultat?a=b@c", "https://xn--boutiqu-hya.example?order=1",
        "http://a:1", "http://a:65535/", "http://a:/", "http://a#b", "https://shop.example/caf\xE9"}) {
    EXPECT_TRUE(is_web_address(taken)) << taken;
  }
  for (const std::string_view refused : {"",
                                         "http",
                                         "http://",
                                         "http:///x",
                                         "https://?x",
                                         "https://.a",
                                         "ftp://a",
                                         "javascript:alert(1)",
                                         "//a",
                                         "a.b",
                                         "https:/a",
                                         "http://a:0",
                                         "http://a:65536",
                                         "http://a:99999",
                                         "http://a:x",
                                         "http://a:1:2",
                                         "http://[a",
                                         "http://[]",
                                         "http://[::1]x",
                                         "https://boutiqu\u00e9.example",
                                         "https://a,b",
                                         "https://a;b",
                                         "https://a'b",
                                         " https://a",
                                         "https://a "}) {
    EXPECT_FALSE(is_web_address(refused)) << refused;
  }
}

TEST(WebAddress, IsSentAsBrowsersSendIt) {
  EXPECT_EQ(sent_address("https://shop.example/r\u00e9sultat?a=%20b+c&d='e'#\u00fc"),
            "https://shop.example/r%C3%A9sultat?a=%20b+c&d='e'#%C3%BC");
  EXPECT_EQ(sent_address("https://shop.example/caf\xE9"), "https://shop.example/caf%E9");
  EXPECT_EQ(sent_address("/pay/a?b=c"), "/pay/a?b=c");
  EXPECT_EQ(sent_address("/pay/a?b=http://\u00fc/"), "/pay/a?b=http://%C3%BC/");
  EXPECT_EQ(sent_address("  https://shop.example/x y "), "https://shop.example/x%20y");
  EXPECT_EQ(sent_address("https://u:s@boutiqu\u00e9.example:8443?q"), "https://u:s@xn--boutiqu-hya.example:8443?q");
  EXPECT_EQ(sent_address("https://[2001:db8::1]:8080/\u00fc"), "https://[2001:db8::1]:8080/%C3%BC");
  EXPECT_EQ(sent_address(" "), "");
  EXPECT_EQ(sent_address("/a\r\nSet-Cookie: b"), "/a%0D%0ASet-Cookie:%20b");
}

TEST(WebAddress, IsALinkAsShopsWriteIt) {
  for (const std::string_view taken : {"https://a/b", " https://a/b ", "https://boutiqu\u00e9.example", "https://a/x y",
                                       "https://a/?q={1}|2^3", "HTTP://\u65e5\u672c.example:8080/?a[]=1"}) {
    EXPECT_TRUE(is_link(taken)) << taken;
  }
  for (const std::string_view refused :
       {"", " ", "a.b", "https://", "https://a b/", "https://a\tb", "\thttps://a", "https://a\n", "https://a/<b>",
        "https://a/\"", "https://a/`", "https://a/\\b", "https:\\\\a", "ftp://a", "https://a:0/",
        "https://\u00e9 b.example", "https://-\u00e9.example"}) {
    EXPECT_FALSE(is_link(refused)) << refused;
  }
}

}  // namespace
}  // namespace acquit::http
