#include "base/actor.h"

#include <gtest/gtest.h>

namespace acquit::base {
namespace {

TEST(Actors, AreReadAsTheyAreWritten) {
  const std::pair<Actor, std::string> rows[] = {{Actor::buyer(), "buyer"},
                                                {Actor::shop(), "shop"},
                                                {Actor::job(), "job"},
                                                {Actor::user("a:b@shop.example"), "user:a:b@shop.example"},
                                                {Actor::operator_user("root"), "operator:root"}};
  for (const auto& [actor, text] : rows) {
    EXPECT_EQ(to_text(actor), text);
    EXPECT_EQ(Actor::parse(text), actor);
  }
}

TEST(Actors, AreNobodyElse) {
  for (const char* const text : {"", "BUYER", "buyer:1", "user", "user:", "operator", "root", "job:x", ":x"}) {
    EXPECT_EQ(Actor::parse(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace acquit::base
