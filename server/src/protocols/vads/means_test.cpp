#include "protocols/vads/means.h"

#include <gtest/gtest.h>

#include "base/ascii.h"
#include "base/form_fields.h"
#include "base/list.h"
#include "protocols/vads/form.h"
#include "protocols/vads/sample_form.h"

namespace acquit::vads {
namespace {

// As the modules of several shops list them, over the years.
constexpr std::string_view kOfModules =
    "ACCORD_STORE ACCORD_STORE_SB ALINEA ALINEA_CDX ALINEA_CDX_SB ALINEA_SB ALIPAY ALLOBEBE_CDX ALLOBEBE_CDX_SB "
    "ALMA_10X ALMA_12X ALMA_2X ALMA_3X ALMA_4X AMEX APETIZ APPLE_PAY AUCHAN AUCHAN_SB AURORE-MULTI AURORE_MULTI "
    "BANCONTACT BITCOIN BIZZBEE_CDX BIZZBEE_CDX_SB BOULANGER BOULANGER_SB BRICE_CDX BRICE_CDX_SB BUT CABAL CARNET "
    "CASINO "
    "CA_DO_CARTE CB CDGP CDISCOUNT CHQ_DEJ COF3XCB COF3XCB_SB COFIDIS_3X_BE COFIDIS_3X_FR COFIDIS_4X_ES COFIDIS_4X_FR "
    "COFIDIS_DFPAY_FR COFIDIS_LOAN_BE COFIDIS_LOAN_CB COFIDIS_LOAN_ES COFIDIS_LOAN_FR COFIDIS_LOAN_IT COFIDIS_PAY_FR "
    "COFINOGA COM_BARRY_CDX COM_BARRY_CDX_SB CONECS CONFORAMA CORA CORA_BLANCHE CORA_PREM CORA_VISA CVCO DINERS "
    "DISCOVER "
    "E-CARTEBLEUE ECCARD EDENRED EDENRED_CC EDENRED_EC EDENRED_SC EDENRED_TC EDENRED_TR ELO ELV E_CV FRANFINANCE_3X "
    "FRANFINANCE_3X_SB FRANFINANCE_4X FULLCB3X FULLCB4X GEMO_CDX GEMO_CDX_SB GIROPAY GOOGLEPAY HIPER HIPERCARD IDEAL "
    "ILLICADO ILLICADO_SB IP_WIRE IP_WIRE_INST JCB JOUECLUB_CDX JOUECLUB_CDX_SB JULES_CDX JULES_CDX_SB KADEOS_CULTURE "
    "KADEOS_GIFT KLARNA LECLERC LEROY-MERLIN LEROY-MERLIN_SB MAESTRO MASTERCARD MASTERPASS MC_CORDOBESA MULTIBANCO "
    "MYBANK NARANJA NORAUTO NORAUTO_SB ONEY ONEY_10X_12X ONEY_3X_4X ONEY_ENSEIGNE ONEY_PAYLATER ONEY_SANDBOX "
    "PASS_BEAU_CDX PASS_BEAU_CDX_SB PAYBOX PAYDIREKT PAYLIB PAYPAL PAYPAL_BNPL PAYPAL_BNPL_SB PAYPAL_SB PICWIC "
    "PICWIC_SB "
    "POSTFINANCE POSTFINANCE_EFIN PRESTO PRZELEWY24 S-MONEY SAMSUNG_PAY SCT SDD SODEXO SOFICARTE SOFORT_BANKING "
    "SOROCRED "
    "SYGMA TRUFFAUT_CDX UNION_PAY VILLAVERDE VILLAVERDE_SB VISA VISA_ELECTRON VPAY WECHAT WERO";

std::expected<CheckedForm, FormError> check_with(const std::string& means) {
  base::FormFields fields = testing::good_fields();
  testing::set(fields, "vads_payment_cards", means);
  return testing::check_form(*read_form(*base::parse_form(testing::signed_body(fields))), testing::sample_shop(),
                             merchants::Mode::test, base::ManualClock().now());
}

TEST(Means, OfTheFamilysModulesAreKnownAndSkippedBesideOthers) {
  const auto names = base::split(kOfModules, ' ');
  EXPECT_GE(names.size(), 134U);
  for (const std::string_view name : names) {
    EXPECT_TRUE(is_known_mean(name)) << name;
    EXPECT_TRUE(check_with("CB;" + std::string(name))) << name;
    EXPECT_TRUE(check_with(base::ascii_lower(name) + ";;cb;")) << name;
  }
}

TEST(Means, ThatNobodyKnowsAreRefused) {
  for (const std::string_view name : {"MONOPOLY", "", "_SB", "_CDX", "COFIDIS_", "KADEOS_", "KADEOS_SB", "CORAL", "CB_",
                                      "CB VISA", "cb", "VISA,CB", "CB_SB_SB", "CORA_É", "<CB>"}) {
    EXPECT_FALSE(is_known_mean(name)) << name;
  }
  for (const std::string means : {"CB;MONOPOLY", "MONOPOLY", "CB,VISA", "CB;VISA CB"}) {
    const auto checked = check_with(means);
    ASSERT_FALSE(checked) << means;
    EXPECT_EQ(checked.error().code, 8) << means;
    EXPECT_EQ(checked.error().field, "vads_payment_cards") << means;
  }
}

}  // namespace
}  // namespace acquit::vads
