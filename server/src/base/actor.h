// Actor: who acts, as histories name him: "buyer", "shop", "job", "user:jeanne@shop.example", "operator:root".
//
// A plain value; it proves nothing about who is acting. What moves money asks for a permit (payments/nouns/permit.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace acquit::base {

class Actor {
 public:
  enum class Kind : std::uint8_t {
    buyer,          ///< On the pay page.
    shop,           ///< The shop's system, by its key.
    user,           ///< Of the back office, with his id.
    operator_user,  ///< At the server's console, with his login.
    job,            ///< The platform itself, by the clock.
  };

  static Actor buyer() { return Actor(Kind::buyer); }
  static Actor shop() { return Actor(Kind::shop); }
  static Actor job() { return Actor(Kind::job); }
  static Actor user(std::string id) { return Actor(Kind::user, std::move(id)); }
  static Actor operator_user(std::string login) { return Actor(Kind::operator_user, std::move(login)); }
  /// As to_text gives it.
  [[nodiscard]] static std::optional<Actor> parse(std::string_view text);

  [[nodiscard]] Kind kind() const { return kind_; }
  /// Empty for those who are one of many without a name.
  [[nodiscard]] const std::string& id() const { return id_; }
  friend bool operator==(const Actor&, const Actor&) = default;

 private:
  explicit Actor(Kind kind, std::string id = {}) : kind_(kind), id_(std::move(id)) {}

  Kind kind_;
  std::string id_;
};
[[nodiscard]] std::string to_text(const Actor& actor);

}  // namespace acquit::base
