// The sandbox's front page: what there is, and the test cards with what each does.
#pragma once

#include "http/router.h"

namespace acquit::sandbox {

void add_index_routes(http::Router& router);

}  // namespace acquit::sandbox
