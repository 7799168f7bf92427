#include "sandbox/shop/shop_pages.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/form_fields.h"
#include "base/html.h"
#include "sandbox/look/page.h"

namespace acquit::sandbox {
namespace {

using base::html_escape;
using http::Response;

constexpr std::string_view kShopName = "Lumière du Soir";

Response shop_page(int status, std::string_view title, std::string_view body) {
  return Response::html(status, fmt::format(R"(<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{0} – {1}</title><link rel="stylesheet" href="/shop/shop.css"><link rel="icon" href="data:,"></head>
<body><header><a class="brand" href="/shop">{1}</a><p>Lampes et objets pour la maison</p></header>
<main>{2}</main>
<footer><p>Boutique de démonstration : rien n'est vendu ni livré.</p>
<p><a href="/shop/orders">Commandes et notifications</a> · <a href="/">Bac à sable</a></p></footer>
</body></html>
)",
                                            html_escape(title), kShopName, body));
}

std::string product_cards(base::Currency currency) {
  std::string cards;
  bool first = true;
  for (const Product& product : catalogue()) {
    std::string quantities;
    for (std::int64_t n = 0; n <= kQuantityMax; ++n) {
      quantities += fmt::format("<option{}>{}</option>", first && n == 1 ? " selected" : "", n);
    }
    first = false;
    cards += fmt::format(
        R"(<li class="product"><svg viewBox="0 0 120 120" aria-hidden="true">{0}</svg><h2>{1}</h2><p>{2}</p><p class="price">{3}</p><label for="quantity_{4}">Quantité<span class="hidden"> de {1}</span></label><select id="quantity_{4}" name="quantity_{4}">{5}</select></li>)",
        product.drawing, product.name, product.description, french_amount(price_of(product, currency)),
        product.reference, quantities);
  }
  return "<ul class=\"products\">" + cards + "</ul>";
}

std::string currency_links(base::Currency current) {
  std::string links;
  for (const std::string_view code : kCurrencies) {
    links += fmt::format(R"(<a href="/shop?currency={0}"{1}>{0}</a>)", code,
                         code == current.code() ? R"( aria-current="true")" : "");
  }
  return R"(<nav class="currencies" aria-label="Devise"><span>Devise</span>)" + links + "</nav>";
}

std::string language_options() {
  std::string options;
  for (const auto& [code, name] : languages()) {
    options += fmt::format(R"(<option value="{0}">{1} ({0})</option>)", code, name);
  }
  return options;
}

std::string settings_block() {
  return fmt::format(R"(<details><summary>Réglages du module, pour l'intégrateur</summary><div class="fields">
<p><label for="language">Langue de la page de paiement</label><select id="language" name="language">{}</select></p>
<p><label for="return_mode">Mode de retour</label><select id="return_mode" name="return_mode"><option>GET</option><option>POST</option><option>NONE</option></select></p>
<p><label for="redirect">Redirection automatique</label><select id="redirect" name="redirect"><option value="">Non</option><option value="1">Oui, après 5 secondes</option></select></p>
<p><label for="validation_mode">Mode de validation</label><select id="validation_mode" name="validation_mode"><option value="">Celui de la boutique</option><option value="0">Automatique</option><option value="1">Manuelle</option></select></p>
<p><label for="capture_delay">Délai avant remise (jours)</label><input id="capture_delay" name="capture_delay" inputmode="numeric" placeholder="Celui de la boutique"></p>
</div></details>)",
                     language_options());
}

std::string fields_table(const base::FormFields& fields) {
  std::string rows;
  for (const auto& [name, value] : fields) {
    rows += fmt::format(R"(<tr><th scope="row"><code>{}</code></th><td class="value">{}</td></tr>)", html_escape(name),
                        html_escape(value));
  }
  return R"(<div class="scroll" tabindex="0"><table><tbody>)" + rows + "</tbody></table></div>";
}

std::string notification_block(const Notification& notification) {
  return fmt::format(
      R"(<details><summary>{} UTC · <code>{}</code> · {} · signature {}{}</summary><p>Réponse de la boutique : <code>{}</code></p>{}</details>)",
      french_time(notification.received), html_escape(base::field_of(notification.fields, "vads_url_check_src")),
      html_escape(base::field_of(notification.fields, "vads_trans_status")),
      notification.verified ? R"(<span class="tag good">vérifiée</span>)" : R"(<span class="tag bad">fausse</span>)",
      notification.fault.empty() ? "" : " · panne commandée : " + html_escape(notification.fault),
      html_escape(notification.answer), fields_table(notification.fields));
}

std::string status_tag(OrderStatus status) {
  const bool good = status == OrderStatus::paid || status == OrderStatus::refunded;
  const bool bad = status == OrderStatus::failed || status == OrderStatus::cancelled;
  return fmt::format(R"(<span class="tag{}">{}</span>)", good ? " good" : bad ? " bad" : "", french(status));
}

std::string order_block(const Order& order, const std::vector<Notification>& notifications) {
  std::string received;
  for (const Notification& notification : notifications) {
    if (notification.order_id == order.id) received += notification_block(notification);
  }
  if (received.empty()) received = R"(<p class="soft">Aucune notification reçue.</p>)";
  return fmt::format(
      R"(<section class="panel" id="order-{0}"><h2>Commande {0} {1}</h2><p>{2} · {3} UTC · transaction {4}</p>{5}</section>)",
      html_escape(order.id), status_tag(order.status), french_amount(order.checkout.total), french_time(order.created),
      order.trans_id, received);
}

struct Outcome {
  std::string_view kind;
  std::string_view title;
  std::string_view text;
};

// What the order says counts; the fields of the return are only a hint.
Outcome outcome_of(const Return& facts) {
  if (facts.has_fields && !facts.verified) {
    return {"bad", "Retour non vérifié", "La signature du retour est fausse : la boutique n'en tient pas compte."};
  }
  if (!facts.order) return {"", "Aucune commande", "Nous ne trouvons pas votre commande."};
  switch (facts.order->status) {
    case OrderStatus::paid: return {"good", "Merci pour votre commande", "Votre paiement est accepté."};
    case OrderStatus::refunded: return {"good", "Commande remboursée", "Le montant vous a été rendu."};
    case OrderStatus::pending: return {"", "Paiement en cours", "Nous attendons la décision de votre banque."};
    case OrderStatus::failed: return {"bad", "Paiement refusé", "Votre commande n'a pas été enregistrée."};
    case OrderStatus::cancelled: return {"", "Paiement abandonné", "Votre commande n'a pas été enregistrée."};
    case OrderStatus::awaiting: break;
  }
  if (facts.cancelled) return {"", "Paiement abandonné", "Vous avez quitté la page de paiement."};
  if (facts.accepted) return {"good", "Merci pour votre commande", "Votre paiement est accepté."};
  if (facts.has_fields) return {"bad", "Paiement refusé", "Votre commande n'a pas été enregistrée."};
  return {"", "Commande en attente", "Nous n'avons pas encore de nouvelles de votre paiement."};
}

}  // namespace

Response front_page(base::Currency currency) {
  const std::string body =
      fmt::format(R"({0}
<h1>Nos objets</h1>
<form id="basket" method="post" action="/shop/checkout"><input type="hidden" name="currency" value="{1}">
{2}
<section class="checkout"><h2>Votre commande</h2><div class="fields">
<p><label for="first_name">Prénom</label><input id="first_name" name="first_name" autocomplete="given-name" value="Client"></p>
<p><label for="last_name">Nom</label><input id="last_name" name="last_name" autocomplete="family-name" value="Essai"></p>
<p><label for="email">E-mail</label><input id="email" name="email" type="email" autocomplete="email" value="client@example.com"></p>
<p><label for="instalments">Paiement</label><select id="instalments" name="instalments"><option value="1">En une fois</option><option value="3">En 3 fois, tous les 30 jours</option></select></p>
</div>{3}
<p class="total" id="total" hidden>Total <strong></strong></p>
<button class="pay" id="pay">Payer par carte</button></section></form><script src="/shop/shop.js"></script>)",
                  currency_links(currency), currency.code(), product_cards(currency), settings_block());
  return shop_page(200, "Boutique", body);
}

Response redirect_page(const Order& order, std::string_view action, const base::FormFields& fields) {
  std::string inputs;
  for (const auto& [name, value] : fields) {
    inputs += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", html_escape(name), html_escape(value));
  }
  std::string lines;
  for (const BasketLine& line : order.checkout.basket) {
    lines += fmt::format("<li>{} × {}</li>", line.quantity, line.product->name);
  }
  const std::string body = fmt::format(
      R"(<section class="checkout"><h1>Commande {0}</h1><ul>{1}</ul><p class="total">Total <strong>{2}</strong></p>
<p>Vous allez être dirigé vers la page de paiement…</p>
<form id="payment" method="post" action="{3}" accept-charset="utf-8">
{4}<button class="pay">Continuer vers le paiement</button></form></section><script src="/shop/shop.js"></script>)",
      html_escape(order.id), lines, french_amount(order.checkout.total), html_escape(action), inputs);
  return shop_page(200, "Paiement", body);
}

Response trouble_page(int status, std::string_view title, std::string_view text) {
  return shop_page(
      status, title,
      fmt::format(
          R"(<section class="checkout"><h1>{}</h1><p class="notice bad" role="alert">{}</p><p><a href="/shop">Retour à la boutique</a></p></section>)",
          html_escape(title), html_escape(text)));
}

Response return_page(const Return& facts) {
  const Outcome outcome = outcome_of(facts);
  std::string details;
  if (facts.order) {
    details = fmt::format(
        R"(<dl><dt>Commande</dt><dd id="order">{}</dd><dt>Montant</dt><dd>{}</dd><dt>État</dt><dd id="status">{}</dd></dl>)",
        html_escape(facts.order->id), french_amount(facts.order->checkout.total), french(facts.order->status));
  }
  // The module says so, in TEST mode only: the most frequent mistake of a new shop (seed 004 §3).
  if (facts.order && facts.verified && !facts.notified) {
    details +=
        R"(<p class="notice bad" id="no-notification">La validation automatique n'a pas fonctionné. Avez-vous correctement configuré l'URL de notification dans votre Back Office ?</p>)";
  }
  const std::string_view signature = !facts.has_fields ? "Retour sans données"
                                     : facts.verified  ? "Signature du retour vérifiée"
                                                       : "Signature du retour fausse";
  return shop_page(
      200, outcome.title,
      fmt::format(
          R"(<section class="checkout"><h1>{}</h1><p class="notice {}" id="result">{}</p>{}<p class="fine" id="signature">{}</p><p><a href="/shop">Retour à la boutique</a></p></section>)",
          outcome.title, outcome.kind, outcome.text, details, signature));
}

Response orders_page(const std::vector<Order>& orders, const std::vector<Notification>& notifications) {
  std::string body =
      R"(<p>Commandes de la boutique de démonstration et notifications reçues pour elles · <a href="/shop/notifications.json">JSON</a></p>)";
  if (orders.empty()) body += R"(<p class="panel">Aucune commande. <a href="/shop">Aller à la boutique</a></p>)";
  for (const Order& order : orders) body += order_block(order, notifications);
  std::string others;
  for (const Notification& notification : notifications) {
    const bool known = std::ranges::any_of(orders, [&](const Order& o) { return o.id == notification.order_id; });
    if (!known) others += notification_block(notification);
  }
  if (!others.empty()) body += R"(<section class="panel"><h2>Autres notifications</h2>)" + others + "</section>";
  return tool_page({.title = "Commandes et notifications", .current = "/shop/orders", .body = body});
}

std::string to_json(const std::vector<Notification>& notifications) {
  boost::json::array out;
  for (const Notification& notification : notifications) {
    boost::json::object fields;
    for (const auto& [name, value] : notification.fields) fields[name] = value;
    out.push_back({{"received", iso_time(notification.received)},
                   {"order_id", notification.order_id},
                   {"verified", notification.verified},
                   {"answer", notification.answer},
                   {"fault", notification.fault},
                   {"fields", std::move(fields)}});
  }
  return boost::json::serialize(out);
}

}  // namespace acquit::sandbox
