#include "sandbox/world/index_page.h"

#include <fmt/format.h>

#include <string>

#include "sandbox/look/page.h"
#include "sandbox/test_cards.h"

namespace acquit::sandbox {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kEntries =
    R"(<p>Tout ce qui entoure la plateforme de paiement, simulé : rien de réel ne part d'ici.</p>
<ul class="cards">
<li><a href="/shop">Boutique</a><p>Acheter comme un client, avec le formulaire signé d'un module de boutique.</p></li>
<li><a href="/shop/orders">Commandes</a><p>Les commandes et les notifications reçues, champ par champ (<a href="/shop/notifications.json">JSON</a>).</p></li>
<li><a href="/inbox">Courrier</a><p>Les e-mails que la plateforme a envoyés (<a href="/inbox.json">JSON</a>).</p></li>
<li><a href="/bank">Banque</a><p>Ce que croit l'acquéreur (<a href="/acquirer/transactions">JSON</a>).</p></li>
<li><a href="/faults">Pannes</a><p>Commander un partenaire muet, lent, confus ou absent (<a href="/control/faults">JSON</a>).</p></li>
</ul>
<h2 id="cards">Cartes de test</h2>
<p>Toute date future, tout cryptogramme (3 chiffres, 4 pour American Express). Code d'authentification : <code>)";

std::string_view brand_name(CardBrand brand) {
  switch (brand) {
    case CardBrand::visa: return "CB / Visa";
    case CardBrand::visa_electron: return "Visa Electron";
    case CardBrand::mastercard: return "Mastercard";
    case CardBrand::maestro: return "Maestro";
    case CardBrand::amex: return "American Express";
  }
  return "";
}

// In groups of four, as on the card.
std::string grouped(std::string_view number) {
  std::string out;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += "\u00a0";
    out += number[i];
  }
  return out;
}

Response index_page() {
  std::string rows;
  for (const CardScenario& card : card_scenarios()) {
    rows += fmt::format(R"(<tr><td class="code">{}</td><td>{}</td><td>{}</td></tr>)", grouped(card.number),
                        brand_name(card.brand), card.text_fr);
  }
  return tool_page(
      {.title = "Bac à sable",
       .current = "/",
       .body = fmt::format(
           R"({}{}</code>.</p><div class="scroll" tabindex="0"><table><thead><tr><th>Numéro</th><th>Carte</th><th>Ce qui se passe</th></tr></thead><tbody>{}</tbody></table></div>)",
           kEntries, kChallengeCode, rows)});
}

}  // namespace

void add_index_routes(http::Router& router) {
  add_route(router, http::Method::get, "/", [](const Request&) { return index_page(); });
}

}  // namespace acquit::sandbox
