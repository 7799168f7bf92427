#include "sandbox/control/control.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "base/ascii.h"
#include "base/html.h"
#include "base/money.h"
#include "base/number.h"
#include "sandbox/control/fault_order.h"
#include "sandbox/look/page.h"
#include "sandbox/shop/catalogue.h"

namespace acquit::sandbox {
namespace {

using base::html_escape;
using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kShown = 200;  // Transactions on the bank's page.

Response error_json(const base::Error& error) {
  const boost::json::object body = {{"error", error.detail}, {"field", error.field}};
  return Response::json(400, boost::json::serialize(body));
}

void place(const ControlParts& parts, const FaultOrder& order) {
  switch (order.target) {
    case FaultTarget::acquirer: return parts.acquirer.order_fault(order.kind, order.count, order.code);
    case FaultTarget::acs: return parts.acs_faults.order(*order.step, order.kind, order.count);
    case FaultTarget::shop: return parts.shop_faults.order(order.kind, order.count);
    case FaultTarget::smtp: return parts.smtp_faults.order(order.kind, order.count);
  }
}

std::vector<FaultOrder> pending(const ControlParts& parts) {
  std::vector<FaultOrder> orders;
  const auto add = [&orders](FaultTarget target, const std::vector<FaultsLeft>& left,
                             std::optional<AcsStep> step = {}) {
    for (const auto& [kind, count, code] : left) {
      orders.push_back({.target = target, .kind = kind, .step = step, .count = count, .code = code});
    }
  };
  add(FaultTarget::acquirer, parts.acquirer.pending_faults());
  for (const AcsStep step : all_steps()) add(FaultTarget::acs, parts.acs_faults.pending(step), step);
  add(FaultTarget::shop, parts.shop_faults.pending());
  add(FaultTarget::smtp, parts.smtp_faults.pending());
  return orders;
}

void clear(const ControlParts& parts) {
  parts.acquirer.clear_faults();
  parts.acs_faults.clear();
  parts.shop_faults.clear();
  parts.smtp_faults.clear();
}

Response pending_json(const ControlParts& parts) {
  boost::json::array orders;
  for (const FaultOrder& order : pending(parts)) {
    boost::json::object row = {{"target", to_string(order.target)}, {"kind", to_string(order.kind)}};
    if (order.step) row["step"] = to_string(*order.step);
    row["count"] = order.count;
    if (!order.code.empty()) row["code"] = order.code;
    orders.push_back(std::move(row));
  }
  return Response::json(200, boost::json::serialize(boost::json::object{{"pending", std::move(orders)}}));
}

Response order_faults(const ControlParts& parts, const Request& request) {
  const bool by_form = request.header("content-type").starts_with("application/x-www-form-urlencoded");
  // curl -d says "form" for JSON, too.
  const bool is_form = by_form && !base::trim(request.body).starts_with('{');
  const auto order = is_form ? parse_fault_form(request.body) : parse_fault_json(request.body);
  if (!order) return error_json(order.error());
  place(parts, *order);
  return is_form ? Response::see_other("/faults") : pending_json(parts);
}

std::string_view french(FaultKind kind) {
  switch (kind) {
    case FaultKind::silent: return "fait, mais ne répond jamais";
    case FaultKind::slow: return "fait, mais répond tard";
    case FaultKind::garbage: return "fait, mais répond n'importe quoi";
    case FaultKind::disconnect: return "fait, mais raccroche au lieu de répondre";
    case FaultKind::duplicate: return "fait ou répond deux fois";
    case FaultKind::refuse: return "refuse";
    case FaultKind::unreadable: return "fait, mais un champ de la réponse est illisible (acquirer)";
    case FaultKind::mismatch: return "fait, mais la réponse parle d'une autre devise (acquirer)";
    case FaultKind::code: return "répond par le code choisi (acquirer)";
  }
  return "";
}

template <class T>
std::string options_of(std::span<const T> values) {
  std::string options;
  for (const T value : values) options += fmt::format("<option>{}</option>", to_string(value));
  return options;
}

Response faults_page(const ControlParts& parts) {
  std::string rows;
  for (const FaultOrder& order : pending(parts)) {
    rows += fmt::format(
        R"(<tr><td class="code">{}</td><td class="code">{}</td><td class="code">{}</td><td>{}</td><td class="amount">{}</td></tr>)",
        to_string(order.target), order.step ? to_string(*order.step) : "",
        order.code.empty() ? std::string(to_string(order.kind))
                           : fmt::format("{} {}", to_string(order.kind), order.code),
        french(order.kind), order.count);
  }
  std::string kinds;
  for (const FaultKind kind : all_kinds()) {
    kinds += fmt::format(R"(<option value="{0}">{0} : {1}</option>)", to_string(kind), french(kind));
  }
  std::string body = fmt::format(
      R"(<p>Les prochains messages d'un partenaire simulé tournent mal : la banque (<code>acquirer</code>), l'authentification 3-D Secure (<code>acs</code>), la boutique (<code>shop</code>, ses notifications) ou la messagerie (<code>smtp</code>).</p>
<p>L'étape ne concerne que <code>acs</code> : la réponse à l'AReq (<code>areq</code>, la règle), les pages de la banque (<code>challenge</code>) ou le résultat qu'elle envoie (<code>rreq</code>, le seul qui puisse partir deux fois).</p>
<form class="line panel" method="post" action="/control/faults"><p><label for="target">Partenaire</label><select id="target" name="target">{}</select></p>
<p><label for="step">Étape</label><select id="step" name="step"><option value="">–</option>{}</select></p>
<p><label for="kind">Panne</label><select id="kind" name="kind">{}</select></p>
<p><label for="code">Code</label><input id="code" name="code" size="3" maxlength="2"></p>
<p><label for="count">Messages</label><input id="count" name="count" inputmode="numeric" value="1" size="5"></p><p><button>Commander</button></p></form>
<h2>Pannes en attente</h2>)",
      options_of(all_targets()), options_of(all_steps()), kinds);
  if (rows.empty()) {
    body += R"(<p class="panel">Aucune : tout fonctionne.</p>)";
  } else {
    body +=
        R"(<div class="scroll" tabindex="0"><table><thead><tr><th>Partenaire</th><th>Étape</th><th>Panne</th><th>Effet</th><th>Messages</th></tr></thead><tbody>)" +
        rows +
        R"(</tbody></table></div><form method="post" action="/control/faults/clear"><p><button class="quiet">Tout annuler</button></p></form>)";
  }
  body +=
      R"(<h2>Depuis un programme</h2><pre>curl -d '{"target":"acquirer","kind":"silent","count":1}' ADRESSE/control/faults
curl -d '{"target":"acs","kind":"duplicate","step":"rreq"}' ADRESSE/control/faults
curl -d '{"target":"acquirer","kind":"code","code":"51"}' ADRESSE/control/faults
curl ADRESSE/control/faults
curl -X DELETE ADRESSE/control/faults</pre>)";
  return tool_page({.title = "Pannes", .current = "/faults", .body = body});
}

std::string amount_text(std::int64_t minor, const std::string& number) {
  const auto code = base::parse_int<int>(number);
  const auto currency = code ? base::Currency::from_number(*code) : std::nullopt;
  return currency ? french_amount(base::Money(minor, *currency)) : std::to_string(minor) + " (" + number + ")";
}

Response bank_page(const std::vector<BankTransaction>& transactions) {
  std::string rows;
  for (std::size_t i = transactions.size(); i > 0 && transactions.size() - i < kShown; --i) {
    const BankTransaction& t = transactions[i - 1];
    rows += fmt::format(
        R"(<tr><td class="code">{}</td><td class="code">{}</td><td class="amount">{}</td><td>{}</td><td class="code">{}</td><td class="code">{}</td><td>{}</td></tr>)",
        html_escape(t.reference), html_escape(t.card), amount_text(t.amount_minor, t.currency), to_string(t.state),
        html_escape(t.response_code), html_escape(t.authorisation_code), t.authenticated ? "oui" : "non");
  }
  const std::string head =
      R"(<p>Ce que croit la banque simulée, le plus récent d'abord · <a href="/acquirer/transactions">JSON complet</a></p>)";
  return tool_page(
      {.title = "Banque",
       .current = "/bank",
       .body =
           rows.empty()
               ? head + R"(<p class="panel">Aucune transaction.</p>)"
               : head +
                     R"(<div class="scroll" tabindex="0"><table><thead><tr><th>Référence</th><th>Carte</th><th>Montant</th><th>État</th><th>Réponse</th><th>Autorisation</th><th>3-D Secure</th></tr></thead><tbody>)" +
                     rows + "</tbody></table></div>"});
}

Response set_server(ServerAddress& server, const Request& request) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(request.body, error);
  const boost::json::object* const object = error ? nullptr : value.if_object();
  const boost::json::value* const url = object != nullptr ? object->if_contains("url") : nullptr;
  if (url == nullptr || !url->is_string()) {
    return error_json({.code = base::ErrorCode::body_malformed,
                       .field = "url",
                       .detail = R"(the body must be a JSON object like {"url":"http://127.0.0.1:18080"})"});
  }
  if (const auto set = server.set(std::string(url->get_string())); !set) return error_json(set.error());
  return Response::json(200, boost::json::serialize(boost::json::object{{"url", server.get()}}));
}

}  // namespace

std::string to_json(const std::vector<BankTransaction>& transactions) {
  boost::json::array out;
  for (const BankTransaction& t : transactions) {
    out.push_back({{"reference", t.reference},
                   {"merchant", t.merchant},
                   {"terminal", t.terminal},
                   {"card", t.card},
                   {"amount_minor", t.amount_minor},
                   {"captured_minor", t.captured_minor},
                   {"currency", t.currency},
                   {"state", to_string(t.state)},
                   {"response_code", t.response_code},
                   {"authorisation_code", t.authorisation_code},
                   {"authenticated", t.authenticated},
                   {"verification", t.verification},
                   {"repeated_authorisations", t.repeated_authorisations},
                   {"repeated_reversals", t.repeated_reversals},
                   {"repeated_advices", t.repeated_advices}});
  }
  return boost::json::serialize(out);
}

void add_control_routes(http::Router& router, const ControlParts& parts) {
  add_route(router, Method::get, "/control/faults", [parts](const Request&) { return pending_json(parts); });
  add_route(router, Method::post, "/control/faults",
            [parts](const Request& request) { return order_faults(parts, request); });
  add_route(router, Method::delete_, "/control/faults", [parts](const Request&) {
    clear(parts);
    return pending_json(parts);
  });
  add_route(router, Method::post, "/control/faults/clear", [parts](const Request&) {
    clear(parts);
    return Response::see_other("/faults");
  });
  add_route(router, Method::get, "/faults", [parts](const Request&) { return faults_page(parts); });
  add_route(router, Method::post, "/control/server",
            [parts](const Request& request) { return set_server(parts.server, request); });
  add_route(router, Method::get, "/control/server", [parts](const Request&) {
    return Response::json(200, boost::json::serialize(boost::json::object{{"url", parts.server.get()}}));
  });
  add_route(router, Method::get, "/acquirer/transactions",
            [parts](const Request&) { return Response::json(200, to_json(parts.acquirer.snapshot())); });
  add_route(router, Method::get, "/bank", [parts](const Request&) { return bank_page(parts.acquirer.snapshot()); });
}

}  // namespace acquit::sandbox
