// The response's bytes before its body. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"

namespace acquit::http {

struct HeadFacts {
  Method method = Method::get;  ///< Of the request.
  std::string_view request_id{};
  std::string_view date{};
  bool keep_alive = true;
  bool secure = false;        ///< It came by TLS: browsers are told to stay with it.
  std::string_view policy{};  ///< The Content-Security-Policy of what brings none of its own; empty: none.
};

/// Status line and headers, our defaults included. The handler's connection, transfer-encoding and (but for HEAD)
/// content-length are ours to set and left out.
void append_head(std::string& out, const Response& response, const HeadFacts& facts);

/// True if a handler's response may go out: a final status, and no header that would end its line early.
[[nodiscard]] bool is_sendable(const Response& response);
/// True if a response of this kind carries its body.
[[nodiscard]] bool carries_body(Method method, int status);
/// RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(base::Time time);

}  // namespace acquit::http
