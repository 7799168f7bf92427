// The product's addresses as an OpenAPI 3.1 document: `acquit routes --openapi`. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/router.h"

namespace acquit::app {

/// Fields, limits and answers as the routes' endpoints describe themselves; what is no endpoint has its address, its
/// access and a sentence.
[[nodiscard]] std::string openapi_json(const std::vector<http::ListedRoute>& routes, std::string_view version);

}  // namespace acquit::app
