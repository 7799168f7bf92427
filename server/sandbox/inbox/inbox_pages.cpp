#include "sandbox/inbox/inbox_pages.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "base/ascii.h"
#include "base/html.h"
#include "base/list.h"
#include "base/number.h"
#include "sandbox/look/page.h"

namespace acquit::sandbox {
namespace {

using base::html_escape;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data: http: https:; frame-src 'self'; form-action "
    "'self'";

std::string subject_of(const Mail& mail) {
  const std::string_view subject = mail.content.header("subject");
  return subject.empty() ? "(sans objet)" : std::string(subject);
}

Response list_page(const std::vector<Mail>& mails) {
  std::string rows;
  for (const Mail& mail : mails) {
    rows += fmt::format(
        R"(<li><a href="/inbox/{}"><strong>{}</strong><span>À {}</span><span class="soft">De {} · {} UTC</span></a></li>)",
        mail.id, html_escape(subject_of(mail)), html_escape(base::join(mail.envelope.to, ", ")),
        html_escape(mail.envelope.from), french_time(mail.received));
  }
  const std::string body =
      mails.empty()
          ? R"(<p class="panel">Aucun message. Les e-mails envoyés par la plateforme arrivent ici.</p>)"
          : fmt::format(
                R"(<form method="post" action="/inbox/clear"><p><button class="quiet">Vider la boîte</button> <span class="soft">{} message(s), les 500 derniers sont gardés · <a href="/inbox.json">JSON</a></span></p></form><ul class="mails">{}</ul>)",
                mails.size(), rows);
  return tool_page({.title = "Courrier reçu", .current = "/inbox", .body = body});
}

std::string mail_body(const Mail& mail) {
  std::string headers;
  for (const auto& [name, value] : mail.content.headers) {
    headers += fmt::format(R"(<tr><th scope="row">{}</th><td class="value">{}</td></tr>)", html_escape(name),
                           html_escape(value));
  }
  std::string body = fmt::format(
      R"(<p><a href="/inbox">Retour à la boîte</a></p><p class="soft">De {} à {}, reçu le {} UTC</p>)",
      html_escape(mail.envelope.from), html_escape(base::join(mail.envelope.to, ", ")), french_time(mail.received));
  if (!mail.content.html.empty()) {
    // Its links open in a tab of their own: payment links are to be followed from here.
    body += fmt::format(
        R"(<h2>Version HTML</h2><iframe title="Version HTML du message" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="{}"></iframe>)",
        html_escape(R"(<base target="_blank">)" + mail.content.html));
  }
  if (!mail.content.text.empty()) body += "<h2>Version texte</h2><pre>" + html_escape(mail.content.text) + "</pre>";
  if (!mail.content.attachments.empty()) {
    body += "<h2>Pièces jointes</h2><ul>";
    for (const Attachment& file : mail.content.attachments) {
      body += fmt::format("<li>{} ({}, {} octets)</li>", html_escape(file.name), html_escape(file.type), file.size);
    }
    body += "</ul>";
  }
  return body + R"(<h2>En-têtes</h2><div class="scroll" tabindex="0"><table><tbody>)" + headers +
         "</tbody></table></div>";
}

Response mail_page(const Mailbox& mailbox, const std::string& id) {
  const auto number = base::parse_int<std::int64_t>(id);
  const auto mail = number ? mailbox.find(*number) : std::nullopt;
  if (!mail) {
    Response page = tool_page({.title = "Message introuvable",
                               .current = "/inbox",
                               .body = R"(<p class="panel">Ce message n'existe pas ou a été effacé.</p>)"});
    page.status = 404;
    return page;
  }
  Response page = tool_page({.title = subject_of(*mail), .current = "/inbox", .body = mail_body(*mail)});
  page.with_header("content-security-policy", std::string(kPolicy));
  return page;
}

}  // namespace

std::string to_json(const std::vector<Mail>& mails) {
  boost::json::array out;
  for (const Mail& mail : mails) {
    boost::json::object headers;
    for (const auto& [name, value] : mail.content.headers) headers.emplace(base::ascii_lower(name), value);
    boost::json::array attachments;
    for (const Attachment& file : mail.content.attachments) {
      attachments.push_back({{"name", file.name}, {"type", file.type}, {"size", file.size}});
    }
    boost::json::array recipients;
    for (const std::string& to : mail.envelope.to) recipients.emplace_back(to);
    out.push_back({{"id", mail.id},
                   {"received", iso_time(mail.received)},
                   {"from", mail.envelope.from},
                   {"to", std::move(recipients)},
                   {"subject", std::string(mail.content.header("subject"))},
                   {"text", mail.content.text},
                   {"html", mail.content.html},
                   {"headers", std::move(headers)},
                   {"attachments", std::move(attachments)}});
  }
  return boost::json::serialize(out);
}

void add_inbox_routes(http::Router& router, Mailbox& mailbox) {
  add_route(router, Method::get, "/inbox", [&mailbox](const Request&) { return list_page(mailbox.newest_first()); });
  add_route(router, Method::get, "/inbox.json",
            [&mailbox](const Request&) { return Response::json(200, to_json(mailbox.newest_first())); });
  add_route(router, Method::get, "/inbox/{id}",
            [&mailbox](const Request& request) { return mail_page(mailbox, request.path_params.at("id")); });
  add_route(router, Method::delete_, "/inbox", [&mailbox](const Request&) {
    mailbox.clear();
    return Response{.status = 204, .headers = {}, .body = {}};
  });
  add_route(router, Method::post, "/inbox/clear", [&mailbox](const Request&) {
    mailbox.clear();
    return Response::see_other("/inbox");
  });
}

}  // namespace acquit::sandbox
