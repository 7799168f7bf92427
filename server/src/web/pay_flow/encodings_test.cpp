// Forms in every encoding that browsers and shops send.
#include <gtest/gtest.h>

#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

class EncodingsTest : public FlowFixture {
 protected:
  EncodingsTest() { add_shop(form::sample_shop()); }

  static std::string parts_of(const base::FormFields& fields, const std::string& more = {}) {
    std::string out;
    for (const auto& [name, value] : fields)
      out += "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    return out + more + "--b--\r\n";
  }
  http::Response post_parts(const std::string& path, std::string body) {
    return call({.method = http::Method::post,
                 .path = path,
                 .headers = {{"content-type", "multipart/form-data; boundary=b"}},
                 .body = std::move(body)});
  }
  static base::FormFields signed_fields(base::FormFields fields) {
    return *base::parse_form(form::signed_body(std::move(fields)));
  }
};

TEST_F(EncodingsTest, TakeAFormOfPartsAsTheSameForm) {
  base::FormFields fields = form::good_fields();
  form::set(fields, "vads_order_info", "Café « Été » & Cie\r\n2 × 3 + 1 = 7 %41");
  form::set(fields, "vads_cust_first_name", "");
  const http::Response parts = post_parts("/vads-payment/", parts_of(signed_fields(fields)));
  ASSERT_EQ(parts.status, 303) << parts.body;
  const http::Response encoded = post(form::signed_body(fields));
  EXPECT_EQ(payment_of(parts).id, payment_of(encoded).id);
  EXPECT_EQ(count("payments"), 1);
}

TEST_F(EncodingsTest, TakeACardThatComesInParts) {
  const std::string page =
      header(post_parts("/vads-payment", parts_of(signed_fields(form::good_fields()))), "location");
  const http::Response paid = post_parts(page + "/card", parts_of({{"card_number", "4970100000000055"},
                                                                   {"expiry", "12/30"},
                                                                   {"security_code", "123"},
                                                                   {"card_holder", "A B"}}));
  EXPECT_EQ(header(paid, "location"), page) << paid.body;
  EXPECT_TRUE(look(page).body.contains("vads_result=00") ||
              look(page).body.contains("name=\"vads_result\" value=\"00\""));
}

TEST_F(EncodingsTest, RefuseFilesAndFormsThatAreCutOffAndSayWhy) {
  const std::string good = parts_of(signed_fields(form::good_fields()));
  const struct {
    std::string body;
    std::string field;
    std::string rule;
  } rows[] = {
      {parts_of(signed_fields(form::good_fields()),
                "--b\r\nContent-Disposition: form-data; name=\"vads_order_info\"; filename=\"a.txt\"\r\n\r\nx\r\n"),
       "vads_order_info", "Un fichier n’a pas sa place dans ce formulaire"},
      {good.substr(0, good.size() - 6), "form", "Le formulaire n’est pas lisible"},
      {form::signed_body(form::good_fields()), "form", "Le formulaire n’est pas lisible"},
      {"--b--\r\n", "form", "Aucun champ ne commence par vads_."},
  };
  for (const auto& row : rows) {
    const http::Response refused = post_parts("/vads-payment/", row.body);
    EXPECT_EQ(refused.status, 400) << row.rule;
    EXPECT_TRUE(refused.body.contains("<dd><code>" + row.field + "</code></dd>")) << row.rule;
    EXPECT_TRUE(refused.body.contains(row.rule)) << refused.body;
  }
  EXPECT_EQ(count("payments"), 0);
}

}  // namespace
}  // namespace acquit::web
