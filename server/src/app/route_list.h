// The routes of the product, as `acquit routes` prints them: by address, as a table or as JSON. Pure.
#pragma once

#include <string>
#include <vector>

#include "http/router.h"

namespace acquit::app {

/// All of a server: pages, doors of protocols, the door for results of 3-D Secure, what operators read.
[[nodiscard]] std::vector<http::ListedRoute> all_routes();

/// Columns: method, path, access, permission, most bytes of a body.
[[nodiscard]] std::string routes_text(const std::vector<http::ListedRoute>& routes);
/// An array of objects with the same.
[[nodiscard]] std::string routes_json(const std::vector<http::ListedRoute>& routes);

}  // namespace acquit::app
