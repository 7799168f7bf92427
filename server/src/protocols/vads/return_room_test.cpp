#include "protocols/vads/return_room.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "protocols/vads/answer.h"
#include "protocols/vads/sample_payments.h"
#include "protocols/vads/vads_protocol.h"

namespace acquit::vads {
namespace {

using testing::value_of;

bool is_result(std::string_view name) { return name == "vads_result"; }

TEST(ReturnRoom, LeavesOutNoMoreThanItMustInAFixedOrder) {
  const std::vector<std::vector<std::string>> order{{"vads_product_label0", "vads_nb_products", "vads_product_vat7"},
                                                    {"vads_ship_to_city", "vads_ship_to_name"},
                                                    {"vads_cust_email", "vads_cust_id"},
                                                    {"vads_url_return", "vads_contrib", "vads_unheard_of"},
                                                    {"vads_order_info", "vads_ext_info_session"}};
  base::FormFields all{{"vads_result", "00"}, {"vads_order_id", "CMD-26"}, {"vads_trans_id", "123456"}};
  for (const auto& group : order) {
    for (const std::string& name : group) all.emplace_back(name, "é ");
  }
  for (std::size_t left_out = 0; left_out <= order.size(); ++left_out) {
    base::FormFields expected = all;
    std::erase_if(expected, [&](const auto& field) {
      return std::any_of(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(left_out),
                         [&](const auto& group) { return std::ranges::find(group, field.first) != group.end(); });
    });
    const std::size_t size = base::to_form(expected).size();
    base::FormFields fields = all;
    make_room(fields, size, is_result);
    EXPECT_EQ(fields, expected) << left_out;
    if (left_out == order.size()) continue;
    // One byte less, and the next group goes.
    make_room(fields, size - 1, is_result);
    EXPECT_LT(fields.size(), expected.size()) << left_out;
  }
  base::FormFields fields = all;
  make_room(fields, 0, is_result);
  EXPECT_EQ(fields, base::FormFields(all.begin(), all.begin() + 3));
}

// As shops send baskets.
base::FormFields with_basket(int products) {
  base::FormFields fields = testing::sent_fields();
  testing::set(fields, "vads_nb_products", std::to_string(products));
  for (int i = 0; i < products; ++i) {
    const std::string number = std::to_string(i);
    fields.emplace_back("vads_product_label" + number, "Café « Été » " + number);
    fields.emplace_back("vads_product_amount" + number, "1999");
    fields.emplace_back("vads_product_qty" + number, "1");
    fields.emplace_back("vads_product_ref" + number, "REF-" + number);
    fields.emplace_back("vads_product_type" + number, "FOOD_AND_GROCERY");
  }
  testing::set(fields, "vads_return_get_params", "session=abc&x=" + std::string(200, 'y'));
  return fields;
}

std::size_t address_size(const pages::ReturnForm& target) {
  return target.url.size() + 1 + base::to_form(target.fields).size();
}

TEST(ReturnRoom, KeepsAReturnByGetWithinWhatServersTake) {
  std::set<bool> whole;
  for (int products = 0; products <= 60; ++products) {
    auto visited = testing::subject(payments::State::authorised);
    base::FormFields sent = with_basket(products);
    testing::set(sent, "vads_return_mode", "GET");
    visited.payment.protocol_fields = base::to_form(sent);
    const auto target = VadsProtocol().return_form(visited);
    EXPECT_LE(address_size(target), kReturnMax) << products;
    const bool has_basket = value_of(target.fields, "vads_nb_products") == std::to_string(products);
    whole.insert(has_basket);
    // All of it or nothing.
    EXPECT_EQ(std::ranges::count_if(target.fields,
                                    [](const auto& field) { return field.first.starts_with("vads_product_"); }),
              has_basket ? 5 * products : 0);
    EXPECT_EQ(value_of(target.fields, "vads_result"), "00");
    EXPECT_EQ(value_of(target.fields, "vads_order_id"), "CMD-26");
    EXPECT_EQ(value_of(target.fields, "session"), "abc");
    EXPECT_EQ(value_of(target.fields, "signature"), sign(target.fields, base::SecretKey(std::string(testing::kTestKey)),
                                                         merchants::SignatureAlgorithm::hmac_sha256))
        << products;
  }
  EXPECT_EQ(whole.size(), 2U);
}

TEST(ReturnRoom, IsNoMatterOfPostsAndNotifications) {
  auto visited = testing::subject(payments::State::authorised);
  base::FormFields sent = with_basket(60);
  testing::set(sent, "vads_return_mode", "POST");
  visited.payment.protocol_fields = base::to_form(sent);
  EXPECT_EQ(value_of(VadsProtocol().return_form(visited).fields, "vads_product_ref59"), "REF-59");
  EXPECT_EQ(value_of(answer_fields(visited, "PAY"), "vads_product_ref59"), "REF-59");
}

TEST(ReturnRoom, HoldsForTheReturnOfAWrongFormToo) {
  base::FormFields sent = with_basket(60);
  testing::set(sent, "vads_return_mode", "GET");
  testing::set(sent, "vads_amount", "x");
  FormError error{.code = 9, .field = "vads_amount"};
  error.is_signed = true;
  const auto target =
      return_from_bad_form({.fields = sent, .signature = {}}, testing::sample_shop(), merchants::Mode::test, error);
  EXPECT_LE(address_size(target), kReturnMax);
  EXPECT_EQ(value_of(target.fields, "vads_extra_result"), "09");
  EXPECT_EQ(value_of(target.fields, "signature"), sign(target.fields, base::SecretKey(std::string(testing::kTestKey)),
                                                       merchants::SignatureAlgorithm::hmac_sha256));
}

}  // namespace
}  // namespace acquit::vads
