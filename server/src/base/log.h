// Structured log lines on standard error: time, level, event, key=value fields. Never card data.
//
// Fields take text and numbers only, so a Secret does not compile; as a last line of defence every text value is
// searched for card numbers and masked. Safe from any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/errors.h"

namespace acquit::base {
struct Error;
}

namespace acquit::base::log {

class Field {
 public:
  Field(std::string_view key, std::string_view value) : key_(key), value_(value) {}
  Field(std::string_view key, const char* value) : key_(key), value_(value) {}
  Field(std::string_view key, const std::string& value) : key_(key), value_(value) {}
  Field(std::string_view key, bool value) : key_(key), value_(value ? "true" : "false") {}
  template <std::integral T>
  Field(std::string_view key, T value) : key_(key), value_(std::to_string(value)) {}

  [[nodiscard]] std::string_view key() const { return key_; }
  [[nodiscard]] const std::string& value() const { return value_; }

 private:
  std::string_view key_;  // A literal at every call.
  std::string value_;
};

/// Writes one line: `event` is a fixed snake_case name, e.g. "payment_authorised".
void write(LogLevel level, std::string_view event, std::initializer_list<Field> fields = {});
inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(LogLevel::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(LogLevel::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(LogLevel::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(LogLevel::error, event, fields);
}
/// The level, token, field and detail of `failure`, with `event` as what was being done, and `about` as to what.
void failed(std::string_view event, const Error& failure, std::initializer_list<Field> about = {});

/// Lines below `level` are dropped; info at start.
void set_level(LogLevel level);

}  // namespace acquit::base::log
