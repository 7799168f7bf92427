#include "notifications/formatter.h"

namespace acquit::notifications {

std::string_view to_string(Telling telling) {
  switch (telling) {
    case Telling::first: return "first";
    case Telling::again: return "again";
    case Telling::by_hand: return "by_hand";
  }
  return "";
}

std::optional<Telling> parse_telling(std::string_view text) {
  for (const Telling telling : {Telling::first, Telling::again, Telling::by_hand}) {
    if (to_string(telling) == text) return telling;
  }
  return std::nullopt;
}

}  // namespace acquit::notifications
