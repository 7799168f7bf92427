#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

#include "base/bytes.h"
#include "base/card_numbers.h"
#include "base/hex.h"
#include "base/result.h"
#include "base/utf8.h"

namespace acquit::base::log {
namespace {

spdlog::logger& logger() {
  static const auto kInstance = [] {
    auto made = std::make_shared<spdlog::logger>("acquit", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    return made;
  }();
  return *kInstance;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

// One line per event whatever comes from outside: control characters and quotes are escaped.
void append_quoted(std::string& line, std::string_view value) {
  if (!value.empty() && value.find_first_of(" \"=\\") == std::string_view::npos &&
      std::ranges::none_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      line += "\\x" + to_hex(as_bytes(std::string_view(&c, 1)));
    } else {
      line += c;
    }
  }
  line += '"';
}

void append_fields(std::string& line, std::initializer_list<Field> fields) {
  for (const Field& field : fields) {
    line += ' ';
    line += field.key();
    line += '=';
    append_quoted(line, mask_card_numbers(valid_utf8(field.value())));
  }
}

}  // namespace

void write(LogLevel level, std::string_view event, std::initializer_list<Field> fields) {
  if (!logger().should_log(to_spdlog(level))) return;
  std::string line(event);
  append_fields(line, fields);
  logger().log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

void failed(std::string_view event, const Error& failure, std::initializer_list<Field> about) {
  const ErrorRow& row = error_row(failure.code);
  if (!logger().should_log(to_spdlog(row.log_level))) return;
  std::string line(event);
  append_fields(line, about);
  append_fields(line, {{"error", row.token}, {"field", failure.field}, {"detail", failure.detail}});
  logger().log(to_spdlog(row.log_level), spdlog::string_view_t(line.data(), line.size()));
}

void set_level(LogLevel level) { logger().set_level(to_spdlog(level)); }

}  // namespace acquit::base::log
