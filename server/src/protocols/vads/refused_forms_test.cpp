// What is stored and mailed of a refused form, and how much of it.
#include <gtest/gtest.h>

#include "protocols/vads/door_fixture.h"

namespace acquit::vads {
namespace {

using support::must;

class RefusedForms : public testing::DoorFixture {
 protected:
  RefusedForms() { add_shop(testing::sample_shop()); }

  static base::FormFields good(const base::FormFields& changes = {}) {
    base::FormFields fields = testing::good_fields();
    for (const auto& [name, value] : changes) testing::set(fields, name, value);
    return fields;
  }
};

TEST_F(RefusedForms, KeepsOfARefusedFormWhatTheShopFindsItBy) {
  const auto fields = good({{"vads_ctx_mode", "PRODUCTION"},
                            {"vads_order_id", "CMD-26"},
                            {"vads_trans_id", "067925"},
                            {"vads_amount", "4970100000000014"}});
  const auto response = post(testing::signed_body(fields, testing::kProductionKey));
  ASSERT_EQ(response.status, 400);
  ASSERT_EQ(traces(testing::kShop).size(), 1U);
  const platform::RequestTrace trace = traces(testing::kShop)[0];
  EXPECT_EQ(trace.reference, "CMD-26");
  EXPECT_EQ(trace.protocol, "vads");
  EXPECT_EQ(trace.key, "067925/2023-11-14");
  EXPECT_EQ(trace.mode, "PRODUCTION");
  EXPECT_TRUE(trace.is_signed);
  EXPECT_FALSE(trace.value.contains("4970100000000014")) << trace.value;
  EXPECT_FALSE(trace.incident.empty());
  EXPECT_TRUE(response.body.contains(trace.incident)) << "the page shows it";
  const auto found = must(base::sync_wait(
      env_->node().database->read([&](db::ReadTx& tx) { return platform::traces_of_incident(tx, trace.incident); })));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].reference, "CMD-26");
  EXPECT_EQ(found[0].shop, testing::kShop);
}

TEST_F(RefusedForms, KeepsTheNumberOfAPaymentWhoseDayCannotBeRead) {
  ASSERT_EQ(post(testing::signed_body(good({{"vads_trans_id", "067925"}, {"vads_trans_date", "today"}}))).status, 400);
  EXPECT_EQ(traces(testing::kShop).at(0).key, "067925");
}

TEST_F(RefusedForms, MailsOfFormsWithATrueSignatureOnlyAndOfManyOnce) {
  for (int i = 0; i < 20; ++i) {
    env_->clock.advance(base::Milliseconds{1});
    post(testing::signed_body(good({{"vads_ctx_mode", "PRODUCTION"}})));  // With the key of TEST.
  }
  EXPECT_EQ(traces(testing::kShop)[0].code, "00");
  EXPECT_FALSE(traces(testing::kShop)[0].is_signed);
  EXPECT_EQ(count("outbox"), 0) << "anybody could have sent them";
  for (int i = 0; i < 20; ++i) {
    env_->clock.advance(base::Milliseconds{1});
    post(testing::signed_body(good({{"vads_ctx_mode", "PRODUCTION"}, {"vads_amount", "5x"}}), testing::kProductionKey));
  }
  EXPECT_EQ(count("outbox"), 2) << "one mail, and one to come that counts the others";
}

TEST_F(RefusedForms, LetsNoStrangerFillTheTableNorKeepOutTheShopsOwnTraces) {
  const auto unsigned_form = good({{"vads_ctx_mode", "PRODUCTION"}});
  for (int i = 0; i < 150; ++i) post(testing::signed_body(unsigned_form));
  const int of_one_address = count("request_traces");
  EXPECT_EQ(of_one_address, 60);
  post(testing::signed_body(good({{"vads_ctx_mode", "PRODUCTION"}, {"vads_amount", "5x"}}), testing::kProductionKey));
  EXPECT_EQ(count("request_traces"), of_one_address + 1);
}

}  // namespace
}  // namespace acquit::vads
