#include "http/form.h"

#include "http/impl/multipart.h"

namespace acquit::http {

base::Result<base::FormFields> form_of(const Request& request) {
  const bool posted = request.method == Method::post;
  if (posted && is_multipart(request.header("content-type"))) {
    return parse_multipart(request.header("content-type"), request.body);
  }
  auto fields = base::parse_form(posted ? std::string_view(request.body) : std::string_view(request.query));
  if (!fields) return base::fail(base::ErrorCode::body_malformed, "a broken percent escape");
  return *std::move(fields);
}

}  // namespace acquit::http
