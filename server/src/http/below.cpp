#include "http/below.h"

#include <utility>

#include "base/ascii.h"

namespace acquit::http {
namespace {

constexpr std::string_view kLocation = "location";

// Elsewhere ("https://…", "//…") stays elsewhere.
void put_before(const std::string& path, Response& response) {
  for (auto& [name, value] : response.headers) {
    const bool ours = value.starts_with('/') && !value.starts_with("//");
    if (ours && base::ascii_lower(name) == kLocation) value.insert(0, path);
  }
}

base::Task<Response> call(const std::string& path, const Handler& handler, Request request) {
  request.path = std::string(path_below(path, request.path));
  Response response = co_await handler(std::move(request));
  put_before(path, response);
  co_return response;
}

}  // namespace

std::string path_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t slash = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  if (slash == std::string_view::npos) return {};
  std::string path(url.substr(slash, url.find_first_of("?#", slash) - slash));
  while (path.ends_with('/')) path.pop_back();
  return path;
}

std::string address_below(std::string_view url, std::string_view path) {
  return std::string(url.substr(0, url.size() - (url.ends_with('/') ? 1 : 0))) + std::string(path);
}

std::string_view path_below(std::string_view path, std::string_view asked) {
  if (!asked.starts_with(path)) return asked;
  if (asked.size() == path.size()) return "/";
  return asked[path.size()] == '/' ? asked.substr(path.size()) : asked;
}

Handler below(std::string path, Handler handler) {
  if (path.empty()) return handler;
  return [path = std::move(path), handler = std::move(handler)](Request request) {
    return call(path, handler, std::move(request));
  };
}

}  // namespace acquit::http
