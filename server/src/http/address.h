// What can be said of a host without asking anybody. Pure; safe from any thread.
#pragma once

#include <string_view>

namespace acquit::http {

/// A literal address, or "localhost", that Client refuses unless private addresses are allowed.
[[nodiscard]] bool is_special_host(std::string_view host);

}  // namespace acquit::http
