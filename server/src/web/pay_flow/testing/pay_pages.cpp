#include "web/pay_flow/testing/pay_pages.h"

#include "web/pay_flow/threeds_addresses.h"

namespace acquit::web {

PayPages::PayPages(protocols::Doors& doors)
    : authentications(doors.services.clock),
      threeds_server({.directory_url = "https://ds.example"}, directory_server, doors.services.clock,
                     doors.services.random),
      threeds({.test = threeds_server,
               .production = threeds_server,
               .store = authentications,
               .addresses = threeds_addresses("https://pay.example", {}),
               .requestor_id = "requestor"}),
      flow(doors.services, threeds, doors.refusals, doors.loop, doors.protocols, doors.answers) {
  Flow::routes().mount(doors.router, &flow);
  Flow::results_routes().mount(doors.router, &flow);
}

}  // namespace acquit::web
