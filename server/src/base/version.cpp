#include "base/version.h"

namespace acquit::base {

std::string_view version() { return ACQUIT_VERSION; }

}  // namespace acquit::base
