#include "protocols/testing/doors.h"

#include <exception>

#include "base/testing/eventually.h"
#include "tests/support/must.h"

namespace acquit::protocols {

Doors::Doors(payments::Context& borrowed, net::Loop& on, Protocols spoken)
    : context(borrowed),
      loop(on),
      protocols(std::move(spoken)),
      client(http::Client::make({.allow_private_addresses = true}, loop)),
      mail_client(loop),
      mailer({.from = "no-reply@pay.example"}, mail_client, context.clock, context.random),
      translator(support::must(i18n::Translator::load())),
      pages(support::must(pages::Pages::load(translator))),
      notifier(context, *client, protocols.formatters(), translator, mailer),
      refusals(context, {.per_card = 3, .per_address = 4, .per_shop = 6, .per_range = 5}),
      answers(pages, context.vault, context.clock) {
  notifier.register_handlers();
  protocols.add_routes(
      router, {.context = context, .refusals = refusals, .executor = loop, .notifier = notifier, .answers = answers});
}

Doors::~Doors() {
  client->stop();
  mail_client.stop();
  if (!base::testing::eventually([&] { return context.outbox.in_flight() == 0; }))
    std::terminate();  // It would use what goes now.
}

}  // namespace acquit::protocols
