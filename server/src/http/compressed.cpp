#include "http/compressed.h"

#include <utility>

#include "http/coding.h"

namespace acquit::http {
namespace {

constexpr std::size_t kWorthIt = 1024;  // Shorter ones leave in one packet anyway.
constexpr std::uint64_t kPaddingMax = 32;

base::Task<Response> call(base::Random& random, const Handler& handler, Request request) {
  const Coding coding = choose_coding(request, {Coding::gzip});
  Response response = co_await handler(std::move(request));
  if (!response.compressible || response.body.size() < kWorthIt) co_return response;
  response.with_header("vary", "Accept-Encoding");
  if (coding == Coding::identity) co_return response;
  response.body = gzip(response.body, random.below(kPaddingMax));
  response.with_header("content-encoding", std::string(to_string(coding)));
  co_return response;
}

}  // namespace

Handler compressed(base::Random& random, Handler handler) {
  return [&random, handler = std::move(handler)](Request request) { return call(random, handler, std::move(request)); };
}

}  // namespace acquit::http
