// What the tests of the buyer's pages share: the door by which payments come, and the routes of a Flow behind it.
#pragma once

#include "protocols/all/all.h"
#include "protocols/vads/door_fixture.h"
#include "web/pay_flow/testing/pay_pages.h"

namespace acquit::web {

namespace form = vads::testing;
using support::must;

class FlowFixture : public form::DoorFixture {
 protected:
  explicit FlowFixture(db::Engine engine = db::Engine::sqlite, base::Milliseconds each_way = {})
      : DoorFixture(engine, each_way, protocols::all()) {
    if (env_) pay_pages_ = std::make_unique<PayPages>(*doors_);
  }

  std::unique_ptr<PayPages> pay_pages_;
};

}  // namespace acquit::web
