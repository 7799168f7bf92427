#include "sandbox/control/fault_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "base/list.h"
#include "base/number.h"
#include "sandbox/shop/vads_form.h"

namespace acquit::sandbox {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::int64_t kCountMax = 100'000;

constexpr std::array kTargets = {FaultTarget::acquirer, FaultTarget::acs, FaultTarget::shop, FaultTarget::smtp};
// Those of every target first, then those of the acquirer alone.
constexpr std::array kKinds = {FaultKind::silent,     FaultKind::slow,      FaultKind::garbage,
                               FaultKind::disconnect, FaultKind::duplicate, FaultKind::refuse,
                               FaultKind::unreadable, FaultKind::mismatch,  FaultKind::code};
constexpr std::size_t kCommonKinds = 6;

// As it came, before anything was checked.
struct Asked {
  std::string_view target;
  std::string_view kind;
  std::optional<std::string_view> step;
  std::optional<std::int64_t> count;
  std::string_view code = {};
};

template <class T>
std::string names_of(std::span<const T> values) {
  std::vector<std::string_view> names;
  for (const T value : values) names.push_back(to_string(value));
  return base::join(names, ", ");
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

Result<std::optional<AcsStep>> choose_step(FaultTarget target, FaultKind kind, std::optional<std::string_view> asked) {
  if (target != FaultTarget::acs) {
    if (asked) return fail(ErrorCode::field_value, "step is for the target acs only", "step");
    return std::nullopt;
  }
  const auto allowed = steps_of(kind);
  if (!asked) return allowed.front();
  return choose<AcsStep>(*asked, allowed, "step", fmt::format(" for acs {}", to_string(kind)));
}

Result<std::string> choose_code(FaultKind kind, std::string_view asked) {
  const auto is_sign = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
  const bool wanted = kind == FaultKind::code;
  if (wanted ? asked.size() == 2 && std::ranges::all_of(asked, is_sign) : asked.empty()) return std::string(asked);
  return fail(ErrorCode::field_value, "code must be two digits or capitals, for the kind code only", "code");
}

Result<FaultOrder> make_order(const Asked& asked) {
  FaultOrder order;
  ACQUIT_TRY(order.target, choose<FaultTarget>(asked.target, all_targets(), "target", ""));
  ACQUIT_TRY(order.kind, choose<FaultKind>(asked.kind, kinds_of(order.target), "kind", ""));
  ACQUIT_TRY(order.step, choose_step(order.target, order.kind, asked.step));
  if (!asked.count || *asked.count < 1 || *asked.count > kCountMax) {
    return fail(ErrorCode::field_value, fmt::format("count must be a number from 1 to {}", kCountMax), "count");
  }
  order.count = static_cast<std::size_t>(*asked.count);
  ACQUIT_TRY(order.code, choose_code(order.kind, asked.code));
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

std::span<const FaultKind> all_kinds() { return kKinds; }

std::span<const FaultKind> kinds_of(FaultTarget target) {
  return target == FaultTarget::acquirer ? all_kinds() : all_kinds().first(kCommonKinds);
}

Result<FaultOrder> parse_fault_json(std::string_view body) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(body, error);
  const boost::json::object* const object = error ? nullptr : value.if_object();
  if (object == nullptr) {
    return fail(ErrorCode::body_malformed,
                R"(the body must be a JSON object like {"target":"acquirer","kind":"silent","count":1})");
  }
  Asked asked{.target = text_of(*object, "target"), .kind = text_of(*object, "kind"), .step = {}, .count = 1};
  asked.code = text_of(*object, "code");
  if (object->contains("step")) asked.step = text_of(*object, "step");
  if (const boost::json::value* const given = object->if_contains("count")) {
    asked.count = given->is_int64() ? std::optional(given->get_int64()) : std::nullopt;
  }
  return make_order(asked);
}

Result<FaultOrder> parse_fault_form(std::string_view body) {
  const auto fields = base::parse_form(body);
  if (!fields) return fail(ErrorCode::body_malformed, "the form is broken");
  Asked asked{
      .target = base::field_of(*fields, "target"), .kind = base::field_of(*fields, "kind"), .step = {}, .count = 1};
  asked.code = base::field_of(*fields, "code");
  if (const std::string_view step = base::field_of(*fields, "step"); !step.empty()) asked.step = step;
  if (const std::string_view count = base::field_of(*fields, "count"); !count.empty()) {
    asked.count = base::parse_int<std::int64_t>(count);
  }
  return make_order(asked);
}

}  // namespace acquit::sandbox
