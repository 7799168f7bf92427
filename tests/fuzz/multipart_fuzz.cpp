// Forms of parts: the first line is the content type, the rest the body. What is read comes back the same when it is
// written again; the rest is refused.
//
// Links: base http
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/form_fields.h"
#include "http/form.h"

namespace {

using namespace acquit;

base::Result<base::FormFields> read(std::string type, std::string body) {
  return http::form_of({.method = http::Method::post,
                        .path = "/",
                        .headers = {{"content-type", "multipart/form-data;" + std::move(type)}},
                        .body = std::move(body)});
}

std::string written(const base::FormFields& fields, const std::string& boundary) {
  std::string out;
  for (const auto& [name, value] : fields) {
    out += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"";
    for (const char c : name) {
      if (c == '"' || c == '\\') out += '\\';
      if (c == '\r' || c == '\n') {
        out += c == '\r' ? "%0D" : "%0A";
      } else {
        out += c;
      }
    }
    out += "\"\r\n\r\n" + value + "\r\n";
  }
  return out + "--" + boundary + "--\r\n";
}

// A name that reads as an escape when it is written plainly has no plain spelling.
bool is_plain(const base::FormFields& fields) {
  for (const auto& [name, value] : fields) {
    if (name.find('%') != std::string::npos || name.size() > 1000) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t line = all.find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string body(all.substr(line + 1));
  const auto fields = read(std::string(all.substr(0, line)), body);
  if (!fields) {
    const base::ErrorCode code = fields.error().code;
    if (code != base::ErrorCode::body_malformed && code != base::ErrorCode::unsupported) std::abort();
    return 0;
  }
  std::string boundary = "x";
  while (boundary.size() < 70 && body.find("--" + boundary) != std::string::npos) boundary += 'x';
  if (!is_plain(*fields) || body.find("--" + boundary) != std::string::npos) return 0;
  if (read("boundary=" + boundary, written(*fields, boundary)) != fields) std::abort();
  return 0;
}
