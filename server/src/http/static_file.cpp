#include "http/static_file.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/list.h"

namespace acquit::http {
namespace {

constexpr std::size_t kEtagDigits = 24;

// Weak comparison: a proxy that recoded the file has made its tag weak, and the file is still the same.
bool names(std::string_view header, std::string_view etag) {
  return std::ranges::any_of(base::split(header, ','), [&](std::string_view one) {
    one = base::trim(one);
    if (one.starts_with("W/")) one.remove_prefix(2);
    return one == etag || one == "*";
  });
}

}  // namespace

StaticFile::StaticFile(const Texts& texts, std::string content_type, std::string cache_control)
    : variants_(3), content_type_(std::move(content_type)), cache_control_(std::move(cache_control)) {
  add(Coding::identity, texts.plain);
  if (!texts.gzip.empty() && texts.gzip.size() < texts.plain.size()) add(Coding::gzip, texts.gzip);
  if (!texts.brotli.empty() && texts.brotli.size() < texts.plain.size()) add(Coding::brotli, texts.brotli);
}

void StaticFile::add(Coding coding, std::string_view content) {
  variants_[static_cast<std::size_t>(coding)] = {
      .content = content, .etag = '"' + base::to_hex(base::sha256(content)).substr(0, kEtagDigits) + '"'};
}

Coding StaticFile::choose(const Request& request) const {
  const bool gzip = !of(Coding::gzip).etag.empty();
  const bool brotli = !of(Coding::brotli).etag.empty();
  if (gzip && brotli) return choose_coding(request, {Coding::brotli, Coding::gzip});
  if (gzip) return choose_coding(request, {Coding::gzip});
  if (brotli) return choose_coding(request, {Coding::brotli});
  return Coding::identity;
}

Response StaticFile::answer(const Request& request) const {
  const Coding coding = choose(request);
  const Variant& variant = of(coding);
  Response response{.status = 200, .headers = {}, .body = {}};
  response.with_header("etag", variant.etag)
      .with_header("cache-control", cache_control_)
      .with_header("vary", "Accept-Encoding");
  for (const auto& [name, value] : request.headers) {
    if (name == "if-none-match" && names(value, variant.etag)) response.status = 304;
  }
  if (response.status == 304) return response;
  response.with_header("content-type", content_type_);
  if (coding != Coding::identity) response.with_header("content-encoding", std::string(to_string(coding)));
  response.body = variant.content;
  return response;
}

}  // namespace acquit::http
