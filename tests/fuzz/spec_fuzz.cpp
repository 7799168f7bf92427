// The fields of an endpoint as strangers send them, as JSON or as a form: what is read keeps every rule of its row, and
// what is refused names a field of the table or the body. The first byte says which of the two it is.
//
// Links: http
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "http/endpoint.h"

namespace {

using namespace acquit;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Order {
  std::string reference;
  std::int64_t amount = 0;
  std::optional<std::int16_t> days;
  std::optional<std::string> email;
  std::string mode = "TEST";
  bool gift = false;
  std::optional<int> width;
};

bool is_plain(std::string_view text) { return text.find('<') == std::string_view::npos; }

const http::Spec<Order>& spec() {
  static const http::Spec<Order> kSpec =
      http::Spec<Order>()
          .add("reference", &Order::reference,
               {.required = true, .length_max = 8, .validators = {{"without markup", is_plain}}})
          .add("amount", &Order::amount, {.required = true, .least = 1, .most = 1'000'000})
          .add("days", &Order::days, {.least = 0})
          .add("customer.email", &Order::email, {.length_max = 20})
          .add("mode", &Order::mode, {.one_of = {"TEST", "PRODUCTION"}})
          .add("gift", &Order::gift)
          .add("width", &Order::width, {.lenient = true});
  return kSpec;
}

bool is_of_the_table(const base::Error& error) {
  for (const http::Field& field : spec().fields()) {
    if (field.name == error.field) return !field.rules.lenient;
  }
  return false;
}

void check(const Order& order) {
  require(!order.reference.empty() && base::utf8_length(order.reference) <= 8 && is_plain(order.reference));
  require(order.amount >= 1 && order.amount <= 1'000'000);
  require(!order.days || *order.days >= 0);
  require(!order.email || (!order.email->empty() && base::utf8_length(*order.email) <= 20));
  require(order.mode == "TEST" || order.mode == "PRODUCTION");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const http::Request request{.method = http::Method::post,
                              .body = std::string(reinterpret_cast<const char*>(data) + 1, size - 1)};
  const auto sent = http::sent_fields(data[0] % 2 == 0 ? http::Takes::json : http::Takes::form, request);
  if (!sent) {
    require(http::json_refusal(sent.error()).status == 400);
    return 0;
  }
  const auto order = spec().read(*sent);
  if (order) {
    check(*order);
  } else {
    require(is_of_the_table(order.error()) && http::json_refusal(order.error()).status == 400);
  }
  return 0;
}
