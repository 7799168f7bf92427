#include "http/endpoint.h"

namespace acquit::http {

base::Result<SentFields> sent_fields(Takes takes, const Request& request) {
  switch (takes) {
    case Takes::nothing: return SentFields();
    case Takes::form: return SentFields::of_form(request);
    case Takes::json: return SentFields::of_json(request.body);
  }
  return SentFields();
}

const Spec<NoInput>& no_fields() {
  static const Spec<NoInput> kSpec;
  return kSpec;
}

Response json_refusal(const base::Error& error) {
  const base::ErrorRow& row = base::error_row(error.code);
  base::JsonValue told = base::JsonValue::object();
  told.add_text("error", row.token);
  told.add_text("field", error.field);
  if (error.family() != base::Family::bug) told.add_text("detail", error.detail);
  return Response::json(row.http_status, base::to_json(told));
}

}  // namespace acquit::http
