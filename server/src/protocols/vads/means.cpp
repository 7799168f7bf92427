#include "protocols/vads/means.h"

#include <algorithm>

#include "base/list.h"

namespace acquit::vads {
namespace {

constexpr std::string_view kMeans =
    "ACCORD_STORE ALINEA ALINEA_CDX ALIPAY ALIPAY_CN ALIPAY_HK ALIPAY_PLUS ALMA ALMA_10X ALMA_12X ALMA_2X ALMA_3X "
    "ALMA_4X AMEX APETIZ APPLE_PAY AUCHAN AURORE-MULTI AURORE_MULTI BANCONTACT BITCOIN BIZUM BOULANGER BUT CABAL "
    "CABAL_DEBIT CARNET CASINO CA_DO_CARTE CB CDGP CDISCOUNT CHQ_DEJ COF3XCB COFINOGA CONECS CONFORAMA CVCO "
    "DINERS DISCOVER E-CARTEBLEUE ECCARD EDENRED EDENRED_CC EDENRED_EC EDENRED_SC EDENRED_TC EDENRED_TR ELO ELV "
    "E_CV FLOA_10X FLOA_3X FLOA_4X FLOA_PAYLATER FRANFINANCE_3X FRANFINANCE_4X FULLCB3X FULLCB4X GCASH GIROPAY "
    "GOOGLEPAY HIPER HIPERCARD IDEAL ILLICADO IP_WIRE IP_WIRE_INST JCB KAKAOPAY KLARNA LECLERC LEROY-MERLIN "
    "MAESTRO MASTERCARD MASTERCARD_DEBIT MASTERPASS MB_WAY MC_CORDOBESA MULTIBANCO MYBANK NARANJA NORAUTO "
    "ONEY ONEY_10X_12X ONEY_3X_4X ONEY_ENSEIGNE ONEY_PAYLATER ONEY_SANDBOX PAYBOX PAYCONIQ PAYDIREKT PAYLIB "
    "PAYPAL PAYPAL_BNPL PAYPAL_BNPL_SB PAYPAL_SB PICWIC PIX POSTFINANCE POSTFINANCE_EFIN PRESTO PRZELEWY24 "
    "S-MONEY SAMSUNG_PAY SCT SDD SODEXO SOFICARTE SOFORT_BANKING SOROCRED SYGMA TWINT UNION_PAY UPI VILLAVERDE "
    "VISA VISA_DEBIT VISA_ELECTRON VPAY WECHAT WECHAT_PAY WERO";

bool is_listed(std::string_view name) {
  return std::ranges::any_of(base::split(kMeans, ' '), [&](std::string_view known) { return known == name; });
}

bool is_plain(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

}  // namespace

std::string_view known_means() { return kMeans; }

bool is_known_mean(std::string_view name) {
  if (is_listed(name)) return true;
  // A twin is what its mean is.
  if (name.ends_with("_SB")) name.remove_suffix(3);
  if (is_listed(name)) return true;
  const bool chain = name.ends_with("_CDX") && name.size() > 4;
  const bool plan =
      (name.starts_with("COFIDIS_") && name.size() > 8) || (name.starts_with("KADEOS_") && name.size() > 7);
  return std::ranges::all_of(name, is_plain) && (chain || plan || name == "CORA" || name.starts_with("CORA_"));
}

}  // namespace acquit::vads
