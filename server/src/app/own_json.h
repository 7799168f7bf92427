// The JSON that the programs say of themselves: /health, and the line by which each tells that it is ready. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace acquit::app {

/// What /health tells; the acquirer's members are those of its lines.
struct Health {
  bool database = false;
  bool acquirer = false;
  bool acquirer_fit = false;
  bool acquirer_in_clear = false;
  bool threeds = false;

  /// "ok", "degraded" where payments may be refused, "failing" without a database.
  [[nodiscard]] std::string_view status() const;
  [[nodiscard]] std::string json() const;
};

/// {"server":"http://…"}; with the sandbox's address where there is one.
[[nodiscard]] std::string ready_json(std::string_view server, std::string_view sandbox = {});
/// {"url":"http://…"}
[[nodiscard]] std::string url_json(std::string_view url);
/// The value of a text member of the object in a line such as "ready {…}". Errors: protocol_violation.
[[nodiscard]] base::Result<std::string> text_member(std::string_view line, std::string_view name);

}  // namespace acquit::app
