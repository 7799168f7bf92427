// What every message but the AReq holds.
#include "connectors/threeds/formats.h"

namespace acquit::threeds {

namespace {

using namespace formats;

bool challenge_or_decoupled(const Facts& facts) { return is_any(facts.get("transStatus"), "CD"); }
bool browser_challenge(const Facts& facts) { return facts.browser() && facts.get("transStatus") == "C"; }
bool decoupled(const Facts& facts) { return facts.get("transStatus") == "D"; }
bool decided(const Facts& facts) { return is_any(facts.get("transStatus"), "YN"); }
bool not_decoupled(const Facts& facts) { return facts.get("authenticationType") != "04"; }
// Who has cancelled a challenge was not authenticated by it.
bool authenticated(const Facts& facts) { return is_any(facts.get("transStatus"), "YA"); }
// A range that is taken out of the list needs no more than its two ends.
bool kept(const Facts& facts) { return facts.get("actionInd") != "D"; }

constexpr std::string_view kReasons210 = "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21";
constexpr std::string_view kReasons220 =
    "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26";
constexpr FieldRule kReason210{
    .name = "transStatusReason", .format = one_of_or_ds(kReasons210), .required = needs_reason, .until = Version::v210};
constexpr FieldRule kReason220{
    .name = "transStatusReason", .format = one_of_or_ds(kReasons220), .required = needs_reason, .since = Version::v220};
constexpr FieldRule kProof{.name = "authenticationValue", .format = kAuthenticationValue, .required = proves};
constexpr FieldRule kEci{.name = "eci", .format = text(2, 2)};

constexpr FieldRule kPreq[] = {
    kServerTransaction,
    {.name = "threeDSServerRefNumber", .format = text(32), .required = always},
    {.name = "threeDSServerOperatorID", .format = text(32)},
    {.name = "serialNum", .format = text(20)},
    kMessageExtension,
};

constexpr FieldRule kAcsInfo[] = {
    {.name = "", .format = one_of_or_ds("01 02 03 04")},
};

constexpr FieldRule kCardRange[] = {
    {.name = "startRange", .format = digits(13, 19), .required = always},
    {.name = "endRange", .format = digits(13, 19), .required = always},
    {.name = "actionInd", .format = one_of("A D M")},
    {.name = "acsStartProtocolVersion", .format = kVersion, .required = kept},
    {.name = "acsEndProtocolVersion", .format = kVersion, .required = kept},
    {.name = "dsStartProtocolVersion", .format = kVersion},
    {.name = "dsEndProtocolVersion", .format = kVersion},
    {.name = "threeDSMethodURL", .format = url(256)},
    {.name = "acsInfoInd", .format = kAny, .kind = base::JsonKind::array, .members = kAcsInfo, .since = Version::v220},
};

constexpr FieldRule kPres[] = {
    kServerTransaction,
    kDsTransaction,
    {.name = "dsStartProtocolVersion", .format = kVersion, .required = always},
    {.name = "dsEndProtocolVersion", .format = kVersion, .required = always},
    {.name = "serialNum", .format = text(20)},
    {.name = "cardRangeData", .format = kAny, .kind = base::JsonKind::array, .members = kCardRange},
    kMessageExtension,
};

constexpr FieldRule kAres[] = {
    kServerTransaction,
    kAcsTransaction,
    kDsTransaction,
    {.name = "acsReferenceNumber", .format = text(32), .required = always},
    {.name = "dsReferenceNumber", .format = text(32), .required = always},
    {.name = "acsOperatorID", .format = text(32)},
    {.name = "transStatus", .format = one_of("Y N U A C R"), .required = in_payment, .until = Version::v210},
    {.name = "transStatus", .format = one_of("Y N U A C D R I"), .required = in_payment, .since = Version::v220},
    kReason210,
    kReason220,
    kProof,
    kEci,
    {.name = "acsChallengeMandated", .format = kYesNo, .required = challenge_or_decoupled},
    {.name = "authenticationType",
     .format = one_of_or_ds("01 02 03"),
     .required = challenge_or_decoupled,
     .until = Version::v210},
    {.name = "authenticationType",
     .format = one_of_or_ds("01 02 03 04"),
     .required = challenge_or_decoupled,
     .since = Version::v220},
    {.name = "acsURL", .format = url(2048), .required = browser_challenge},
    {.name = "acsDecConInd", .format = kYesNo, .required = decoupled, .since = Version::v220},
    {.name = "cardholderInfo", .format = text(128)},
    kWhiteListStatus,
    kWhiteListSource,
    kMessageExtension,
};

constexpr FieldRule kCreq[] = {
    kServerTransaction,
    kAcsTransaction,
    {.name = "challengeWindowSize", .format = one_of("01 02 03 04 05"), .required = always},
    kMessageExtension,
};

constexpr FieldRule kCres[] = {
    kServerTransaction,
    kAcsTransaction,
    {.name = "transStatus", .format = kYesNo, .required = always},
    {.name = "challengeCompletionInd", .format = kYesNo},
    kMessageExtension,
};

constexpr FieldRule kRreq[] = {
    kServerTransaction,
    kAcsTransaction,
    kDsTransaction,
    {.name = "messageCategory", .format = one_of_or_ds("01 02"), .required = always},
    {.name = "transStatus", .format = one_of("Y N U A R"), .required = in_payment},
    kReason210,
    kReason220,
    kProof,
    kEci,
    {.name = "authenticationType", .format = one_of_or_ds("01 02 03"), .required = decided, .until = Version::v210},
    {.name = "authenticationType", .format = one_of_or_ds("01 02 03 04"), .required = decided, .since = Version::v220},
    {.name = "interactionCounter", .format = digits(2, 2), .required = not_decoupled},
    {.name = "challengeCancel", .format = one_of("01 03 04 05 06 07 08"), .forbidden = authenticated},
    kWhiteListStatus,
    kWhiteListSource,
    kMessageExtension,
};

constexpr FieldRule kRres[] = {
    kServerTransaction, kAcsTransaction,
    kDsTransaction,     {.name = "resultsStatus", .format = one_of("01 02 03"), .required = always},
    kMessageExtension,
};

constexpr FieldRule kErro[] = {
    {.name = "threeDSServerTransID", .format = kUuid},
    {.name = "acsTransID", .format = kUuid},
    {.name = "dsTransID", .format = kUuid},
    {.name = "errorCode", .format = digits(3, 3), .required = always},
    {.name = "errorComponent", .format = one_of("C S D A"), .required = always},
    {.name = "errorDescription", .format = text(2048), .required = always},
    {.name = "errorDetail", .format = text(0, 2048), .required = always},
    {.name = "errorMessageType", .format = text(4, 4)},
};

}  // namespace

std::span<const FieldRule> rules_of(MessageType type) {
  switch (type) {
    case MessageType::preq: return kPreq;
    case MessageType::pres: return kPres;
    case MessageType::areq: return areq_rules();
    case MessageType::ares: return kAres;
    case MessageType::creq: return kCreq;
    case MessageType::cres: return kCres;
    case MessageType::rreq: return kRreq;
    case MessageType::rres: return kRres;
    case MessageType::erro: return kErro;
  }
  return {};
}

}  // namespace acquit::threeds
