#include "sandbox/control/fault_order.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "sandbox/shop/vads_form.h"

namespace acquit::sandbox {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::int64_t kCountMax = 100'000;

constexpr std::array kTargets = {FaultTarget::acquirer, FaultTarget::acs, FaultTarget::shop, FaultTarget::smtp};
constexpr std::array kAllKinds = {FaultKind::silent,     FaultKind::slow,      FaultKind::garbage,
                                  FaultKind::disconnect, FaultKind::duplicate, FaultKind::refuse};
// An HTTP answer can't come twice.
constexpr std::array kAcsKinds = {FaultKind::silent, FaultKind::slow, FaultKind::garbage, FaultKind::disconnect,
                                  FaultKind::refuse};

template <class T>
std::string names_of(std::span<const T> values) {
  std::vector<std::string_view> names;
  for (const T value : values) names.push_back(to_string(value));
  return fmt::format("{}", fmt::join(names, ", "));
}

template <class T>
Result<T> choose(std::string_view text, std::span<const T> allowed, std::string_view field, std::string_view whose) {
  const std::string names = names_of(allowed);
  if (text.empty()) {
    return fail(ErrorCode::field_missing, fmt::format("{} is missing; allowed{}: {}", field, whose, names),
                std::string(field));
  }
  for (const T value : allowed) {
    if (to_string(value) == text) return value;
  }
  return fail(ErrorCode::field_value, fmt::format("unknown {} \"{}\"; allowed{}: {}", field, text, whose, names),
              std::string(field));
}

Result<FaultOrder> make_order(std::string_view target, std::string_view kind, std::optional<std::int64_t> count) {
  FaultOrder order;
  ACQUIT_TRY(order.target, choose<FaultTarget>(target, all_targets(), "target", ""));
  ACQUIT_TRY(order.kind,
             choose<FaultKind>(kind, kinds_of(order.target), "kind", fmt::format(" for {}", to_string(order.target))));
  if (!count || *count < 1 || *count > kCountMax) {
    return fail(ErrorCode::field_value, fmt::format("count must be a number from 1 to {}", kCountMax), "count");
  }
  order.count = static_cast<std::size_t>(*count);
  return order;
}

// The text of that member; empty if it is absent or no text.
std::string_view text_of(const boost::json::object& object, std::string_view name) {
  const boost::json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

}  // namespace

std::string_view to_string(FaultTarget target) {
  switch (target) {
    case FaultTarget::acquirer: return "acquirer";
    case FaultTarget::acs: return "acs";
    case FaultTarget::shop: return "shop";
    case FaultTarget::smtp: return "smtp";
  }
  return "";
}

std::span<const FaultTarget> all_targets() { return kTargets; }

std::span<const FaultKind> kinds_of(FaultTarget target) {
  if (target == FaultTarget::acs) return kAcsKinds;
  return kAllKinds;
}

Result<FaultOrder> parse_fault_json(std::string_view body) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(body, error);
  const boost::json::object* const object = error ? nullptr : value.if_object();
  if (object == nullptr) {
    return fail(ErrorCode::body_malformed,
                R"(the body must be a JSON object like {"target":"acquirer","kind":"silent","count":1})");
  }
  std::optional<std::int64_t> count = 1;
  if (const boost::json::value* const given = object->if_contains("count")) {
    count = given->is_int64() ? std::optional(given->get_int64()) : std::nullopt;
  }
  return make_order(text_of(*object, "target"), text_of(*object, "kind"), count);
}

Result<FaultOrder> parse_fault_form(std::string_view body) {
  const auto fields = base::parse_form(body);
  if (!fields) return fail(ErrorCode::body_malformed, "the form is broken");
  const std::string_view count = field_of(*fields, "count");
  return make_order(field_of(*fields, "target"), field_of(*fields, "kind"),
                    count.empty() ? std::optional<std::int64_t>(1) : base::parse_int<std::int64_t>(count));
}

}  // namespace acquit::sandbox
