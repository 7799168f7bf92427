// Configuration: one table of keys; values from a TOML file, then from the command line. Unknown keys are errors, and
// all errors are told at once. Read once at start; then a plain value.
//
// `acquit --print-config` and docs/configuration.md come from the same table.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/config/formats.h"

namespace acquit::platform {

enum class ConfigType : std::uint8_t { text, number, flag };

struct ConfigKey {
  std::string_view key;  ///< "section.name", as in the file and on the command line.
  ConfigType type = ConfigType::text;
  std::string_view standard;  ///< The value where nobody gives one.
  std::int64_t min = 0;       ///< Of a number.
  std::int64_t max = 0;       ///< Of a number, or of an identifier's characters.
  bool secret = false;        ///< Never printed.
  std::string_view description;
  ConfigFormat format = ConfigFormat::any;  ///< Of a text. Empty is allowed where the standard is empty.
  std::string_view words = {};              ///< What it may be, separated by blanks.
};
[[nodiscard]] std::span<const ConfigKey> config_keys();

class Config {
 public:
  /// `file`: path of a TOML file, or empty. `overrides`: "section.name=value". Errors: configuration_invalid, whose
  /// detail lists every fault, one a line.
  static base::Result<Config> load(const std::string& file, const std::vector<std::string>& overrides);

  /// Asking for a key that is not in the table, or as another type, is a bug and throws.
  [[nodiscard]] const std::string& text(std::string_view key) const;
  [[nodiscard]] std::int64_t number(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key) const;

  /// As a TOML file, with the descriptions as comments; secrets as "***".
  [[nodiscard]] std::string print() const;

 private:
  [[nodiscard]] const std::string& value(std::string_view key, ConfigType type) const;
  std::map<std::string, std::string, std::less<>> values_;  // Every key of the table, checked.
};

}  // namespace acquit::platform
