#include "base/form_fields.h"

#include <algorithm>

#include "base/list.h"
#include "base/percent.h"

namespace acquit::base {

std::optional<FormFields> parse_form(std::string_view body) {
  FormFields fields;
  if (body.empty()) return fields;
  for (const std::string_view pair : split(body, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = form_decode(pair.substr(0, equals));
    auto value = equals == std::string_view::npos ? std::string() : form_decode(pair.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    fields.emplace_back(*std::move(name), *std::move(value));
  }
  return fields;
}

std::string to_form(const FormFields& fields) {
  std::string out;
  out.reserve(form_size(fields));
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    append_percent_encoded(out, name);
    out += '=';
    append_percent_encoded(out, value);
  }
  return out;
}

std::size_t form_size(const FormFields& fields) {
  std::size_t size = fields.empty() ? 0 : 2 * fields.size() - 1;  // An = in each, a & between two.
  for (const auto& [name, value] : fields) size += percent_encoded_size(name) + percent_encoded_size(value);
  return size;
}

const std::string* find_field(const FormFields& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &FormFields::value_type::first);
  return found == fields.end() ? nullptr : &found->second;
}

std::string_view field_of(const FormFields& fields, std::string_view name) {
  const std::string* const value = find_field(fields, name);
  return value == nullptr ? std::string_view() : *value;
}

}  // namespace acquit::base
