// The fields of a form that somebody sent, in whichever of the two encodings of HTML: as a query, urlencoded, or
// multipart/form-data (RFC 7578). Values are the bytes as they came; no character set is taken for granted.
//
// Pure; any thread. Work and memory are in proportion to the request, whatever is in it. Errors: body_malformed for
// what is no form; unsupported for a form that brings a file, with the name of its field.
#pragma once

#include "base/form_fields.h"
#include "base/result.h"
#include "http/message.h"

namespace acquit::http {

/// In the order sent. A body whose content type is none of a form's is read as urlencoded, as most clients mean it.
[[nodiscard]] base::Result<base::FormFields> form_of(const Request& request);

}  // namespace acquit::http
