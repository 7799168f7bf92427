#include "tests/scenarios/world.h"

namespace acquit::scenarios {
namespace {

class InProcess final : public World {
 public:
  base::Result<payments::PaymentId> order(const Order& order) override {
    payments::NewPayment wanted = request();
    wanted.amount = order.amount;
    wanted.capture_delay_days = order.delay_days;
    wanted.manual_validation = order.manual_validation;
    ACQUIT_TRY(wanted.plan, payments::Plan::parse(order.plan));
    wanted.attempts_max = order.tries;
    wanted.source = order.source;
    wanted.mode = order.mode;
    ACQUIT_TRY(const payments::Payment payment, create(wanted));
    return payment.id;
  }

  base::Result<void> present(const payments::PaymentId& payment, const TypedCard& typed) override {
    payments::AttemptRequest with = card(typed.number, typed.expiry_year, typed.expiry_month);
    with.card.method = typed.brand;
    ACQUIT_TRY(const payments::StepResult attempt, begin(payment, with));
    if (attempt.transaction.state == payments::State::authorising)
      ACQUIT_CHECK(ask(attempt, /*can_authenticate=*/false, with));
    return {};
  }

  base::Result<void> leave(const payments::PaymentId& payment) override {
    ACQUIT_CHECK(base::sync_wait(leave_payment(env_->services(), payments::testing::kBuyer, env_->shop(), payment)));
    return {};
  }

  std::vector<std::string> told() override {
    constexpr std::string_view kRule = "rule=";
    std::vector<std::string> out;
    for (const payments::testing::OutboxRow& row : env_->outbox(payments::kTopicNotification)) {
      if (!row.payload.starts_with(kRule)) throw std::runtime_error("a notification without a rule: " + row.payload);
      out.push_back(row.payload.substr(kRule.size()));
    }
    return out;
  }
};

}  // namespace

std::unique_ptr<World> make_in_process(db::Engine engine) {
  auto world = std::make_unique<InProcess>();
  world->open_on(engine);
  if (!world->env_) return nullptr;
  return world;
}

}  // namespace acquit::scenarios
