#include "app/health.h"

namespace acquit::app {

std::string_view Health::status() const {
  if (!database) return "failing";
  return threeds && acquirer_fit ? "ok" : "degraded";
}

const http::Shape<Health>& Health::shape() {
  static const http::Shape<Health> kShape =
      http::Shape<Health>()
          .add("status", &Health::status, "ok; degraded: payments may be refused; failing: no database")
          .add("database", &Health::database, "It takes writes")
          .add("acquirer", &Health::acquirer, "A link to the acquirer is up")
          .add("acquirer_fit", &Health::acquirer_fit, "Requests to the acquirer get answers")
          .add("acquirer_in_clear", &Health::acquirer_in_clear, "The acquirer's line is not encrypted")
          .add("threeds", &Health::threeds, "The 3-D Secure directories answer");
  return kShape;
}

// 503 without a database: a load balancer turns away.
class HealthDoor::Look {
 public:
  using Input = http::NoInput;
  using Output = Health;
  static constexpr http::Takes kTakes = http::Takes::nothing;

  explicit Look(const HealthDoor& door) : parts_(door.parts_) {}
  static const http::Spec<Input>& spec() { return http::no_fields(); }
  static const http::Shape<Health>& shape() { return Health::shape(); }
  base::Task<base::Result<http::Answered<Health>>> process(http::Call<http::Open::Proof>, Input) {
    const Health health{.database = co_await parts_.write_check.passes(),
                        .acquirer = parts_.bank.ready(),
                        .acquirer_fit = parts_.line_faults.fit(),
                        .acquirer_in_clear = parts_.bank.in_clear(),
                        .threeds = parts_.directories.fit()};
    co_return http::Answered<Health>{.output = health, .status = health.database ? 200 : 503};
  }

 private:
  const Parts& parts_;
};

http::Routes<HealthDoor> HealthDoor::routes() {
  http::Routes<HealthDoor> routes;
  routes.add_endpoint<http::Open, Look>({.pattern = "/health", .about = "Whether payments can be taken"});
  return routes;
}

}  // namespace acquit::app
