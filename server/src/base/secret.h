// Secret<T> and Pan: values that can't be printed, logged, compared or copied into text by accident; wiped at the end.
//
// There is no stream, format or JSON output; log::Field takes neither. Whoever needs the value says reveal(), which a
// reader can search for.
#pragma once

#include <openssl/crypto.h>

#include <new>  // tidy: the header, not the operator
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace acquit::base {

/// Memory for keys: where the program set it up (app/hardening.h), it is locked in RAM, between guard pages, and in no
/// dump; else, and where it is full, ordinary memory. Safe from any thread.
template <class T>
struct KeyAllocator {
  using value_type = T;
  KeyAllocator() = default;
  template <class Other>
  explicit(false) KeyAllocator(const KeyAllocator<Other>&) {}
  [[nodiscard]] T* allocate(std::size_t count) {
    void* memory = OPENSSL_secure_malloc(count * sizeof(T));
    if (memory == nullptr) memory = OPENSSL_malloc(count * sizeof(T));
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) { OPENSSL_secure_clear_free(memory, count * sizeof(T)); }
  friend bool operator==(const KeyAllocator&, const KeyAllocator&) { return true; }
};

struct KeyTag {};
struct PasswordTag {};
struct PanTag {};
struct SecurityCodeTag {};

/// A secret text (key, password, security code), overwritten when it goes.
template <class Tag>
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) {
    if constexpr (std::is_same_v<Text, std::string>) {
      value_ = std::move(value);
    } else {
      value_.assign(value);
    }
    // A short text is copied by the move, and would stay on the stack.
    wipe(value);  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move): what the move left is what is wiped.
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
  // A short text stands inside the object itself; keys are longer.
  using Text = std::conditional_t<std::is_same_v<Tag, KeyTag>,
                                  std::basic_string<char, std::char_traits<char>, KeyAllocator<char>>, std::string>;
  template <class AnyText>
  static void wipe(AnyText& text) {
    text.resize(text.capacity());  // NOLINT(clang-analyzer-cplusplus.Move): moved-from texts are wiped too.
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
  }
  Text value_;
};

using SecretKey = Secret<KeyTag>;
using Password = Secret<PasswordTag>;
/// A card number: 13 to 19 digits.
using Pan = Secret<PanTag>;
/// CVV, CVC, CID: 3 or 4 digits; never stored.
using SecurityCode = Secret<SecurityCodeTag>;

}  // namespace acquit::base
