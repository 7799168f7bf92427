#include "platform/i18n/country.h"

#include <unicode/region.h>

#include <string>

namespace acquit::i18n {

int country_number(std::string_view code) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Region* region = icu::Region::getInstance(std::string(code).c_str(), status);
  const bool known = U_SUCCESS(status) != 0 && region != nullptr && region->getNumericCode() > 0;
  return known ? region->getNumericCode() : 0;
}

}  // namespace acquit::i18n
