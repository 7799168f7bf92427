// A URL as it may be shown, stored and logged: without the password that it may hold. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace acquit::http {

/// "https://user:secret@host/path" becomes "https://user:***@host/path"; a name without password, which may be a token,
/// becomes "***" as well. Rather too much is masked than too little where the URL can't be read.
[[nodiscard]] std::string shown_url(std::string_view url);

}  // namespace acquit::http
