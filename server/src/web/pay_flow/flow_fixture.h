// What the tests of the buyer's pages share: the door by which payments come, and the routes of a Flow behind it.
#pragma once

#include "payments/testing/fake_directory.h"
#include "protocols/all/all.h"
#include "protocols/vads/door_fixture.h"
#include "web/pay_flow/flow.h"
#include "web/pay_flow/threeds_addresses.h"

namespace acquit::web {

namespace form = vads::testing;
using form::KindAcquirer;
using support::must;

class FlowFixture : public form::DoorFixture {
 public:
  ~FlowFixture() override { threeds_server_.reset(); }

 protected:
  explicit FlowFixture(db::Engine engine = db::Engine::sqlite, base::Milliseconds each_way = {})
      : DoorFixture(engine, each_way, protocols::all()) {
    if (!database_) return;
    threeds_server_.emplace(threeds::ThreeDsServerOptions{.directory_url = "https://ds.example"}, directory_server_,
                            clock_, random_);
    threeds_.emplace(payments::ThreeDs{.test = *threeds_server_,
                                       .production = *threeds_server_,
                                       .store = authentications_,
                                       .addresses = threeds_addresses("https://pay.example", {}),
                                       .requestor_id = "requestor"});
    flow_.emplace(*context_, *threeds_, *refusals_, loop_, protocols_, *answers_);
    Flow::routes().mount(router_, &*flow_);
    Flow::results_routes().mount(router_, &*flow_);
  }

  payments::testing::FakeDirectory directory_server_;
  payments::AuthenticationStore authentications_{clock_};
  std::optional<threeds::ThreeDsServer> threeds_server_;
  std::optional<payments::ThreeDs> threeds_;
  std::optional<Flow> flow_;
};

}  // namespace acquit::web
