// What is bound to a statement: values written out on the spot, or those of a described row (table.h).
//
// Params is a view: what it was made from, and every text in that, must live until the call that it is given to
// returns. Values written out in the call itself do.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/id.h"

namespace acquit::db {

/// A bound value: null, integer, text or bytes.
class Param {
 public:
  struct Bytes {
    std::string_view view;
  };
  using Value = std::variant<std::monostate, std::int64_t, std::string_view, Bytes>;

  Param(std::nullptr_t) {}
  Param(std::int64_t value) : value_(value) {}
  Param(int value) : value_(std::int64_t{value}) {}
  Param(bool value) : value_(std::int64_t{value ? 1 : 0}) {}
  Param(std::string_view text) : value_(text) {}
  Param(const std::string& text) : value_(std::string_view(text)) {}
  Param(const char* text) : value_(std::string_view(text)) {}
  Param(Bytes bytes) : value_(bytes) {}
  template <class T>
  Param(const std::optional<T>& maybe) : Param(maybe ? Param(*maybe) : Param(nullptr)) {}

  [[nodiscard]] const Value& value() const { return value_; }

 private:
  Value value_;
};

/// Values to bind, and the texts made for that alone (an id's digits). Small ones need no memory of the heap. It stays
/// where it was made, since its parts point at each other.
class Bound {
 public:
  /// `fill` adds the values to it, of which `expected` are awaited.
  template <class Fill>
  Bound(std::size_t expected, Fill fill) {
    params_.reserve(expected);
    fill(*this);
  }
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;
  ~Bound() = default;

  void add(Param param) { params_.push_back(param); }
  /// A text that need not outlive the call.
  void add_copy(std::string_view text);
  void add_hex(const base::IdBytes& bytes);

  /// Takes back what was added behind the first `count`.
  void keep(std::size_t count) { params_.erase(params_.begin() + static_cast<std::ptrdiff_t>(count), params_.end()); }

  [[nodiscard]] std::span<const Param> params() const { return params_; }

 private:
  [[nodiscard]] char* room_for(std::size_t size) { return static_cast<char*>(memory_.allocate(size, 1)); }

  // An insert of some forty values with its texts.
  static constexpr std::size_t kRoom = 2048;

  alignas(std::max_align_t) std::array<std::byte, kRoom> room_;
  std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
  std::pmr::vector<Param> params_ = std::pmr::vector<Param>(&memory_);
};

class Params {
 public:
  Params() = default;
  Params(std::initializer_list<Param> params [[clang::lifetimebound]]) : params_(params.begin(), params.size()) {}
  Params(std::span<const Param> params) : params_(params) {}
  Params(const Bound& bound [[clang::lifetimebound]]) : params_(bound.params()) {}

  [[nodiscard]] auto begin() const { return params_.begin(); }
  [[nodiscard]] auto end() const { return params_.end(); }
  [[nodiscard]] std::size_t size() const { return params_.size(); }

 private:
  std::span<const Param> params_;
};

}  // namespace acquit::db
