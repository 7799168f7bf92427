#include "sandbox/shop/shop.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/embedded.h"
#include "base/list.h"
#include "sandbox/look/page.h"
#include "sandbox/shop/shop_pages.h"
#include "sandbox/shop/vads_form.h"

ACQUIT_EMBEDDED(sandbox_shop)

namespace acquit::sandbox {

using base::Milliseconds;
using http::Method;
using http::Request;
using http::Response;

namespace {

constexpr std::string_view kGarbage = "\xff\xfe\x01 <<<< ]]]] ;;;;";
constexpr std::string_view kCookie = "shop_order=";

Response asset(std::string_view path, std::string_view type) {
  const auto files = embedded::sandbox_shop();
  const auto found = std::ranges::find(files, path, &base::EmbeddedFile::path);
  if (found == files.end()) return Response::text(404, "not found\n");
  return {.status = 200, .headers = {{"content-type", std::string(type)}}, .body = std::string(found->content)};
}

Response front(const Request& request) {
  const auto query = base::parse_form(request.query).value_or(base::FormFields());
  const std::string_view code = base::field_of(query, "currency");
  const bool offered = std::ranges::find(kCurrencies, code) != kCurrencies.end();
  return front_page(*base::Currency::from_code(offered ? code : kCurrencies.front()));
}

// The total of what is chosen so far, as text.
Response total_so_far(const Request& request) {
  const auto fields = base::parse_form(request.query).value_or(base::FormFields());
  const auto checkout = read_checkout(fields);
  return Response::text(200, checkout ? french_amount(checkout->total) : "–");
}

// The order of this visitor, where the return brings no fields.
std::string_view order_of_cookie(const Request& request) {
  for (std::string_view part : base::split(request.header("cookie"), ';')) {
    part = base::trim(part);
    if (part.starts_with(kCookie)) return part.substr(kCookie.size());
  }
  return {};
}

// As the module prints it.
Response module_answer(std::string_view text) {
  return Response::html(200, R"(<span style="display:none">)" + std::string(text) + "\n</span>");
}

std::string own_address(const Request& request) {
  return (request.secure ? "https://" : "http://") + std::string(request.header("host"));
}

}  // namespace

Shop::Shop(ShopOptions options, const base::Clock& clock, base::Executor& executor, base::Random& random,
           const ServerAddress& server, Faults& faults)
    : options_(std::move(options)),
      server_(server),
      faults_(faults),
      book_(clock, random, options_.key),
      stop_bell_(executor) {}

void Shop::add_routes(http::Router& router) {
  add_route(router, Method::get, "/shop", front);
  add_route(router, Method::get, "/shop/total", total_so_far);
  add_route(router, Method::get, "/shop/shop.css",
            [](const Request&) { return asset("shop.css", "text/css; charset=utf-8"); });
  add_route(router, Method::get, "/shop/shop.js",
            [](const Request&) { return asset("shop.js", "text/javascript; charset=utf-8"); });
  add_route(router, Method::post, "/shop/checkout", [this](const Request& request) { return checkout(request); });
  add_route(router, Method::get, "/shop/return", [this](const Request& request) { return come_back(request); });
  add_route(router, Method::post, "/shop/return", [this](const Request& request) { return come_back(request); });
  add_route(router, Method::get, "/shop/orders",
            [this](const Request&) { return orders_page(book_.orders(), book_.notifications()); });
  add_route(router, Method::get, "/shop/notifications.json",
            [this](const Request&) { return Response::json(200, to_json(book_.notifications())); });
  router.add({.method = Method::post, .pattern = "/shop/notification"}, http::Open(),
             [this](Request request) { return notification(std::move(request)); });
}

Response Shop::checkout(const Request& request) {
  const std::string server = server_.get();
  if (server.empty()) {
    return trouble_page(503, "Paiement indisponible",
                        "L'adresse du serveur de paiement n'est pas encore connue : POST /control/server.");
  }
  const auto fields = base::parse_form(request.body);
  if (!fields) return trouble_page(400, "Commande illisible", "Le formulaire reçu est abîmé.");
  auto chosen = read_checkout(*fields);
  if (!chosen) return trouble_page(422, "Votre commande", chosen.error().detail);
  const Order order = book_.open(*std::move(chosen));
  const auto form = payment_form(
      order, {.shop_id = options_.shop_id, .key = options_.key, .return_url = own_address(request) + "/shop/return"});
  Response page = redirect_page(order, server + "/vads-payment/", form);
  page.with_header("set-cookie", std::string(kCookie) + order.id + "; Path=/shop; HttpOnly; SameSite=Lax");
  return page;
}

base::Task<Response> Shop::notification(Request request) {
  const auto fields = base::parse_form(request.body);
  if (!fields) co_return Response::text(400, "The form is broken\n");
  const auto fault = faults_.take();
  if (!fault) co_return module_answer(book_.receive(*fields, "", false));
  const std::string_view name = to_string(*fault);
  const std::string answer = book_.receive(*fields, name, *fault == FaultKind::refuse);
  switch (*fault) {
    case FaultKind::silent:
      co_await stop_bell_.wait(options_.silence);
      co_return Response{.status = 200, .headers = {}, .body = {}, .hang_up = true};
    case FaultKind::slow: co_await stop_bell_.wait(options_.slowness); break;
    case FaultKind::garbage: co_return Response::html(200, std::string(kGarbage));
    case FaultKind::disconnect: co_return Response{.status = 200, .headers = {}, .body = {}, .hang_up = true};
    case FaultKind::duplicate: co_return module_answer(book_.receive(*fields, name, false));
    case FaultKind::refuse:
    case FaultKind::unreadable:
    case FaultKind::mismatch:
    case FaultKind::code: co_return Response::text(500, "Internal Server Error (fault ordered)\n");
  }
  co_return module_answer(answer);
}

Response Shop::come_back(const Request& request) const {
  const bool posted = request.method == Method::post;
  const auto fields = base::parse_form(posted ? request.body : request.query).value_or(base::FormFields());
  Return facts;
  facts.has_fields = !base::field_of(fields, "vads_order_id").empty();
  facts.verified = facts.has_fields && vads_verified(fields, options_.key);
  facts.order = book_.find(facts.has_fields ? base::field_of(fields, "vads_order_id") : order_of_cookie(request));
  facts.accepted = base::field_of(fields, "vads_result") == "00";
  facts.cancelled = base::field_of(fields, "vads_result") == "17";
  const auto notifications = book_.notifications();
  facts.notified = facts.order && std::ranges::any_of(notifications, [&](const Notification& notification) {
                     return notification.verified && notification.order_id == facts.order->id;
                   });
  return return_page(facts);
}

}  // namespace acquit::sandbox
