// FakeAcquirer: an acquirer that answers as a test told it to and remembers what it was asked.
//
// Without an order it approves everything, or answers what it is told to answer always. Orders are used up first in,
// first out, one queue a kind of message. Safe from any thread; the executor resumes late answers and must outlive it.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "connectors/acquirer.h"

namespace acquit::payments::testing {

/// What the acquirer makes of one message.
struct Reply {
  enum class Kind : std::uint8_t {
    answer,
    unknown,      ///< Sent, no answer.
    unavailable,  ///< Never sent, since it can't be.
    busy,         ///< Never sent: waited in line in vain.
    late,         ///< Held until release().
  };
  Kind kind = Kind::answer;
  std::string code = "00";
  std::optional<connectors::Verdict> verdict = {};  ///< What the code alone does not say; see fake_acquirer.cpp.
};
inline const Reply kUnknown{.kind = Reply::Kind::unknown};
inline const Reply kUnavailable{.kind = Reply::Kind::unavailable};
inline const Reply kBusy{.kind = Reply::Kind::busy};
inline const Reply kLate{.kind = Reply::Kind::late};
/// An answer of any meaning.
[[nodiscard]] inline Reply says(std::string code, connectors::Verdict verdict) {
  return {.code = std::move(code), .verdict = verdict};
}
[[nodiscard]] inline Reply decline(std::string code) { return {.code = std::move(code)}; }

class FakeAcquirer final : public connectors::Acquirer {
 public:
  FakeAcquirer(base::Executor& executor, const base::Clock& clock) : executor_(executor), clock_(clock) {}

  void on_authorise(Reply reply) { order(authorise_, std::move(reply)); }
  /// To each authorisation for which there is no order.
  void always_on_authorise(Reply reply) {
    const std::lock_guard lock(mutex_);
    authorise_always_ = std::move(reply);
  }
  void on_reverse(Reply reply) { order(reverse_, std::move(reply)); }
  void on_advise(Reply reply) { order(advise_, std::move(reply)); }
  /// Blocks until a message waits for a late answer.
  void wait_for_late();
  /// Answers the oldest message that waits.
  void release(Reply reply);

  [[nodiscard]] std::vector<connectors::Authorisation> authorisations() const { return copy(authorisations_); }
  [[nodiscard]] std::vector<connectors::Reversal> reversals() const { return copy(reversals_); }
  [[nodiscard]] std::vector<connectors::Advice> advices() const { return copy(advices_); }

  /// Says yes to an authorisation that is over.
  void approve_late(const connectors::Authorisation& request) {
    const std::lock_guard lock(mutex_);
    late_approvals_.push_back(
        {.subject = request.subject, .trace = request.trace, .reference = request.reference, .amount = request.amount});
  }

  /// The same, heard by a process that did not send it.
  void approve_unclaimed(const connectors::Authorisation& request) {
    const std::lock_guard lock(mutex_);
    late_approvals_.push_back({.subject = {},
                               .trace = request.trace,
                               .reference = request.reference,
                               .amount = request.amount,
                               .merchant_number = request.terminal.merchant_number});
  }

  [[nodiscard]] connectors::Trace new_trace() override;
  [[nodiscard]] base::Task<base::Result<connectors::AuthorisationAnswer>> authorise(
      connectors::Authorisation request) override;
  [[nodiscard]] base::Task<base::Result<connectors::MessageAnswer>> reverse(connectors::Reversal request) override;
  [[nodiscard]] base::Task<base::Result<connectors::MessageAnswer>> advise(connectors::Advice request) override;
  [[nodiscard]] std::vector<connectors::LateApproval> late_approvals() const override { return copy(late_approvals_); }
  void on_late_approval(std::function<void()>) override {}
  void forget(const connectors::LateApproval& approval) override {
    const std::lock_guard lock(mutex_);
    std::erase(late_approvals_, approval);
  }

 private:
  using Orders = std::deque<Reply>;
  template <class T>
  std::vector<T> copy(const std::vector<T>& messages) const {
    const std::lock_guard lock(mutex_);
    return messages;
  }
  void order(Orders& orders, Reply reply) {
    const std::lock_guard lock(mutex_);
    orders.push_back(std::move(reply));
  }
  template <class T>
  Reply take(Orders& orders, std::vector<T>& asked, T request, const Reply& otherwise);
  base::Task<base::Result<Reply>> answer(Reply reply);

  base::Executor& executor_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable held_changed_;
  std::deque<base::Completion<Reply>> held_;
  Orders authorise_;
  Reply authorise_always_;
  Orders reverse_;
  Orders advise_;
  std::vector<connectors::Authorisation> authorisations_;
  std::vector<connectors::Reversal> reversals_;
  std::vector<connectors::Advice> advices_;
  std::vector<connectors::LateApproval> late_approvals_;
  int stan_ = 0;
};

}  // namespace acquit::payments::testing
