// The control routes: faults (GET, POST, DELETE /control/faults and the page /faults), the payment server's address
// (GET, POST /control/server), and the bank's view (GET /acquirer/transactions and the page /bank).
//
// POST takes JSON, or a form from the page. Everything in ControlParts outlives the router. Safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "http/router.h"
#include "sandbox/acquirer/host.h"
#include "sandbox/shop/server_address.h"
#include "sandbox/threeds/acs_faults.h"

namespace acquit::sandbox {

struct ControlParts {
  AcquirerHost& acquirer;
  AcsFaults& acs_faults;
  Faults& shop_faults;
  Faults& smtp_faults;
  ServerAddress& server;
};

void add_control_routes(http::Router& router, const ControlParts& parts);
/// An array in order of arrival; amounts in minor units.
[[nodiscard]] std::string to_json(const std::vector<BankTransaction>& transactions);

}  // namespace acquit::sandbox
