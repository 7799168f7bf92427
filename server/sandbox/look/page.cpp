#include "sandbox/look/page.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

#include "base/embedded.h"
#include "base/html.h"

ACQUIT_EMBEDDED(sandbox_look)

namespace acquit::sandbox {
namespace {

using http::Request;
using http::Response;

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEntries = {{{"/", "Accueil"},
                                                                                    {"/shop", "Boutique"},
                                                                                    {"/shop/orders", "Commandes"},
                                                                                    {"/inbox", "Courrier"},
                                                                                    {"/bank", "Banque"},
                                                                                    {"/faults", "Pannes"}}};

struct Calendar {
  int year;
  unsigned month;
  unsigned day;
  long hour;
  long minute;
  long second;
};

Calendar calendar(base::Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .hour = clock.hours().count(),
          .minute = clock.minutes().count(),
          .second = clock.seconds().count()};
}

base::Task<Response> at_once(const std::function<Response(const Request&)>& answer, Request request) {
  co_return answer(request);
}

}  // namespace

Response tool_page(const PageOptions& options) {
  std::string entries;
  for (const auto& [address, label] : kEntries) {
    entries += fmt::format(R"(<a href="{}"{}>{}</a>)", address,
                           address == options.current ? R"( aria-current="page")" : "", label);
  }
  return Response::html(200, fmt::format(R"(<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{0} – Bac à sable Acquit</title><link rel="stylesheet" href="/sandbox.css"><link rel="icon" href="data:,"></head>
<body><header><a class="name" href="/">Bac à sable</a><nav aria-label="Outils">{1}</nav></header>
<main><h1>{0}</h1>
{2}
</main></body></html>
)",
                                         base::html_escape(options.title), entries, options.body));
}

void add_look_routes(http::Router& router) {
  add_route(router, http::Method::get, "/sandbox.css", [](const Request&) {
    return Response{.status = 200,
                    .headers = {{"content-type", "text/css; charset=utf-8"}},
                    .body = std::string(embedded::sandbox_look().front().content)};
  });
}

void add_route(http::Router& router, http::Method method, std::string_view pattern,
               std::function<Response(const Request&)> answer) {
  router.add({.method = method, .pattern = std::string(pattern)}, http::Open(),
             [answer = std::move(answer)](Request request) { return at_once(answer, std::move(request)); });
}

std::string iso_time(base::Time time) {
  const Calendar c = calendar(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string compact_time(base::Time time) {
  const Calendar c = calendar(time);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string french_time(base::Time time) {
  const Calendar c = calendar(time);
  return fmt::format("{:02}/{:02}/{:04} {:02}:{:02}:{:02}", c.day, c.month, c.year, c.hour, c.minute, c.second);
}

}  // namespace acquit::sandbox
