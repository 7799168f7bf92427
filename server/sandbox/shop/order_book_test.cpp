#include "sandbox/shop/order_book.h"

#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "sandbox/shop/vads_form.h"

namespace acquit::sandbox {
namespace {

constexpr std::string_view kKey = "1122334455667788";
constexpr std::string_view kUpdated = "OK-Accepted payment, order has been updated.";
constexpr std::string_view kAgain = "OK-Accepted payment, already registered.";
constexpr std::string_view kFailed = "OK-Payment failure, order has been cancelled.";
constexpr std::string_view kMismatch = "KO-Order status does not match the payment result.";
constexpr std::string_view kForged = "KO-An error occurred while computing the signature.";

class OrderBookTest : public testing::Test {
 protected:
  OrderBookTest() : order_(book_.open(*read_checkout({{"quantity_onde", "1"}}))) {}

  base::FormFields notification(std::string_view status, std::string_view uuid, std::string_view type = "DEBIT") {
    base::FormFields fields = {{"vads_order_id", order_.id},
                               {"vads_trans_status", std::string(status)},
                               {"vads_trans_uuid", std::string(uuid)},
                               {"vads_operation_type", std::string(type)}};
    fields.emplace_back("signature", vads_signature(fields, kKey));
    return fields;
  }
  OrderStatus status() { return book_.find(order_.id)->status; }

  base::ManualClock clock_;
  base::SeededRandom random_{1};
  OrderBook book_{clock_, random_, std::string(kKey)};
  Order order_;
};

TEST_F(OrderBookTest, FollowsEachNotificationAsTheModuleDoes) {
  struct Row {
    std::string_view trans_status;
    std::string_view uuid;
    std::string_view type;
    std::string_view answer;
    OrderStatus status;
  };
  using enum OrderStatus;
  for (const Row& row : {
           Row{"REFUSED", "u1", "DEBIT", kFailed, failed},
           Row{"ABANDONED", "", "DEBIT", kFailed, cancelled},
           Row{"WAITING_AUTHORISATION", "u2", "DEBIT", kUpdated, pending},
           Row{"AUTHORISED", "u3", "DEBIT", kUpdated, paid},
           Row{"AUTHORISED", "u3", "DEBIT", kAgain, paid},
           Row{"AUTHORISED", "u4", "DEBIT", kAgain, paid},
           Row{"REFUSED", "u5", "DEBIT", kMismatch, paid},
           Row{"REFUSED", "u6", "CREDIT", kMismatch, paid},
           Row{"CAPTURED", "u3", "DEBIT", kAgain, paid},
           Row{"AUTHORISED", "u7", "CREDIT", kUpdated, refunded},
           Row{"NO_SUCH_STATUS", "u8", "DEBIT", kMismatch, refunded},
       }) {
    EXPECT_EQ(book_.receive(notification(row.trans_status, row.uuid, row.type), "", false), row.answer) << row.uuid;
    EXPECT_EQ(status(), row.status) << row.uuid;
  }
}

TEST_F(OrderBookTest, TheMerchantMayCancelAPaidOrder) {
  (void)book_.receive(notification("AUTHORISED", "u1"), "", false);
  EXPECT_EQ(book_.receive(notification("CANCELLED", "u1"), "", false), kFailed);
  EXPECT_EQ(status(), OrderStatus::cancelled);
}

TEST_F(OrderBookTest, AForgedNotificationChangesNothingButIsKept) {
  base::FormFields forged = notification("REFUSED", "u1");
  forged[1].second = "AUTHORISED";
  EXPECT_EQ(book_.receive(forged, "", false), kForged);
  EXPECT_EQ(status(), OrderStatus::awaiting);
  ASSERT_EQ(book_.notifications().size(), 1U);
  EXPECT_FALSE(book_.notifications()[0].verified);
  EXPECT_EQ(book_.notifications()[0].fields, forged);
}

TEST_F(OrderBookTest, AnUnknownOrderIsNotFound) {
  base::FormFields fields = {{"vads_order_id", "nobody"}, {"vads_trans_status", "AUTHORISED"}};
  fields.emplace_back("signature", vads_signature(fields, kKey));
  EXPECT_EQ(book_.receive(fields, "", false), "KO-Order not found.");
}

TEST_F(OrderBookTest, AnIgnoredNotificationIsKeptWithItsFault) {
  EXPECT_EQ(book_.receive(notification("AUTHORISED", "u1"), "refuse", true), "");
  EXPECT_EQ(status(), OrderStatus::awaiting);
  EXPECT_EQ(book_.notifications().at(0).fault, "refuse");
}

}  // namespace
}  // namespace acquit::sandbox
