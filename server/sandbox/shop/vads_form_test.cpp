#include "sandbox/shop/vads_form.h"

#include <gtest/gtest.h>

namespace acquit::sandbox {
namespace {

constexpr std::string_view kKey = "1122334455667788";

// The worked example of lyra.md §1.2.
base::FormFields example() {
  return {{"vads_action_mode", "INTERACTIVE"}, {"vads_amount", "5124"},
          {"vads_ctx_mode", "TEST"},           {"vads_currency", "978"},
          {"vads_page_action", "PAYMENT"},     {"vads_payment_config", "SINGLE"},
          {"vads_site_id", "12345678"},        {"vads_trans_date", "20170129130025"},
          {"vads_trans_id", "123456"},         {"vads_version", "V2"}};
}

TEST(VadsForm, SignsThePublishedExample) {
  EXPECT_EQ(vads_signature(example(), kKey), "ycA5Do5tNvsnKdc/eP1bj2xa19z9q3iWPy9/rpesfS0=");
}

TEST(VadsForm, SignsEmptyFieldsAccentsAndUpperCaseNamesInByteOrder) {
  base::FormFields fields = example();
  fields.emplace_back("vads_threeds_cavvAlgorithm", "2");
  fields.emplace_back("vads_threeds_cavv", "Q2F2");
  fields.emplace_back("vads_order_id", "");
  fields.emplace_back("vads_cust_name", "Élodie O'Brien + Co");
  fields.emplace_back("other", "not signed");
  fields.emplace_back("signature", "not signed either");
  EXPECT_EQ(vads_signature(fields, kKey), "5XxeZl9a/Zqntw87SW2HWgZCpmz4IpMuysoPKIWBa0w=");
}

TEST(VadsForm, VerifiesOnlyWhatWasSignedWithItsKey) {
  base::FormFields fields = example();
  EXPECT_FALSE(vads_verified(fields, kKey));
  fields.emplace_back("signature", vads_signature(fields, kKey));
  EXPECT_TRUE(vads_verified(fields, kKey));
  EXPECT_FALSE(vads_verified(fields, "1122334455667789"));
  fields[1].second = "5125";
  EXPECT_FALSE(vads_verified(fields, kKey));
}

}  // namespace
}  // namespace acquit::sandbox
