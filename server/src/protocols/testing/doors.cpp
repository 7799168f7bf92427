#include "protocols/testing/doors.h"

#include <exception>

#include "base/testing/eventually.h"
#include "tests/support/must.h"

namespace acquit::protocols {

Doors::Doors(payments::Services& borrowed, net::Loop& on, Protocols spoken)
    : services(borrowed),
      loop(on),
      protocols(std::move(spoken)),
      client(http::Client::make({.allow_private_addresses = true}, loop)),
      mail_client(loop),
      mailer({.from = "no-reply@pay.example"}, mail_client, services.clock, services.random),
      translator(support::must(i18n::Translator::load())),
      pages(support::must(pages::Pages::load(translator))),
      notifier(services, *client, protocols.formatters(), translator, mailer),
      refusals(services, {.per_card = 3, .per_address = 4, .per_shop = 6, .per_range = 5}),
      answers(pages, services.vault, services.clock) {
  notifier.register_handlers();
  protocols.add_routes(
      router, {.services = services, .refusals = refusals, .executor = loop, .notifier = notifier, .answers = answers});
}

Doors::~Doors() {
  client->stop();
  mail_client.stop();
  if (!base::testing::eventually([&] { return services.outbox.in_flight() == 0; }))
    std::terminate();  // It would use what goes now.
}

}  // namespace acquit::protocols
