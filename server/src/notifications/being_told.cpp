#include "notifications/being_told.h"

namespace acquit::notifications {
namespace {

// How long the buyer waits for the shop to hear of his payment (lyra.md §2.2).
constexpr std::chrono::seconds kTellFirst{30};

// Calls about a payment that ended within kTellFirst ended after it; clocks of nodes differ a little.
constexpr std::chrono::minutes kToldSince{5};

}  // namespace

std::optional<std::string> target_of(const Subject& subject, merchants::Rule rule) {
  const merchants::NotificationRule* const wish = subject.shop->find_rule(rule);
  if (wish == nullptr || !wish->enabled) return std::nullopt;
  const std::string& own = subject.payment.notification_url;
  const std::string& url = own.empty() ? wish->url(subject.payment.mode) : own;
  return url.empty() ? std::nullopt : std::optional(url);
}

base::Time told_since(const payments::Services& services) { return services.clock.now() - kToldSince; }

base::Result<bool> is_being_told(const payments::Services& services, const Subject& subject,
                                 DeliveryStore::Told& told) {
  const auto& ended_at = subject.payment.ended_at;
  if (!services.notify_before_return || !ended_at || *ended_at + kTellFirst <= services.clock.now()) return false;
  const bool left = subject.transaction.state == payments::State::abandoned;
  if (!target_of(subject, left ? merchants::Rule::cancellation : merchants::Rule::end_of_payment)) return false;
  ACQUIT_TRY(const bool was_told, told.of(subject.transaction.id));
  return !was_told;
}

}  // namespace acquit::notifications
