// `acquit incident`: what is stored of a refused form, by the number that the buyer's page and the mail show.
#pragma once

#include <string>

#include "app/desk.h"
#include "base/result.h"

namespace acquit::app {

/// As text. Errors: not_found (nothing is stored under that number; the detail says where else to look).
[[nodiscard]] base::Result<std::string> incident(Desk& desk, const std::string& number);

}  // namespace acquit::app
