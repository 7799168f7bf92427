// The fields of a form, as pairs of text, and their urlencoded form. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acquit::base {

using FormFields = std::vector<std::pair<std::string, std::string>>;

/// application/x-www-form-urlencoded, in the order sent. Nothing on a broken percent escape.
[[nodiscard]] std::optional<FormFields> parse_form(std::string_view body);
[[nodiscard]] std::string to_form(const FormFields& fields);
/// The value of the first field of that name; null if there is none. For headers and other pairs, too.
[[nodiscard]] const std::string* find_field(const FormFields& fields, std::string_view name);
/// The same, and empty if there is none.
[[nodiscard]] std::string_view field_of(const FormFields& fields, std::string_view name);
/// The bytes that to_form(fields) has.
[[nodiscard]] std::size_t form_size(const FormFields& fields);

}  // namespace acquit::base
