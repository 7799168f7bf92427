// What a field of a shop may hold, and how to say so. Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace acquit::merchants {

/// A rule for a text, and how to say it: "must be …".
struct TextRule {
  bool (*holds)(std::string_view text);
  std::string_view words;
};

/// Both inclusive.
struct Bounds {
  std::int64_t min = 0;
  std::int64_t max = 0;

  [[nodiscard]] bool hold(std::int64_t value) const { return value >= min && value <= max; }
};
/// "must be a number from 0 to 23"
[[nodiscard]] std::string words_of(Bounds bounds);

inline constexpr Bounds kAnyId{.min = 1, .max = std::numeric_limits<std::int64_t>::max()};
inline constexpr Bounds kAmountBounds{.min = 1, .max = 99'999'999'999};
inline constexpr Bounds kRankBounds{.min = 1, .max = 1'000'000};
inline constexpr Bounds kHours{.min = 0, .max = 23};
inline constexpr Bounds kDelayDays{.min = 0, .max = 365};
/// At which due transactions are handed over where a contract says nothing else.
inline constexpr int kCaptureHour = 22;

namespace rule {

extern const TextRule kName;
extern const TextRule kShopNumber;
extern const TextRule kUrlOrNone;
extern const TextRule kAddresses;  ///< Of mail.
extern const TextRule kAddressesOrNone;
extern const TextRule kLanguage;
extern const TextRule kLanguages;
extern const TextRule kTimezone;
extern const TextRule kOwnUrl;
extern const TextRule kCountry;
extern const TextRule kCategory;
extern const TextRule kAlgorithm;
extern const TextRule kReturnMode;
extern const TextRule kOrigins;
extern const TextRule kKey;
extern const TextRule kMethod;
extern const TextRule kCurrency;
extern const TextRule kMerchantNumber;
extern const TextRule kTerminal;
extern const TextRule kAcquirerId;
extern const TextRule kAnyText;
extern const TextRule kRule;

}  // namespace rule

}  // namespace acquit::merchants
