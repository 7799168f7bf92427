// Tables in CSV: whatever comes, each row has as many values as columns were asked for, and the reading ends.
//
// Links: base
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "base/csv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  auto reader = acquit::base::CsvReader::open(in, {{.name = "a"}, {.name = "b", .required = false}});
  if (!reader) return 0;
  for (std::size_t rows = 0; rows <= size; ++rows) {
    const auto row = reader->next();
    if (!row || !*row) return 0;
    if ((*row)->values.size() != 2) std::abort();
  }
  std::abort();
}
