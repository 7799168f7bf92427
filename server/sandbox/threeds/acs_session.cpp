#include "sandbox/threeds/acs_session.h"

namespace acquit::sandbox {

void AcsSessions::put(AcsSession session) {
  const std::lock_guard lock(mutex_);
  std::string id = session.acs_transaction_id;
  if (order_.size() >= max_) {
    sessions_.erase(order_.front());
    order_.pop_front();
  }
  order_.push_back(id);
  sessions_.insert_or_assign(std::move(id), std::move(session));
}

std::optional<AcsSession> AcsSessions::find(const std::string& acs_transaction_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(acs_transaction_id);
  return found == sessions_.end() ? std::nullopt : std::optional(found->second);
}

void AcsSessions::open(const std::string& acs_transaction_id, std::string session_data) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(acs_transaction_id);
  if (found != sessions_.end()) found->second.session_data = std::move(session_data);
}

int AcsSessions::count_try(const std::string& acs_transaction_id) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(acs_transaction_id);
  return found == sessions_.end() ? 0 : ++found->second.tries;
}

bool AcsSessions::decide(const std::string& acs_transaction_id, threeds::TransStatus status) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(acs_transaction_id);
  if (found == sessions_.end() || found->second.status) return false;
  found->second.status = status;
  return true;
}

void AcsSessions::overrule(const std::string& acs_transaction_id, threeds::TransStatus status) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(acs_transaction_id);
  if (found != sessions_.end()) found->second.status = status;
}

}  // namespace acquit::sandbox
