// multipart/form-data (RFC 7578) as browsers and the shops' HTTP libraries write it: text fields, no files. Pure; one
// pass over the body.
#pragma once

#include <string_view>

#include "base/form_fields.h"
#include "base/result.h"

namespace acquit::http {

[[nodiscard]] bool is_multipart(std::string_view content_type);

/// The fields in the order sent. A preamble and an epilogue count for nothing; a body without its last boundary was cut
/// off and is refused whole. Errors: see form.h.
[[nodiscard]] base::Result<base::FormFields> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace acquit::http
