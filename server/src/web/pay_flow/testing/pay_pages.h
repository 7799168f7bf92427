// PayPages: the buyer's pages behind the doors of protocols, for tests, with a 3-D Secure directory that answers as it
// is told. Their routes come to the router of the doors.
//
// Borrows the doors. Made for one test.
#pragma once

#include "payments/testing/fake_directory.h"
#include "payments/threeds/authenticate.h"
#include "protocols/testing/doors.h"
#include "web/pay_flow/flow.h"

namespace acquit::web {

class PayPages {
 public:
  explicit PayPages(protocols::Doors& doors);
  PayPages(const PayPages&) = delete;
  PayPages& operator=(const PayPages&) = delete;

  payments::testing::FakeDirectory directory_server;
  payments::AuthenticationStore authentications;
  threeds::ThreeDsServer threeds_server;
  payments::ThreeDs threeds;
  Flow flow;
};

}  // namespace acquit::web
