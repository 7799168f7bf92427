#include "protocols/vads/relabelled.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/list.h"
#include "base/number.h"
#include "base/random.h"
#include "payments/nouns/plan.h"
#include "protocols/vads/amounts.h"
#include "protocols/vads/answer.h"
#include "protocols/vads/fields.h"
#include "protocols/vads/request.h"
#include "protocols/vads/sample_form.h"
#include "protocols/vads/sample_payments.h"

namespace acquit::vads {
namespace {

using base::FormFields;

// What shop modules send, field by field as recorded, each with the shop and date of the tests.
using Forms = std::map<std::string, FormFields>;

const Forms& forms_of_carts() {
  static const Forms kForms{
      {"modified eCommerce",
       {{"vads_available_languages", ""},
        {"vads_capture_delay", "3"},
        {"vads_validation_mode", ""},
        {"vads_contrib", "modified_eCommerce_Shopsoftware_1.x-2.x_1.2.1/3.3.0/8.2.36"},
        {"vads_cust_address", "12 rue de l'Église"},
        {"vads_cust_city", "Paris"},
        {"vads_cust_country", "FR"},
        {"vads_cust_email", "jeanne+shop@shop.example"},
        {"vads_cust_first_name", "Jeanne"},
        {"vads_cust_id", "2"},
        {"vads_cust_last_name", "Martin"},
        {"vads_cust_phone", "+33612345678"},
        {"vads_cust_zip", "75011"},
        {"vads_language", "de"},
        {"vads_order_id", "17"},
        {"vads_payment_cards", ""},
        {"vads_return_mode", "GET"},
        {"vads_ship_to_city", "Paris"},
        {"vads_ship_to_zip", "75011"},
        {"vads_threeds_mpi", "2"},
        {"vads_url_return", "https://shop.example/checkout_process_payzen.php"},
        {"vads_ext_info_session_name", "MODsid"},
        {"vads_ext_info_session_id", "0123456789abcdefghijklmnop"}}},
      {"a basket with taxes",
       {{"vads_contrib", "PrestaShop_1.5-8.x_1.15.7/8.1.3/8.1.27"},
        {"vads_nb_products", "2"},
        {"vads_product_label0", "Café moulu"},
        {"vads_product_amount0", "1250"},
        {"vads_product_qty0", "3"},
        {"vads_product_ref0", "CAF-1"},
        {"vads_product_type0", "FOOD_AND_GROCERY"},
        {"vads_product_vat0", "20.0000"},
        {"vads_product_label1", "MOTO 2026"},
        {"vads_product_amount1", "100"},
        {"vads_product_qty1", "1"},
        {"vads_shipping_amount", "490"},
        {"vads_tax_amount", "854"},
        {"vads_totalamount_vat", "0"},
        {"vads_insurance_amount", "0"},
        {"vads_cust_status", "PRIVATE"},
        {"vads_ship_to_type", "PACKAGE_DELIVERY_COMPANY"},
        {"vads_ship_to_delivery_company_name", "Colis & Cie"},
        {"vads_threeds_mpi", ""},
        {"vads_order_id", "1234"},
        {"vads_url_success", "https://shop.example/ok?a=1"},
        {"vads_url_check", "https://shop.example/ipn"},
        {"vads_order_cycle", "CLOSED"}}},
  };
  return kForms;
}

const Forms& other_forms() {
  static const Forms kForms{
      {"an operator on the telephone",
       {{"vads_payment_src", "MOTO"},
        {"vads_user_info", "paul"},
        {"vads_validation_mode", "1"},
        {"vads_order_id", "3"}}},
      {"an operator in a shop's back office",
       {{"vads_payment_src", "MOTO"},
        {"vads_contrib", "Magento2_2.x_2.5.0/2.4.3/7.4.0"},
        {"vads_return_mode", "GET"},
        {"vads_cust_city", "Paris"},
        {"vads_ship_to_city", "Paris"},
        {"vads_tax_amount", "4"},
        {"vads_totalamount_vat", "4"},
        {"vads_order_id", "000000123"}}},
      {"another source that is authenticated", {{"vads_payment_src", "OTHER"}, {"vads_order_id", "8"}}},
      {"a basket with a tax of two cents",
       {{"vads_contrib", "WooCommerce_2.x-6.x_1.10.0/6.0.1_6.3.1/8.0.2"},
        {"vads_return_mode", "POST"},
        {"vads_ship_to_city", "Paris"},
        {"vads_ship_to_country", "FR"},
        {"vads_shipping_amount", "0"},
        {"vads_totalamount_vat", "2"},
        {"vads_threeds_mpi", ""},
        {"vads_order_id", "77"}}},
      {"instalments",
       {{"vads_payment_config", "MULTI:first=2000;count=3;period=30"},
        {"vads_payment_cards", "CB;VISA"},
        {"vads_contracts", "CB=1234567"},
        {"vads_capture_delay", "0"},
        {"vads_redirect_success_timeout", "5"},
        {"vads_redirect_success_message", "Retour à la boutique"},
        {"vads_theme_config", "SIMPLIFIED_DISPLAY=true"}}},
      {"no options at all", {}},
      {"a shop's own fields",
       {{"vads_my_note", "bonjour"}, {"vads_zone", "42"}, {"vads_order_info", "PHPSESSID=ab12"}}},
  };
  return kForms;
}

// What real modules send, by what it shows.
const Forms& module_forms() {
  static const Forms kAll = [] {
    Forms all = forms_of_carts();
    all.insert(other_forms().begin(), other_forms().end());
    return all;
  }();
  return kAll;
}

FormFields form_fields(const FormFields& changes) {
  FormFields fields = testing::good_fields();
  testing::set(fields, "vads_ctx_mode", "PRODUCTION");
  testing::set(fields, "vads_amount", "512400");
  for (const auto& [name, value] : changes) testing::set(fields, name, value);
  return fields;
}

merchants::ShopConfig shop() {
  merchants::ShopConfig config = testing::sample_shop();
  config.shop.deferred_option = true;
  return config;
}

auto check(const FormFields& fields) {
  const auto form = read_form(*base::parse_form(testing::signed_body(fields, testing::kProductionKey)));
  return testing::check_form(*form, shop(), merchants::Mode::production, base::ManualClock().now());
}

TEST(Relabelled, NoModulesFormIs) {
  for (const auto& [module, changes] : module_forms()) {
    const auto found = find_relabelled({.fields = form_fields(changes), .signature = {}});
    EXPECT_FALSE(found) << module << ": " << (found ? found->field + " " + found->rule.arguments.at(0).second : "");
    EXPECT_TRUE(check(form_fields(changes))) << module << check(form_fields(changes)).error().field;
  }
}

TEST(Relabelled, FormsAreRefusedByTheFieldThatHoldsAnothersValue) {
  struct Row {
    FormFields changes;
    std::string_view named;
    std::string_view field;
  };
  const std::string kFamily = "Magento2_2.x_2.5.0/2.4.3/7.4.0";
  const Row rows[] = {
      {{{"vads_ama", "512400"}, {"vads_amount", "3"}}, "vads_ama", "vads_amount"},
      {{{"vads_ama", "512400+"}, {"vads_amount", "3"}}, "vads_ama", "vads_amount"},
      {{{"vads_contrib", "3"}}, "vads_contrib", "vads_capture_delay"},
      {{{"vads_contrib", "shop+3"}}, "vads_contrib", "vads_capture_delay"},
      {{{"vads_contrib", "CB=1234567"}}, "vads_contrib", "vads_contracts"},
      {{{"vads_cub", "978"}, {"vads_currency", "392"}}, "vads_cub", "vads_currency"},
      {{{"vads_payment_ca", "CB"}}, "vads_payment_ca", "vads_payment_cards"},
      {{{"vads_payment_option_code", "MOTO"}}, "vads_payment_option_code", "vads_payment_src"},
      {{{"vads_totalamount_vat", "4"}}, "vads_totalamount_vat", "vads_threeds_mpi"},
      {{{"vads_totalamount_vat", "4"}, {"vads_contrib", "my own/1/2"}}, "vads_totalamount_vat", "vads_threeds_mpi"},
      {{{"vads_theme_config", "4"}, {"vads_contrib", kFamily}}, "vads_theme_config", "vads_threeds_mpi"},
      {{{"vads_payment_src", "MOTO"}}, "vads_payment_src", "vads_ship_to_city"},
      {{{"vads_payment_src", "CC"}, {"vads_contrib", kFamily}}, "vads_payment_src", "vads_ship_to_city"},
      {{{"vads_payment_src", "MOTO"}, {"vads_return_mode", "GET"}}, "vads_payment_src", "vads_ship_to_city"},
      {{{"vads_payment_src", "MOTO"},
        {"vads_contrib", kFamily},
        {"vads_payment_e", "GET"},
        {"vads_return_mode", "GET"}},
       "vads_payment_src",
       "vads_ship_to_city"},
      {{{"vads_user_info", "1"}}, "vads_user_info", "vads_validation_mode"},
      {{{"vads_url_return", "https://shop.example/+1"}}, "vads_url_return", "vads_validation_mode"},
      {{{"vads_acquirer_transient_data", "INTERACTIVE+512400++PRODUCTION+978+x"}, {"vads_amount", "1"}},
       "vads_acquirer_transient_data",
       "vads_action_mode"},
      {{{"vads_contrib", "x+PRODUCTION+978"}}, "vads_contrib", "vads_ctx_mode"},
      {{{"vads_payment_option_code", "x+PAYMENT++SINGLE"}}, "vads_payment_option_code", "vads_page_action"},
      {{{"vads_user_info", "69876357+4"}}, "vads_user_info", "vads_site_id"},
      {{{"vads_w", "1+V2"}}, "vads_w", "vads_version"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.changes[0].first + '=' + row.changes[0].second);
    const auto found = find_relabelled({.fields = form_fields(row.changes), .signature = {}});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->field, row.named);
    EXPECT_EQ(found->rule.arguments,
              (std::vector<std::pair<std::string, std::string>>{{"field", std::string(row.field)}}));
    const auto refused = check(form_fields(row.changes));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().rule.key, "rule.relabelled");
    EXPECT_FALSE(refused.error().is_signed) << "its addresses may be anybody's";
  }
}

TEST(Relabelled, FormsPassInTestAndWhereTheShopWantsThem) {
  const FormFields production = form_fields({{"vads_ama", "512400"}, {"vads_amount", "300"}});
  merchants::ShopConfig lenient = shop();
  lenient.shop.refuse_relabelled = false;
  const auto form = read_form(*base::parse_form(testing::signed_body(production, testing::kProductionKey)));
  EXPECT_TRUE(testing::check_form(*form, lenient, merchants::Mode::production, base::ManualClock().now()));
  FormFields test = production;
  testing::set(test, "vads_ctx_mode", "TEST");
  EXPECT_TRUE(testing::check_form(*read_form(*base::parse_form(testing::signed_body(test))), shop(),
                                  merchants::Mode::test, base::ManualClock().now()));
}

// ---- A buyer who relabels what he was given to sign, and types what helps him ----

using Parts = std::vector<std::string>;

Parts parts_of(FormFields fields) {
  std::ranges::sort(fields);
  Parts parts;
  for (const auto& [name, value] : fields) {
    for (const std::string_view part : base::split(value, '+')) parts.emplace_back(part);
  }
  return parts;
}

// A wish for no challenge comes to nothing above 30 euros.
std::string wish_of(const Form& form) {
  const std::string_view mpi = form.get("vads_threeds_mpi");
  const auto currency = currency_of(form.get("vads_currency"));
  const auto amount = base::parse_int<std::int64_t>(form.get("vads_amount"));
  if (!currency || !amount) return std::string(mpi);
  return std::string(
      payments::to_string(challenge_preference(mpi, money_of(*amount, *currency), /*frictionless_option=*/true)));
}

std::string effect_of(const FormFields& fields) {
  const Form form{.fields = fields, .signature = {}};
  std::string source(form.get("vads_payment_src"));
  if (source == "EC" || source == "OTHER") source.clear();  // Authenticated all the same.
  std::string out = wish_of(form) + "|" + source;
  for (const char* name : {"vads_amount", "vads_currency", "vads_capture_delay", "vads_validation_mode",
                           "vads_contracts", "vads_payment_config", "vads_payment_cards", "vads_action_mode"}) {
    out += "|" + std::string(form.get(name));
  }
  return out;
}

class Buyer {
 public:
  explicit Buyer(std::uint64_t seed) : random_(seed) {}

  /// Another reading of the same signed text; nothing if this try led nowhere.
  std::optional<FormFields> relabel(const Parts& parts) {
    FormFields fields;
    std::size_t at = 0;
    std::string before = "vads_a";
    for (const char* name : kWanted) {
      const FieldRule& rule = *find_rule(name);
      if (!rule.required && random_.below(3) == 0) continue;
      std::vector<std::size_t> places;
      for (std::size_t i = at; i < parts.size(); ++i) {
        if (!check_field(rule, parts[i]) && (rule.required || !parts[i].empty())) places.push_back(i);
      }
      if (places.empty() && rule.required) return std::nullopt;
      if (places.empty()) continue;
      // Mostly the nearest ones, or nothing would be left for the fields that follow.
      const std::size_t place = places[random_.below(std::min<std::size_t>(places.size(), 1 + random_.below(4)))];
      fill(fields, before, name,
           Parts(parts.begin() + static_cast<std::ptrdiff_t>(at), parts.begin() + static_cast<std::ptrdiff_t>(place)));
      fields.emplace_back(name, parts[place]);
      at = place + 1;
      before = name;
    }
    fill(fields, before, "vads_zz", Parts(parts.begin() + static_cast<std::ptrdiff_t>(at), parts.end()));
    return fields;
  }

  /// Types into one of the form's fields for buyers.
  void type(FormFields& fields) {
    static const Parts kHelpful{
        "INTERACTIVE",    "1",      "3", "PRODUCTION", "978", "392", "PAYMENT", "",    "SINGLE", "MOTO", "69876357",
        "20231114221320", "123456", "0", "4",          "V2",  "x",   "Martin",  "GET", "CC"};
    for (const char* name : {"vads_cust_address", "vads_cust_city", "vads_cust_last_name", "vads_ship_to_city"}) {
      if (random_.below(2) == 0) continue;
      std::string value = "x";
      for (std::uint64_t i = random_.below(12); i > 0; --i) value += "+" + kHelpful[random_.below(kHelpful.size())];
      if (random_.below(3) == 0) value = kHelpful[random_.below(kHelpful.size())];
      if (random_.below(4) == 0) value = "x+INTERACTIVE+1++PRODUCTION+978+x";
      if (random_.below(6) == 0) value = "x+PAYMENT++MULTI:first=1;count=3;period=30";
      testing::set(fields, name, value);
    }
  }

 private:
  static constexpr const char* kWanted[] = {
      "vads_action_mode",    "vads_amount",      "vads_capture_delay",   "vads_contracts",
      "vads_ctx_mode",       "vads_currency",    "vads_page_action",     "vads_payment_cards",
      "vads_payment_config", "vads_payment_src", "vads_site_id",         "vads_threeds_mpi",
      "vads_trans_date",     "vads_trans_id",    "vads_validation_mode", "vads_version"};

  // What is left between two fields goes under names that sort between them: known ones for any text, or new ones.
  void fill(FormFields& fields, const std::string& after, const std::string& before, Parts parts) {
    Parts known;
    for (const FieldRule& rule : field_rules()) {
      if (rule.name > after && rule.name < before && rule.format == Format::any_text && !rule.name.ends_with('*'))
        known.emplace_back(rule.name);
    }
    std::ranges::sort(known);
    std::string last = after;
    for (std::size_t at = 0; at < parts.size();) {
      const std::size_t take = random_.below(3) == 0 ? 1 + random_.below(parts.size() - at) : 1;
      std::string value = parts[at];
      for (std::size_t i = 1; i < take; ++i) value += "+" + parts[at + i];
      at += take;
      const auto next = std::ranges::find_if(known, [&](const std::string& name) { return name > last; });
      if (next != known.end() && random_.below(2) == 0) {
        last = *next;
      } else {
        last += '0';
      }
      fields.emplace_back(last, value);
    }
  }

  base::SeededRandom random_;
};

TEST(Relabelled, NoBuyerGetsAnotherAmountCurrencyOrFlag) {
  int attacks = 0;
  std::set<std::string> effects;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const auto module = std::next(module_forms().begin(), static_cast<std::ptrdiff_t>(seed % module_forms().size()));
    Buyer buyer(seed);
    FormFields original = form_fields(module->second);
    if (seed % 2 == 1) buyer.type(original);
    const auto forged = buyer.relabel(parts_of(original));
    if (!forged || effect_of(*forged) == effect_of(original)) continue;
    ASSERT_EQ(signed_text_for_display(*forged), signed_text_for_display(original)) << "the signature holds";
    const auto accepted = check(*forged);
    if (!accepted) {
      attacks += accepted.error().rule.key == "rule.relabelled" ? 1 : 0;
      if (accepted.error().rule.key == "rule.relabelled") effects.insert(effect_of(*forged));
      continue;
    }
    ADD_FAILURE() << "from " << module->first << "\n" << base::to_form(original) << "\n" << base::to_form(*forged);
    break;
  }
  EXPECT_GT(attacks, 300) << "the buyer tries";
  EXPECT_GT(effects.size(), 50U);
}

// ---- The way back ----

TEST(Relabelled, NoReturnOfACancelledPaymentHoldsAWordOfSuccess) {
  notifications::Subject cancelled = testing::subject(payments::State::abandoned);
  FormFields sent = testing::sent_fields();
  for (const auto& [name, value] : FormFields{{"vads_ship_to_city", "00"},
                                              {"vads_ship_to_state", "AUTHORISED"},
                                              {"vads_cust_city", "x+00+CAPTURED+y"},
                                              {"vads_order_info", "ACCEPTED"}}) {
    testing::set(sent, name, value);
  }
  cancelled.payment.protocol_fields = base::to_form(sent);
  for (const auto& [name, value] : answer_fields(cancelled, {})) {
    if (name == "vads_auth_result") continue;
    for (const std::string_view part : base::split(value, '+')) {
      EXPECT_FALSE(part == "00" || part == "AUTHORISED" || part == "CAPTURED" || part == "ACCEPTED") << name << value;
    }
  }
  const auto rejected = rejection_fields({.fields = sent, .signature = {}}, shop(), merchants::Mode::test, {.code = 9});
  EXPECT_FALSE(base::to_form(rejected).contains("AUTHORISED"));
  // What the shop's server is told itself, and what was accepted, is echoed as it came.
  EXPECT_TRUE(base::to_form(answer_fields(cancelled, "PAY")).contains("AUTHORISED"));
}

}  // namespace
}  // namespace acquit::vads
