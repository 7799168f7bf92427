// The frame of the sandbox's own pages, and small helpers for their routes and texts.
//
// Pure functions; safe from any thread. Bodies are HTML already: whoever builds them escapes what comes from outside.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"
#include "http/router.h"

namespace acquit::sandbox {

struct PageOptions {
  std::string_view title;         ///< Plain text.
  std::string_view current = "";  ///< The address of the entry of the navigation that this page belongs to.
  std::string_view body;          ///< HTML.
};

/// A page with the sandbox's navigation.
[[nodiscard]] http::Response tool_page(const PageOptions& options);
/// The style sheet at /sandbox.css.
void add_look_routes(http::Router& router);
/// A route whose answer is there at once.
void add_route(http::Router& router, http::Method method, std::string_view pattern,
               std::function<http::Response(const http::Request&)> answer);

/// "2026-11-22T00:25:21Z"
[[nodiscard]] std::string iso_time(base::Time time);
/// "20261122002521"
[[nodiscard]] std::string compact_time(base::Time time);
/// "22/11/2026 00:25:21"
[[nodiscard]] std::string french_time(base::Time time);

}  // namespace acquit::sandbox
