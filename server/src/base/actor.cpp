#include "base/actor.h"

namespace acquit::base {
namespace {

constexpr std::string_view name_of(Actor::Kind kind) {
  switch (kind) {
    case Actor::Kind::buyer: return "buyer";
    case Actor::Kind::shop: return "shop";
    case Actor::Kind::user: return "user";
    case Actor::Kind::operator_user: return "operator";
    case Actor::Kind::job: return "job";
  }
  return "";
}

}  // namespace

std::optional<Actor> Actor::parse(std::string_view text) {
  using enum Kind;
  for (const Kind kind : {buyer, shop, job}) {
    if (text == name_of(kind)) return Actor(kind);
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  for (const Kind kind : {user, operator_user}) {
    if (text.substr(0, colon) == name_of(kind)) return Actor(kind, std::string(text.substr(colon + 1)));
  }
  return std::nullopt;
}

std::string to_text(const Actor& actor) {
  std::string text(name_of(actor.kind()));
  if (!actor.id().empty()) text += ":" + actor.id();
  return text;
}

}  // namespace acquit::base
