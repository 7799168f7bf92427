// What an AReq holds: browser (02) and merchant-initiated (03) channels, versions 2.1.0 and 2.2.0.
#include "connectors/threeds/formats.h"

namespace acquit::threeds {
namespace {

using namespace formats;

bool merchant_initiated(const Facts& facts) { return facts.channel == "03"; }
// In 2.1.0 nobody is challenged without a buyer; 2.2.0 may ask him apart.
bool expects_results(const Facts& facts) { return facts.browser() || facts.version >= Version::v220; }
bool decoupled_asked(const Facts& facts) { return facts.get("threeDSRequestorDecReqInd") == "Y"; }
bool recurring(const Facts& facts) {
  const std::string_view reason = facts.get("threeDSRequestorAuthenticationInd");
  return reason == "02" || reason == "03";
}
bool instalments(const Facts& facts) { return facts.get("threeDSRequestorAuthenticationInd") == "03"; }
bool purchase(const Facts& facts) { return facts.payment() || recurring(facts); }
bool with_token(const Facts& facts) { return has(facts, "payTokenInd"); }
bool with_bill_state(const Facts& facts) { return has(facts, "billAddrState"); }
bool with_ship_state(const Facts& facts) { return has(facts, "shipAddrState"); }

// 2.1.0 always asks for what a script would report, 2.2.0 only if scripts run.
bool scripted(const Facts& facts) {
  if (!facts.browser()) return false;
  if (facts.version == Version::v210) return true;
  const base::JsonValue* flag = facts.object->find("browserJavascriptEnabled");
  return flag != nullptr && flag->kind == base::JsonKind::boolean && flag->flag;
}

constexpr FieldRule kPhone[] = {
    {.name = "cc", .format = digits(1, 3), .required = always},
    {.name = "subscriber", .format = digits(1, 15), .required = always},
};

constexpr FieldRule kAuthenticationInfo[] = {
    {.name = "threeDSReqAuthMethod", .format = one_of_or_ds("01 02 03 04 05 06 07 08 09")},
    {.name = "threeDSReqAuthTimestamp", .format = kMinute},
    {.name = "threeDSReqAuthData", .format = text(2048), .until = Version::v210},
    {.name = "threeDSReqAuthData", .format = text(20000), .since = Version::v220},
};

constexpr FieldRule kPriorAuthenticationInfo[] = {
    {.name = "threeDSReqPriorAuthData", .format = text(2048)},
    {.name = "threeDSReqPriorAuthMethod", .format = one_of_or_ds("01 02 03 04")},
    {.name = "threeDSReqPriorAuthTimestamp", .format = kMinute},
    {.name = "threeDSReqPriorRef", .format = text(36)},
};

constexpr FieldRule kAccountInfo[] = {
    {.name = "chAccAgeInd", .format = one_of("01 02 03 04 05")},
    {.name = "chAccChange", .format = kDate},
    {.name = "chAccChangeInd", .format = one_of("01 02 03 04")},
    {.name = "chAccDate", .format = kDate},
    {.name = "chAccPwChange", .format = kDate},
    {.name = "chAccPwChangeInd", .format = one_of("01 02 03 04 05")},
    {.name = "nbPurchaseAccount", .format = digits(1, 4)},
    {.name = "paymentAccAge", .format = kDate},
    {.name = "paymentAccInd", .format = one_of("01 02 03 04 05")},
    {.name = "provisionAttemptsDay", .format = digits(1, 3)},
    {.name = "shipAddressUsage", .format = kDate},
    {.name = "shipAddressUsageInd", .format = one_of("01 02 03 04")},
    {.name = "shipNameIndicator", .format = one_of("01 02")},
    {.name = "suspiciousAccActivity", .format = one_of("01 02")},
    {.name = "txnActivityDay", .format = digits(1, 3)},
    {.name = "txnActivityYear", .format = digits(1, 3)},
};

constexpr FieldRule kRiskIndicator[] = {
    {.name = "deliveryEmailAddress", .format = kEmail},
    {.name = "deliveryTimeframe", .format = one_of("01 02 03 04")},
    {.name = "giftCardAmount", .format = digits(1, 15)},
    {.name = "giftCardCount", .format = digits(2, 2)},
    {.name = "giftCardCurr", .format = kCurrency},
    {.name = "preOrderDate", .format = kDate},
    {.name = "preOrderPurchaseInd", .format = one_of("01 02")},
    {.name = "reorderItemsInd", .format = one_of("01 02")},
    {.name = "shipIndicator", .format = one_of_or_ds("01 02 03 04 05 06 07")},
};

constexpr FieldRule kAreq[] = {
    {.name = "messageCategory", .format = one_of_or_ds("01 02"), .required = always},
    {.name = "deviceChannel", .format = one_of("02 03"), .required = always},
    kServerTransaction,
    {.name = "threeDSServerRefNumber", .format = text(32), .required = always},
    {.name = "threeDSServerOperatorID", .format = text(32)},
    {.name = "threeDSServerURL", .format = url(2048), .required = expects_results},
    {.name = "threeDSRequestorID", .format = text(35), .required = always},
    {.name = "threeDSRequestorName", .format = text(40), .required = always},
    {.name = "threeDSRequestorURL", .format = url(2048), .required = always},
    {.name = "threeDSRequestorAuthenticationInd",
     .format = one_of_or_ds("01 02 03 04 05 06"),
     .required = in_browser,
     .until = Version::v210},
    {.name = "threeDSRequestorAuthenticationInd",
     .format = one_of_or_ds("01 02 03 04 05 06 07"),
     .required = in_browser,
     .since = Version::v220},
    {.name = "threeRIInd",
     .format = one_of_or_ds("01 02 03 04 05"),
     .required = merchant_initiated,
     .until = Version::v210},
    {.name = "threeRIInd",
     .format = one_of_or_ds("01 02 03 04 05 06 07 08 09 10 11"),
     .required = merchant_initiated,
     .since = Version::v220},
    {.name = "threeDSRequestorChallengeInd", .format = one_of_or_ds("01 02 03 04"), .until = Version::v210},
    {.name = "threeDSRequestorChallengeInd",
     .format = one_of_or_ds("01 02 03 04 05 06 07 08 09"),
     .since = Version::v220},
    {.name = "threeDSCompInd", .format = one_of("Y N U"), .required = in_browser},
    {.name = "threeDSRequestorAuthenticationInfo",
     .format = kAny,
     .kind = base::JsonKind::object,
     .members = kAuthenticationInfo},
    {.name = "threeDSRequestorPriorAuthenticationInfo",
     .format = kAny,
     .kind = base::JsonKind::object,
     .members = kPriorAuthenticationInfo},
    {.name = "threeDSRequestorDecReqInd", .format = kYesNo, .since = Version::v220},
    {.name = "threeDSRequestorDecMaxTime",
     .format = within(1, 10080),
     .required = decoupled_asked,
     .since = Version::v220},
    {.name = "acctNumber", .format = digits(13, 19), .required = always},
    {.name = "cardExpiryDate", .format = kExpiry},
    {.name = "cardholderName", .format = text(2, 45)},
    {.name = "acctType", .format = one_of_or_ds("01 02 03")},
    {.name = "acctID", .format = text(64)},
    {.name = "acctInfo", .format = kAny, .kind = base::JsonKind::object, .members = kAccountInfo},
    {.name = "merchantRiskIndicator", .format = kAny, .kind = base::JsonKind::object, .members = kRiskIndicator},
    {.name = "acquirerBIN", .format = text(11), .required = in_payment},
    {.name = "acquirerMerchantID", .format = text(35), .required = in_payment},
    {.name = "mcc", .format = digits(4, 4), .required = in_payment},
    {.name = "merchantCountryCode", .format = kCountry, .required = in_payment},
    {.name = "merchantName", .format = text(40), .required = in_payment},
    {.name = "purchaseAmount", .format = digits(1, 48), .required = purchase},
    {.name = "purchaseCurrency", .format = kCurrency, .required = purchase},
    {.name = "purchaseExponent", .format = digits(1, 1), .required = purchase},
    {.name = "purchaseDate", .format = kMoment, .required = purchase},
    {.name = "purchaseInstalData", .format = digits(1, 3), .required = instalments},
    {.name = "recurringExpiry", .format = kDate, .required = recurring},
    {.name = "recurringFrequency", .format = digits(1, 4), .required = recurring},
    {.name = "transType", .format = one_of("01 03 10 11 28")},
    {.name = "browserAcceptHeader", .format = text(2048), .required = in_browser},
    {.name = "browserIP", .format = text(45)},
    {.name = "browserJavascriptEnabled",
     .format = kAny,
     .required = in_browser,
     .kind = base::JsonKind::boolean,
     .since = Version::v220},
    {.name = "browserJavaEnabled", .format = kAny, .required = scripted, .kind = base::JsonKind::boolean},
    {.name = "browserLanguage", .format = kLanguage, .required = in_browser},
    {.name = "browserColorDepth", .format = one_of("1 4 8 15 16 24 32 48"), .required = scripted},
    {.name = "browserScreenHeight", .format = digits(1, 6), .required = scripted},
    {.name = "browserScreenWidth", .format = digits(1, 6), .required = scripted},
    {.name = "browserTZ", .format = kOffset, .required = scripted},
    {.name = "browserUserAgent", .format = text(2048), .required = in_browser},
    {.name = "notificationURL", .format = url(256), .required = in_browser},
    {.name = "billAddrCity", .format = text(50)},
    {.name = "billAddrCountry", .format = kCountry, .required = with_bill_state},
    {.name = "billAddrLine1", .format = text(50)},
    {.name = "billAddrLine2", .format = text(50)},
    {.name = "billAddrLine3", .format = text(50)},
    {.name = "billAddrPostCode", .format = text(16)},
    {.name = "billAddrState", .format = text(3)},
    {.name = "shipAddrCity", .format = text(50)},
    {.name = "shipAddrCountry", .format = kCountry, .required = with_ship_state},
    {.name = "shipAddrLine1", .format = text(50)},
    {.name = "shipAddrLine2", .format = text(50)},
    {.name = "shipAddrLine3", .format = text(50)},
    {.name = "shipAddrPostCode", .format = text(16)},
    {.name = "shipAddrState", .format = text(3)},
    {.name = "email", .format = kEmail},
    {.name = "homePhone", .format = kAny, .kind = base::JsonKind::object, .members = kPhone},
    {.name = "mobilePhone", .format = kAny, .kind = base::JsonKind::object, .members = kPhone},
    {.name = "workPhone", .format = kAny, .kind = base::JsonKind::object, .members = kPhone},
    {.name = "addrMatch", .format = kYesNo},
    kWhiteListStatus,
    kWhiteListSource,
    {.name = "payTokenInd", .format = kAny, .kind = base::JsonKind::boolean},
    {.name = "payTokenSource", .format = one_of_or_ds("01 02"), .required = with_token, .since = Version::v220},
    kMessageExtension,
};

}  // namespace

std::span<const FieldRule> areq_rules() { return kAreq; }

}  // namespace acquit::threeds
