// The inbox for people and for tests: GET /inbox, /inbox/{id}, /inbox.json; DELETE /inbox, and POST /inbox/clear for
// browsers.
//
// A mail's HTML is shown in a sandboxed frame, without scripts and without our origin. The mailbox outlives the router.
#pragma once

#include <string>

#include "http/router.h"
#include "sandbox/inbox/mailbox.h"

namespace acquit::sandbox {

void add_inbox_routes(http::Router& router, Mailbox& mailbox);
/// An array, newest first.
[[nodiscard]] std::string to_json(const std::vector<Mail>& mails);

}  // namespace acquit::sandbox
