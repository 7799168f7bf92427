#include "protocols/vads/signature_search.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <utility>

#include "base/ascii.h"
#include "base/digest.h"
#include "protocols/vads/signature.h"
#include "protocols/vads/transformations.h"

namespace acquit::vads {
namespace {

using merchants::Mode;
using merchants::SignatureAlgorithm;
using Places = std::vector<std::size_t>;

constexpr std::size_t kBudgetLeast = 4U << 20U;
constexpr std::size_t kBudgetPerByte = 64;
constexpr std::size_t kHexSize = 40;
constexpr std::size_t kFieldCost = 16;  // A field is work too, however short.

enum class Order : std::uint8_t { names, sent, letters, without_empty };
constexpr std::array kOrders{Order::names, Order::without_empty, Order::sent, Order::letters};

class Search {
 public:
  Search(const Form& form, const merchants::ShopConfig& shop, Mode mode)
      : form_(form),
        own_key_(form_key(shop, mode)),
        other_key_(form_key(shop, mode == Mode::test ? Mode::production : Mode::test)),
        algorithm_(form.signature.size() == kHexSize ? SignatureAlgorithm::sha1 : SignatureAlgorithm::hmac_sha256),
        own_algorithm_(shop.shop.algorithm),
        given_(algorithm_ == SignatureAlgorithm::sha1 ? base::ascii_lower(form.signature) : form.signature) {
    for (const auto& [name, value] : form.fields) size_ += value.size() + kFieldCost;
    budget_ = search_budget(size_);
  }

  std::optional<SignedOtherwise> run() {
    for (const Order order : kOrders) {
      places_ = in(order);
      order_ = order;
      if (without_a_field()) return found_;
      for (const Transformation& way : transformations()) {
        if (changed_by(way)) return found_;
      }
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] Places in(Order order) const {
    Places places(form_.fields.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    if (order == Order::without_empty)
      std::erase_if(places, [&](std::size_t place) { return form_.fields[place].second.empty(); });
    if (order == Order::sent) return places;
    std::vector<std::string> keys;
    for (const auto& [name, value] : form_.fields)
      keys.push_back(order == Order::letters ? base::ascii_lower(name) + ' ' + name : name);
    std::ranges::sort(places, {}, [&](std::size_t place) -> const std::string& { return keys[place]; });
    return places;
  }

  [[nodiscard]] bool can_try() const { return budget_ >= 2 * size_; }

  // The signature is that of the form with `values` at `which`, by the key of either mode.
  bool matches(const Places& which, const std::vector<std::string>& values) {
    if (!can_try()) return false;
    budget_ -= 2 * size_;
    std::vector<bool> other(form_.fields.size());
    for (const std::size_t place : which) other[place] = true;
    std::string text;
    for (const std::size_t place : places_) {
      text += other[place] ? values[place] : form_.fields[place].second;
      text += '+';
    }
    return signs(text);
  }
  bool signs(const std::string& text) {
    for (const bool own : {true, false}) {
      if (!base::constant_time_equal(sign_joined(text, own ? own_key_ : other_key_, algorithm_), given_)) continue;
      found_.hints.clear();
      if (algorithm_ != own_algorithm_) found_.hints.emplace_back("other_algorithm");
      if (!own) found_.hints.emplace_back("other_mode_key");
      if (order_ == Order::without_empty) found_.hints.emplace_back("empty_fields");
      if (order_ == Order::sent || order_ == Order::letters) found_.hints.emplace_back("field_order");
      return true;
    }
    return false;
  }

  bool note(const Places& which, std::string_view transformation) {
    found_.fields.clear();
    for (const std::size_t place : which) found_.fields.push_back(form_.fields[place].first);
    found_.transformation = transformation;
    return true;
  }

  bool without_a_field() {
    const Places all = places_;
    for (std::size_t i = 0; i < all.size() && can_try(); ++i) {
      places_ = all;
      places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(i));
      if (matches({}, {})) return note({all[i]}, {});
    }
    places_ = all;
    return false;
  }

  bool changed_by(const Transformation& way) {
    if (!can_try()) return false;
    budget_ -= size_;
    std::vector<std::string> values;
    Places changed;
    for (const auto& [name, value] : form_.fields) {
      values.push_back(way.apply(value));
      if (values.back() != value) changed.push_back(values.size() - 1);
    }
    if (changed.empty()) return false;
    const auto matched = [&](const Places& which) { return matches(which, values) && note(which, way.name); };
    if (matched(changed)) return true;
    if (changed.size() == 1) return false;
    for (const std::size_t one : changed) {
      if (matched({one})) return true;
    }
    for (std::size_t i = 0; i < changed.size() && changed.size() > 2 && can_try(); ++i) {
      Places others = changed;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      if (matched(others)) return true;
    }
    return changed.size() > 3 && two_of(changed, matched);
  }
  template <class F>
  bool two_of(const Places& changed, const F& matched) {
    for (std::size_t i = 0; i < changed.size(); ++i) {
      for (std::size_t j = i + 1; j < changed.size() && can_try(); ++j) {
        if (matched({changed[i], changed[j]})) return true;
      }
    }
    return false;
  }

  const Form& form_;
  const base::SecretKey& own_key_;
  const base::SecretKey& other_key_;
  const SignatureAlgorithm algorithm_;  // Of the signature that came, by its length.
  const SignatureAlgorithm own_algorithm_;
  const std::string given_;
  std::size_t size_ = 0;
  std::size_t budget_ = 0;
  Order order_ = Order::names;
  Places places_;  // The fields in the order that is tried.
  SignedOtherwise found_;
};

}  // namespace

std::size_t search_budget(std::size_t size) { return std::max(kBudgetLeast, kBudgetPerByte * size); }

std::optional<SignedOtherwise> find_signed_otherwise(const Form& form, const merchants::ShopConfig& shop, Mode mode) {
  if (form.signature.empty()) return std::nullopt;
  return Search(form, shop, mode).run();
}

}  // namespace acquit::vads
