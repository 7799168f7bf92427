// Message: a message type and its data elements as logical values, before or after any encoding.
//
// A value type. It may hold a card number and a security code, so it is never logged: describe() is for logs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acquit::iso8583 {

class Message {
 public:
  struct Field {
    int number;
    std::string value;
    friend bool operator==(const Field&, const Field&) = default;
  };

  Message() = default;
  explicit Message(std::string mti) : mti_(std::move(mti)) {}

  [[nodiscard]] const std::string& mti() const { return mti_; }
  /// Sets or replaces DE `number`. Whether the value fits is checked by encode().
  Message& set(int number, std::string value);
  [[nodiscard]] std::optional<std::string_view> find(int number) const;
  /// The value, or an empty text if the element is not there.
  [[nodiscard]] std::string_view get(int number) const { return find(number).value_or(std::string_view{}); }
  /// In ascending order.
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }

  friend bool operator==(const Message&, const Message&) = default;

 private:
  std::string mti_;
  std::vector<Field> fields_;  // Ascending by number.
};

/// One line for a log: card numbers as first six and last four; expiry, tracks, security code and every free element
/// that could hold such data only by their length.
[[nodiscard]] std::string describe(const Message& message);

}  // namespace acquit::iso8583
