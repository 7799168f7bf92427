// Short names for the formats and conditions that the tables of rules_*.cpp are written in. Constants; no state.
#pragma once

#include "connectors/threeds/rules.h"

namespace acquit::threeds::formats {

constexpr Format text(std::size_t min, std::size_t max) { return {.kind = FormatKind::text, .min = min, .max = max}; }
constexpr Format text(std::size_t max) { return text(1, max); }
constexpr Format digits(std::size_t min, std::size_t max) {
  return {.kind = FormatKind::digits, .min = min, .max = max};
}
constexpr Format one_of(std::string_view values) { return {.kind = FormatKind::one_of, .values = values}; }
/// Also 80 to 99, which a directory server defines.
constexpr Format one_of_or_ds(std::string_view values) {
  return {.kind = FormatKind::one_of, .values = values, .ds_values = true};
}
constexpr Format url(std::size_t max) { return {.kind = FormatKind::url, .min = 1, .max = max}; }
constexpr Format within(std::size_t min, std::size_t max) {
  return {.kind = FormatKind::within, .min = min, .max = max};
}
inline constexpr Format kAny{};
inline constexpr Format kUuid{.kind = FormatKind::uuid};
inline constexpr Format kYesNo = one_of("Y N");
inline constexpr Format kDate{.kind = FormatKind::date};
inline constexpr Format kMinute{.kind = FormatKind::minute};
inline constexpr Format kMoment{.kind = FormatKind::moment};
inline constexpr Format kExpiry{.kind = FormatKind::expiry};
inline constexpr Format kCountry{.kind = FormatKind::country};
inline constexpr Format kCurrency{.kind = FormatKind::currency};
inline constexpr Format kVersion{.kind = FormatKind::version};
inline constexpr Format kEmail{.kind = FormatKind::email, .min = 3, .max = 254};
inline constexpr Format kLanguage{.kind = FormatKind::language, .min = 1, .max = 8};
inline constexpr Format kOffset{.kind = FormatKind::offset, .min = 1, .max = 4};
inline constexpr Format kAuthenticationValue{.kind = FormatKind::base64, .min = 28, .max = 28};

constexpr bool always(const Facts&) { return true; }
inline bool in_payment(const Facts& facts) { return facts.payment(); }
inline bool in_browser(const Facts& facts) { return facts.browser(); }
inline bool has(const Facts& facts, std::string_view field) { return facts.object->find(field) != nullptr; }
inline bool is_any(std::string_view value, std::string_view letters) {
  return value.size() == 1 && letters.find(value[0]) != std::string_view::npos;
}
inline bool proves(const Facts& facts) { return facts.payment() && is_any(facts.get("transStatus"), "YA"); }
inline bool needs_reason(const Facts& facts) { return facts.payment() && is_any(facts.get("transStatus"), "NUR"); }
inline bool with_white_list(const Facts& facts) { return has(facts, "whiteListStatus"); }

/// Rows that stand in several tables.
inline constexpr FieldRule kExtensionMembers[] = {
    {.name = "name", .format = text(64), .required = always},
    {.name = "id", .format = text(64), .required = always},
    {.name = "criticalityIndicator", .format = kAny, .required = always, .kind = base::JsonKind::boolean},
    {.name = "data", .format = text(0, 8059), .required = always, .kind = base::JsonKind::object},
};
inline constexpr FieldRule kMessageExtension{
    .name = "messageExtension", .format = {.max = 10}, .kind = base::JsonKind::array, .members = kExtensionMembers};
inline constexpr FieldRule kServerTransaction{.name = "threeDSServerTransID", .format = kUuid, .required = always};
inline constexpr FieldRule kAcsTransaction{.name = "acsTransID", .format = kUuid, .required = always};
inline constexpr FieldRule kDsTransaction{.name = "dsTransID", .format = kUuid, .required = always};
inline constexpr FieldRule kWhiteListStatus{
    .name = "whiteListStatus", .format = one_of("Y N E P R U"), .since = Version::v220};
inline constexpr FieldRule kWhiteListSource{.name = "whiteListStatusSource",
                                            .format = one_of_or_ds("01 02 03"),
                                            .required = with_white_list,
                                            .since = Version::v220};

}  // namespace acquit::threeds::formats

namespace acquit::threeds {

[[nodiscard]] std::span<const FieldRule> areq_rules();  ///< A table of its own file: it is long.

}  // namespace acquit::threeds
