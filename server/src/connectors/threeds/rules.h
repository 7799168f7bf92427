// FieldRule: one row of the tables that say what an EMV 3-D Secure message holds (EMVCo 3-D Secure 2.1.0 and 2.2.0,
// §A).
//
// A row names a field, its JSON kind, its format, in which versions it exists, and when it must be present. The tables
// (rules_*.cpp) are constants; reading them is safe from any thread. Fields without a row are ignored, as the
// specification asks. The app channel is not spoken, so its SDK fields have no rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/json.h"
#include "connectors/threeds/version.h"

namespace acquit::threeds {

enum class MessageType : std::uint8_t { preq, pres, areq, ares, creq, cres, rreq, rres, erro };
[[nodiscard]] std::string_view to_string(MessageType type);
[[nodiscard]] std::optional<MessageType> parse_message_type(std::string_view text);

/// What a condition may look at. Answers do not repeat the category and channel of their AReq, so who checks one gives
/// them; the defaults are a payment in the browser.
struct Facts {
  Version version = Version::v220;
  std::string_view category = "01";
  std::string_view channel = "02";
  const base::JsonValue* object = nullptr;  ///< The object that the field stands in.

  [[nodiscard]] std::string_view get(std::string_view field) const { return object->get(field); }
  [[nodiscard]] bool payment() const { return category == "01"; }
  [[nodiscard]] bool browser() const { return channel == "02"; }
};

using Condition = bool (*)(const Facts&);

enum class FormatKind : std::uint8_t {
  any,
  text,      ///< UTF-8 without control characters, counted in code points.
  digits,    ///< min to max decimal digits.
  one_of,    ///< One of the words of `values`; with `ds_values` also 80 to 99, which a directory server defines.
  uuid,      ///< 8-4-4-4-12 hex digits.
  url,       ///< Absolute http or https address of at most max characters.
  base64,    ///< Standard base64 of min to max characters.
  email,     ///< Something before and after one @.
  language,  ///< BCP 47 subtags.
  offset,    ///< Minutes with an optional sign.
  date,      ///< YYYYMMDD.
  minute,    ///< YYYYMMDDHHMM.
  moment,    ///< YYYYMMDDHHMMSS.
  expiry,    ///< YYMM.
  country,   ///< ISO 3166-1 number; 901 to 999 are excluded (EMVCo table A.5).
  currency,  ///< ISO 4217 number that base's table knows.
  version,   ///< 2.1.0 and the like.
  within,    ///< Digits whose number lies within min and max; five digits with leading zeros.
};

struct Format {
  FormatKind kind = FormatKind::any;
  std::size_t min = 0;
  std::size_t max = 0;
  std::string_view values = {};
  bool ds_values = false;
};

struct FieldRule {
  std::string_view name = {};
  Format format = {};
  Condition required = nullptr;  ///< Null: optional.
  base::JsonKind kind = base::JsonKind::string;
  std::span<const FieldRule> members = {};  ///< Of an object, or of each object of an array.
  Version since = Version::v210;
  Version until = Version::v220;
  Condition forbidden = nullptr;  ///< Contradicts the rest of the message.
};

/// The table of a message type, messageType and messageVersion left out: they are checked before.
[[nodiscard]] std::span<const FieldRule> rules_of(MessageType type);

/// What is wrong with a value.
enum class Defect : std::uint8_t { none, format, iso_code };
[[nodiscard]] Defect check_format(const Format& format, std::string_view text);

}  // namespace acquit::threeds
