#include "db/params.h"

#include <algorithm>

namespace acquit::db {

void Bound::add_copy(std::string_view text) {
  if (text.empty()) return add(std::string_view(""));
  char* const place = room_for(text.size());
  std::ranges::copy(text, place);
  add(std::string_view(place, text.size()));
}

// Not by base::id_to_hex: an insert has three or four of these, each a piece of the heap.
void Bound::add_hex(const base::IdBytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  char* const place = room_for(2 * bytes.size());
  char* at = place;
  for (const std::byte byte : bytes) {
    *at++ = kDigits[std::to_integer<std::size_t>(byte >> 4)];
    *at++ = kDigits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  add(std::string_view(place, 2 * bytes.size()));
}

}  // namespace acquit::db
