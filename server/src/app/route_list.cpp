#include "app/route_list.h"

#include <algorithm>
#include <boost/json.hpp>

#include "app/health.h"
#include "app/node.h"
#include "protocols/all/all.h"
#include "web/pay_flow/flow.h"

namespace acquit::app {
namespace {

// As they are printed, the heading included.
using Row = std::vector<std::string>;

Row row_of(const http::ListedRoute& listed) {
  const http::Route& route = listed.route;
  return {std::string(http::to_string(route.method)), route.pattern, std::string(http::to_string(listed.access)),
          route.permission, std::to_string(route.body_max)};
}

std::vector<std::size_t> widths(const std::vector<Row>& rows) {
  std::vector<std::size_t> out(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) out[i] = std::max(out[i], row[i].size());
  }
  return out;
}

}  // namespace

std::vector<http::ListedRoute> all_routes() {
  std::vector<http::ListedRoute> all = Node::routes();
  std::ranges::move(HealthDoor::routes().list(), std::back_inserter(all));
  std::ranges::move(web::Flow::routes().list(), std::back_inserter(all));
  std::ranges::move(web::Flow::results_routes().list(), std::back_inserter(all));
  std::ranges::move(protocols::Registry(protocols::all()).routes(), std::back_inserter(all));
  std::ranges::sort(all, {}, [](const http::ListedRoute& listed) {
    return std::pair<const std::string&, http::Method>(listed.route.pattern, listed.route.method);
  });
  return all;
}

std::string routes_text(const std::vector<http::ListedRoute>& routes) {
  std::vector<Row> rows{{"METHOD", "PATH", "ACCESS", "PERMISSION", "BODY"}};
  std::ranges::transform(routes, std::back_inserter(rows), row_of);
  const std::vector<std::size_t> wide = widths(rows);
  std::string out;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      out += row[i];
      out.append(wide[i] - row[i].size() + 2, ' ');
    }
    out += row.back() + "\n";
  }
  return out;
}

std::string routes_json(const std::vector<http::ListedRoute>& routes) {
  boost::json::array all;
  for (const http::ListedRoute& listed : routes) {
    all.push_back(boost::json::object{{"method", http::to_string(listed.route.method)},
                                      {"path", listed.route.pattern},
                                      {"access", http::to_string(listed.access)},
                                      {"permission", listed.route.permission},
                                      {"body_max", listed.route.body_max}});
  }
  return boost::json::serialize(all) + "\n";
}

}  // namespace acquit::app
