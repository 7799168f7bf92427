// The pages of the sandbox's issuer, in French and English: own look, no script needed, right from 320 px up.
//
// Pure functions from values to HTML; every value is escaped. Safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/form_fields.h"
#include "sandbox/threeds/acs_session.h"

namespace acquit::sandbox {

/// The code entry; `wrong_code` shows that the last one was not accepted. Its form posts to `action`.
[[nodiscard]] std::string challenge_page(const AcsSession& session, std::string_view action, bool wrong_code);
/// Posts `fields` to `url` at once, or by a button where scripts don't run.
[[nodiscard]] std::string forward_page(std::string_view url, const base::FormFields& fields, bool french);
[[nodiscard]] std::string unknown_challenge_page();
/// The bank says that it has a problem of its own.
[[nodiscard]] std::string broken_page(bool french);

}  // namespace acquit::sandbox
