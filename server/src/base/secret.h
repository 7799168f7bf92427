// Secret<T> and Pan: values that can't be printed, logged, compared or copied into text by accident; wiped at the end.
//
// There is no stream, format or JSON output; log::Field takes neither. Whoever needs the value says reveal(), which a
// reader can search for.
#pragma once

#include <openssl/crypto.h>

#include <string>
#include <string_view>
#include <utility>

namespace acquit::base {

/// A secret text (key, password, security code), overwritten when it goes.
template <class Tag>
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {
    // A short text is copied by the move, and would stay on the stack.
    wipe(value);  // NOLINT(clang-analyzer-cplusplus.Move): what the move left is what is wiped.
  }
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe(value_);
      value_ = other.value_;
    }
    return *this;
  }
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { wipe(other.value_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe(value_);
      value_ = std::move(other.value_);
      wipe(other.value_);
    }
    return *this;
  }
  ~Secret() { wipe(value_); }

  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  static void wipe(std::string& text) {
    text.resize(text.capacity());  // NOLINT(clang-analyzer-cplusplus.Move): moved-from texts are wiped too.
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
  }
  std::string value_;
};

struct KeyTag {};
struct PasswordTag {};
struct PanTag {};
struct SecurityCodeTag {};

using SecretKey = Secret<KeyTag>;
using Password = Secret<PasswordTag>;
/// A card number: 13 to 19 digits.
using Pan = Secret<PanTag>;
/// CVV, CVC, CID: 3 or 4 digits; never stored.
using SecurityCode = Secret<SecurityCodeTag>;

}  // namespace acquit::base
