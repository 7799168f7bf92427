#include "base/secret.h"

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>
#include <string>
#include <utility>

#include "base/log.h"

namespace acquit::base {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
concept Loggable = std::constructible_from<log::Field, std::string_view, T>;
template <class T>
concept Text = std::convertible_to<T, std::string_view> || std::convertible_to<T, std::string>;
template <class T>
concept Guarded = !Streamable<T> && !Loggable<T> && !Text<T> && !std::equality_comparable<T>;

// The compiler refuses to print, log, copy into text or compare what is secret.
static_assert(Guarded<Pan> && Guarded<SecurityCode> && Guarded<SecretKey> && Guarded<Password>);
static_assert(!std::convertible_to<std::string, Pan>, "a text becomes a secret only when someone says so");
static_assert(!std::constructible_from<Pan, SecurityCode>, "one secret is not another");
// The checks above can fail.
static_assert(Streamable<std::string> && Loggable<std::string> && Text<std::string>);

TEST(Secret, RevealsWhatItHolds) {
  const Pan pan("4970100000000055");
  EXPECT_EQ(pan.reveal(), "4970100000000055");
  EXPECT_FALSE(pan.empty());
  EXPECT_TRUE(Pan().empty());
}

TEST(Secret, CopiesAndMovesLeaveTheRightOneBehind) {
  for (const std::string text : {"123", "a long secret that does not fit into the short string buffer"}) {
    SecretKey first(text);
    SecretKey copy(first);
    EXPECT_EQ(first.reveal(), text);
    EXPECT_EQ(copy.reveal(), text);
    const SecretKey moved(std::move(first));
    EXPECT_EQ(moved.reveal(), text);
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that it is empty is what is tested.
    first = moved;
    EXPECT_EQ(first.reveal(), text);
    first = std::move(copy);
    EXPECT_EQ(first.reveal(), text);
    EXPECT_TRUE(copy.empty());  // NOLINT(bugprone-use-after-move)
  }
}

}  // namespace
}  // namespace acquit::base
