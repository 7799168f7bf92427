#include "protocols/all/all.h"

#include <gtest/gtest.h>

#include <set>

namespace acquit::protocols {
namespace {

TEST(Registry, FindsEachProtocolOfTheListByAName) {
  std::set<std::string_view> names;
  const Protocols list = all();
  for (const auto& protocol : list) EXPECT_TRUE(names.insert(protocol->name()).second) << protocol->name();
  const Registry registry(all());
  for (const std::string_view name : names) {
    ASSERT_NE(registry.find(name), nullptr) << name;
    EXPECT_EQ(registry.find(name)->name(), name);
    EXPECT_EQ(registry.formatters()(name), registry.find(name));
  }
  EXPECT_TRUE(names.contains("vads")) << "payments are marked with it";
  EXPECT_EQ(registry.find("unheard"), nullptr);
  EXPECT_EQ(registry.find(""), nullptr);
}

}  // namespace
}  // namespace acquit::protocols
