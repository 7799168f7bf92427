// Form bodies: what parses, is printed and parsed again to the same fields; the rest is refused.
//
// Links: base
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/form_fields.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto fields = acquit::base::parse_form(body);
  if (fields && acquit::base::parse_form(acquit::base::to_form(*fields)) != fields) std::abort();
  return 0;
}
