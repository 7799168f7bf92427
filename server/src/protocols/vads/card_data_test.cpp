#include "protocols/vads/card_data.h"

#include <gtest/gtest.h>

#include "base/card_numbers.h"
#include "base/random.h"
#include "protocols/vads/answer.h"
#include "protocols/vads/sample_form.h"

namespace acquit::vads {
namespace {

Form form_of(const base::FormFields& changes) {
  base::FormFields fields = testing::good_fields();
  for (const auto& [name, value] : changes) testing::set(fields, name, value);
  return {.fields = fields, .signature = {}};
}

bool holds(std::string_view name, std::string_view value) { return holds_card_number(form_of({}), name, value); }

// Digits that pass the Luhn check, so that only what they are tells them from a card's.
std::string with_luhn_check(std::string digits) {
  digits += '0';
  while (!base::luhn_valid(digits)) ++digits.back();
  return digits;
}

TEST(CardData, IsFoundInEveryFreeFieldAndName) {
  for (const char* field :
       {"vads_order_id", "vads_order_info", "vads_cust_name", "vads_cust_phone", "vads_product_ref0",
        "vads_product_label3", "vads_ext_info_note", "vads_url_return", "vads_unknown"}) {
    EXPECT_TRUE(holds(field, "4970100000000014")) << field;
    EXPECT_TRUE(holds(field, "30569309025904")) << field;
  }
  EXPECT_TRUE(holds("vads_ext_info_4970100000000014", "x"));
  EXPECT_TRUE(holds("vads_url_return", "https://shop.example/?c=4970%201000%200000%200014"));
  EXPECT_FALSE(holds("vads_card_number", "4970100000000014"));
}

TEST(CardData, IsNoMomentOfAnOrder) {
  struct Row {
    std::string digits;
    bool card;
  };
  // The form is of 2023-11-14.
  const Row rows[] = {
      {with_luhn_check("423111422132000"), false},  // 4 YYMMDD hhmmss NNN.
      {with_luhn_check("423090122132000"), false},  // Paid by a link two months later.
      {with_luhn_check("423111600000000"), false},  // A shop in another time zone.
      {with_luhn_check("523111422132000"), false},
      {with_luhn_check("622311142213201"), true},   // No such moment: month 31.
      {with_luhn_check("231114221320000"), false},  // YYMMDD hhmmss NNNN, which begins like a Mastercard.
      {with_luhn_check("3010202322132"), false},    // DDMMYYYY hhmmss on a 30th, which begins like a Diners card.
      {with_luhn_check("301023221320000"), false},  // DDMMYY hhmmss.
      {with_luhn_check("422111422132000"), true},   // A year before.
      {with_luhn_check("423112422132000"), true},   // Ten days to come.
      {with_luhn_check("423111425132000"), true},   // No such hour.
  };
  for (const Row& row : rows) {
    EXPECT_EQ(holds("vads_order_id", row.digits), row.card) << row.digits;
    EXPECT_TRUE(base::luhn_valid(row.digits));
  }
}

TEST(CardData, IsNoNumberOfAProductOrACompany) {
  const std::string gtin = "30000000000087";  // GTIN-14 of a pallet that passes the Luhn check too.
  ASSERT_TRUE(base::contains_card_number("30569309025904"));
  EXPECT_FALSE(holds("vads_product_ref0", gtin));
  EXPECT_TRUE(holds("vads_product_ref0", "30569309025904"));
  const std::string siret = with_luhn_check("3801298660101");
  ASSERT_TRUE(base::contains_card_number(siret)) << siret;
  EXPECT_FALSE(holds("vads_cust_national_id", siret));
  EXPECT_FALSE(holds("vads_ext_info_siret", siret));
  EXPECT_TRUE(holds("vads_ext_info_note", siret));
  EXPECT_FALSE(holds("vads_ext_info_note", with_luhn_check("3801298660001"))) << "one of the first thousand offices";
}

TEST(CardData, IsSeenInFewerThanOneOfAHundredThousandOrderNumbers) {
  base::SeededRandom random(47);
  const Form form = form_of({});
  const auto two = [&](std::uint64_t from, std::uint64_t to) {
    const std::string out = std::to_string(from + random.below(to - from + 1));
    return (out.size() < 2 ? "0" : "") + out;
  };
  int alarms = 0;
  constexpr int kValues = 1'000'000;
  for (int i = 0; i < kValues; ++i) {
    // Of the last nine weeks.
    const std::string order = "4" + std::string("23") + (i % 2 == 0 ? "09" + two(15, 30) : "10" + two(1, 31)) +
                              two(0, 23) + two(0, 59) + two(0, 59) + std::to_string(100 + random.below(900));
    if (holds_card_number(form, "vads_order_id", order)) ++alarms;
  }
  EXPECT_LT(alarms, kValues / 100'000);
}

TEST(CardData, OfAnAddressesPasswordIsNotShownByARefusal) {
  base::FormFields fields = testing::good_fields();
  testing::set(fields, "vads_url_check", "https://shop:secret@shop.example/<ipn>");
  const auto checked = testing::check_form(*read_form(*base::parse_form(testing::signed_body(fields))),
                                           testing::sample_shop(), merchants::Mode::test, base::ManualClock().now());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().value, "https://shop:***@shop.example/<ipn>");
}

TEST(CardData, IsNotSentBackByAFormThatIsRefused) {
  const Form form = form_of({{"vads_trans_id", "4970100000000014"},
                             {"vads_amount", "4970 1000 0000 0014"},
                             {"vads_order_info", "４９７０ １０００ ００００ ００１４"},
                             {"vads_url_cancel", "https://shop.example/?c=4970%201000%200000%200014"},
                             {"vads_ext_info_4970100000000014", "x"},
                             {"vads_order_id", with_luhn_check("423111422132000")}});
  const auto fields = rejection_fields(form, testing::sample_shop(), merchants::Mode::test, {.code = 3});
  bool order = false;
  for (const auto& [name, value] : fields) {
    EXPECT_FALSE(base::contains_card_number(name)) << name;
    if (name == "vads_order_id") order = true;
    if (name != "vads_order_id") EXPECT_FALSE(base::contains_card_number(value)) << name << '=' << value;
  }
  EXPECT_TRUE(order) << "the shop finds its order again";
}

}  // namespace
}  // namespace acquit::vads
