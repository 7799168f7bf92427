// HTTP requests and responses as plain values, and the handler's shape. No Beast type passes this header.
//
// Header names are lower case. A handler gets a request whose size, encoding and deadline were already checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/task.h"

namespace acquit::http {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options };
[[nodiscard]] std::string_view to_string(Method method);

/// Bytes that a request may bring where nothing else is said.
inline constexpr std::size_t kBodyMax = 256U << 10U;

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Method method = Method::get;
  std::string path{};   ///< Decoded once, begins with '/', no query; "." and ".." segments were refused.
  std::string query{};  ///< Raw, without '?'.
  Headers headers{};
  std::string body{};
  std::string remote_address{};  ///< The client's IP; from X-Forwarded-For if the peer is a trusted proxy.
  bool secure = false;           ///< TLS here or at a trusted proxy.
  std::string request_id{};      ///< For logs and error pages.
  base::Monotonic deadline{};    ///< The answer is worthless afterwards.
  std::map<std::string, std::string, std::less<>> path_params{};  ///< {name} parts of the route.

  /// The first header of that (lower-case) name, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers{};
  std::string body{};
  bool hang_up = false;       ///< Close the connection without answering: how simulated parties lose it.
  bool compressible = false;  ///< It may be gzipped: no secret in it that the request did not hold (ADR 0021).

  static Response html(int status, std::string body);
  static Response json(int status, std::string body);
  static Response text(int status, std::string body);
  /// 303: the browser goes on with GET, at sent_address(location).
  static Response see_other(std::string_view location);
  /// Sets a header, replacing one of that name however it is spelled; set-cookie is added instead.
  Response& with_header(std::string_view spelled, std::string value);
};

using Handler = std::function<base::Task<Response>(Request)>;

}  // namespace acquit::http
