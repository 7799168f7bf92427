#include "http/message.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/form_fields.h"
#include "http/web_address.h"

namespace acquit::http {

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::delete_: return "DELETE";
    case Method::options: return "OPTIONS";
  }
  return "GET";
}

std::string_view Request::header(std::string_view name) const { return base::field_of(headers, name); }

Response Response::html(int status, std::string body) {
  return {.status = status,
          .headers = {{"content-type", "text/html; charset=utf-8"}, {"cache-control", "no-store"}},
          .body = std::move(body)};
}

Response Response::json(int status, std::string body) {
  return {.status = status, .headers = {{"content-type", "application/json; charset=utf-8"}}, .body = std::move(body)};
}

Response Response::text(int status, std::string body) {
  return {.status = status, .headers = {{"content-type", "text/plain; charset=utf-8"}}, .body = std::move(body)};
}

Response Response::see_other(std::string_view location) {
  return {.status = 303, .headers = {{"location", sent_address(location)}, {"cache-control", "no-store"}}, .body = {}};
}

Response& Response::with_header(std::string_view spelled, std::string value) {
  std::string name = base::ascii_lower(spelled);
  // A response may set several cookies; every other header has one value.
  if (name != "set-cookie") std::erase_if(headers, [&](const auto& header) { return header.first == name; });
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

}  // namespace acquit::http
