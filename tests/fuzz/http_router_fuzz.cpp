// Whatever bytes come, however they are cut: the parser ends in an answer, and what passes keeps its promises.
// Links: base net http
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "base/form_fields.h"
#include "base/utf8.h"
#include "http/address_set.h"
#include "http/impl/forwarded.h"
#include "http/impl/request_parser.h"
#include "http/impl/response_head.h"
#include "http/router.h"

namespace {

using namespace acquit;
using State = http::RequestParser::State;

void require(bool holds) {
  if (!holds) std::abort();
}

http::Router make_router() {
  http::Router router;
  for (const std::string pattern : {"/", "/pay/{token}", "/pay/{token}/card", "/pay/new", "/static/*"}) {
    router.add({.pattern = pattern}, http::Open(), [](http::Request request) -> base::Task<http::Response> {
      for (const auto& [name, value] : request.path_params) require(request.path.find(value) != std::string::npos);
      co_return http::Response::text(200, "");
    });
  }
  return router;
}

void check(http::Request request) {
  require(request.path.starts_with('/') && base::is_valid_utf8(request.path));
  require(request.path.find('\0') == std::string::npos && request.path.find("/../") == std::string::npos);
  (void)base::parse_form(request.query);
  (void)base::parse_form(request.body);
  static const http::AddressSet kTrusted = http::AddressSet::parse({"10.0.0.1", "192.168.0.0/16"}, "").value();
  (void)http::find_origin(request.headers, "10.0.0.1", false, kTrusted);
  static const http::Router kRouter = make_router();
  require(http::is_sendable(base::sync_wait(kRouter.route(std::move(request)))));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = data[0] + std::size_t{1};
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  http::RequestParser parser({.header_max = 512, .body_max = 256});
  std::size_t used = 0;
  for (std::size_t end = 0; end < bytes.size();) {
    end = std::min(end + step, bytes.size());
    for (;;) {
      const std::size_t more = parser.feed(bytes.substr(used, end - used));
      require(more <= end - used);
      used += more;
      if (parser.state() != State::complete) break;
      check(parser.take());
      parser.reset();
    }
    if (parser.state() == State::refused) {
      require(parser.refusal().status >= 400 && !parser.refusal().rule.empty());
      break;
    }
    require(end - used <= 600);  // What waits to be understood is bounded.
  }
  return 0;
}
