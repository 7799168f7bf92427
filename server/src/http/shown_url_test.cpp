#include "http/shown_url.h"

#include <gtest/gtest.h>

namespace acquit::http {
namespace {

TEST(ShownUrl, HoldsNoPassword) {
  const struct {
    std::string_view url;
    std::string_view shown;
  } rows[] = {
      {"https://shop.example/ipn?a=1", "https://shop.example/ipn?a=1"},
      {"https://shop.example:8443/a@b", "https://shop.example:8443/a@b"},
      {"https://[2001:db8::1]/a@b", "https://[2001:db8::1]/a@b"},
      {"https://[2001:db8::1]:8443/a@b", "https://[2001:db8::1]:8443/a@b"},
      {"https://user:secret@shop.example/ipn", "https://user:***@shop.example/ipn"},
      {"HTTPS://user:secret@shop.example:8443", "HTTPS://user:***@shop.example:8443"},
      {"https://user:se@cret@shop.example/a@b", "https://user:***@shop.example/a@b"},
      {"https://user:s:e:c@shop.example/", "https://user:***@shop.example/"},
      {"https://user:@shop.example/", "https://user:***@shop.example/"},
      {"https://token@shop.example/", "https://***@shop.example/"},
      {"https://user:sec/ret@shop.example/", "https://user:***@shop.example/"},
      {"https://user:sec#ret@shop.example/", "https://user:***@shop.example/"},
      {"https://user:sec?ret@shop.example/", "https://user:***@shop.example/"},
      {"//user:secret@shop.example/", "//user:***@shop.example/"},
      {"user:secret@shop.example", "user:***@shop.example"},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(shown_url(row.url), row.shown) << row.url;
}

}  // namespace
}  // namespace acquit::http
