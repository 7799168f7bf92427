#include "sandbox/threeds/acs_pages.h"
#include "base/html.h"

#include <fmt/format.h>

namespace acquit::sandbox {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#eef1ec;color:#1d2b22;font:16px/1.5 system-ui,sans-serif}
main{max-width:26rem;margin:1rem auto;padding:1.25rem;background:#fff;border-top:6px solid #1f6b45;border-radius:4px}
.bank{display:flex;justify-content:space-between;gap:1rem;font-weight:700;color:#1f6b45}
.bank span{font-weight:400;color:#4b5a50}
h1{font-size:1.25rem;margin:1rem 0 .5rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:1rem 0;padding:.75rem;background:#f4f6f3}
dt{color:#4b5a50}
dd{margin:0;text-align:right;font-weight:600;overflow-wrap:anywhere}
label{display:block;font-weight:600}
input[type=text]{width:100%;min-height:3rem;padding:.5rem .75rem;margin:.25rem 0 .25rem;border:1px solid #6a776e;
border-radius:4px;font:inherit;font-size:1.25rem;letter-spacing:.25em}
.hint{margin:0 0 1rem;color:#4b5a50;font-size:.9rem}
.error{padding:.5rem .75rem;background:#fdecea;border-left:4px solid #a3261b;color:#7a1c14}
button{display:block;width:100%;min-height:3rem;margin:.5rem 0;border:1px solid #1f6b45;border-radius:4px;
background:#fff;color:#1f6b45;font:inherit;cursor:pointer}
button.primary{background:#1f6b45;color:#fff;font-weight:700}
:focus-visible{outline:3px solid #1257a8;outline-offset:2px}
)css";

struct Words {
  std::string_view language;
  std::string_view title;
  std::string_view lead;
  std::string_view merchant;
  std::string_view amount;
  std::string_view card;
  std::string_view code;
  std::string_view hint;
  std::string_view wrong;
  std::string_view confirm;
  std::string_view cancel;
  std::string_view refuse;
  std::string_view timeout_hint;
  std::string_view going_back;
  std::string_view go_on;
  std::string_view broken;
  std::string_view broken_hint;
};

constexpr Words kFrench{
    .language = "fr",
    .title = "Confirmez votre paiement",
    .lead = "Votre banque veut s'assurer que c'est bien vous.",
    .merchant = "Commerçant",
    .amount = "Montant",
    .card = "Carte",
    .code = "Code reçu par SMS",
    .hint = "Banque simulée : le code est 123456.",
    .wrong = "Ce code n'est pas le bon. Essayez encore.",
    .confirm = "Valider",
    .cancel = "Annuler",
    .refuse = "Simuler un refus",
    .timeout_hint = "Banque simulée : avec cette carte, le délai est dépassé quoi que vous fassiez.",
    .going_back = "Retour vers le commerçant…",
    .go_on = "Continuer",
    .broken = "Service indisponible",
    .broken_hint = "Votre banque ne peut pas vous authentifier pour le moment (panne commandée).",
};

constexpr Words kEnglish{
    .language = "en",
    .title = "Confirm your payment",
    .lead = "Your bank wants to make sure that it is you.",
    .merchant = "Merchant",
    .amount = "Amount",
    .card = "Card",
    .code = "Code received by SMS",
    .hint = "Simulated bank: the code is 123456.",
    .wrong = "This code is not right. Please try again.",
    .confirm = "Confirm",
    .cancel = "Cancel",
    .refuse = "Simulate a refusal",
    .timeout_hint = "Simulated bank: with this card, time runs out whatever you do.",
    .going_back = "Back to the merchant…",
    .go_on = "Continue",
    .broken = "Service unavailable",
    .broken_hint = "Your bank can't authenticate you at the moment (fault ordered).",
};

const Words& words_of(bool french) { return french ? kFrench : kEnglish; }

std::string page(const Words& words, std::string_view title, std::string_view content) {
  return fmt::format(
      "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{}</title><style>{}</style></head>"
      "<body><main><div class=\"bank\">Banque Témoin <span>3-D Secure</span></div>{}</main></body></html>",
      words.language, base::html_escape(title), kStyle, content);
}

std::string row(std::string_view name, std::string_view value) {
  return fmt::format("<dt>{}</dt><dd>{}</dd>", name, base::html_escape(value));
}

}  // namespace

std::string challenge_page(const AcsSession& session, std::string_view action, bool wrong_code) {
  const Words& words = words_of(session.french);
  const bool timeout = session.behaviour == ThreeDsBehaviour::challenge_timeout;
  std::string content = fmt::format("<h1>{}</h1><p>{}</p><dl>", words.title, words.lead);
  content += row(words.merchant, session.merchant) + row(words.amount, session.amount) + row(words.card, session.card);
  content += "</dl>";
  if (wrong_code) content += fmt::format("<p class=\"error\" role=\"alert\">{}</p>", words.wrong);
  content += fmt::format(
      "<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"transaction\" value=\"{}\">"
      "<label for=\"code\">{}</label>"
      "<input type=\"text\" id=\"code\" name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\""
      " maxlength=\"6\" aria-describedby=\"hint\">"
      "<p class=\"hint\" id=\"hint\">{}</p>"
      "<button class=\"primary\" name=\"action\" value=\"confirm\">{}</button>"
      "<button name=\"action\" value=\"cancel\">{}</button>"
      "<button name=\"action\" value=\"refuse\">{}</button></form>",
      base::html_escape(action), base::html_escape(session.acs_transaction_id), words.code,
      timeout ? words.timeout_hint : words.hint, words.confirm, words.cancel, words.refuse);
  return page(words, words.title, content);
}

std::string forward_page(std::string_view url, const base::FormFields& fields, bool french) {
  const Words& words = words_of(french);
  std::string content =
      fmt::format("<h1>{}</h1><form method=\"post\" action=\"{}\">", words.going_back, base::html_escape(url));
  for (const auto& [name, value] : fields) {
    content += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", base::html_escape(name),
                           base::html_escape(value));
  }
  content += fmt::format("<button class=\"primary\">{}</button></form><script>document.forms[0].submit()</script>",
                         words.go_on);
  return page(words, words.going_back, content);
}

std::string unknown_challenge_page() {
  return page(kFrench, "3-D Secure",
              "<h1>Authentification inconnue</h1><p>Elle est terminée ou n'a jamais existé.</p>"
              "<p lang=\"en\">This authentication has ended or never existed.</p>");
}

std::string broken_page(bool french) {
  const Words& words = words_of(french);
  return page(words, words.broken, fmt::format("<h1>{}</h1><p>{}</p>", words.broken, words.broken_hint));
}

}  // namespace acquit::sandbox
