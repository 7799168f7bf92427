#include "payments/testing/fake_acquirer.h"

#include <chrono>

namespace acquit::payments::testing {

void FakeAcquirer::wait_for_late() {
  std::unique_lock lock(mutex_);
  if (held_changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return !held_.empty(); })) return;
  throw std::runtime_error("nobody asked what is to be answered late");
}

void FakeAcquirer::release(Reply reply) {
  const auto held = [&] {
    const std::lock_guard lock(mutex_);
    auto oldest = held_.front();
    held_.pop_front();
    return oldest;
  }();
  held.set(std::move(reply));
}

connectors::Trace FakeAcquirer::new_trace() {
  const std::lock_guard lock(mutex_);
  return {.stan = ++stan_, .sent_at = std::chrono::floor<std::chrono::seconds>(clock_.now())};
}

namespace {

connectors::Verdict verdict_of(std::string_view code) {
  if (code == "00") return connectors::Verdict::approved;
  if (code == "A1") return connectors::Verdict::soft_decline;
  return connectors::Verdict::declined_retry;
}

connectors::Receipt receipt_of(std::string_view code) {
  if (code == "00") return connectors::Receipt::accepted;
  if (code == "25") return connectors::Receipt::unknown_record;
  if (code == "94") return connectors::Receipt::duplicate;
  if (code == "91") return connectors::Receipt::unavailable;
  if (code == "??") return connectors::Receipt::unclear;
  return connectors::Receipt::rejected;
}

}  // namespace

template <class T>
Reply FakeAcquirer::take(Orders& orders, std::vector<T>& asked, T request, const Reply& otherwise) {
  const std::lock_guard lock(mutex_);
  asked.push_back(std::move(request));
  if (orders.empty()) return otherwise;
  Reply next = std::move(orders.front());
  orders.pop_front();
  return next;
}

base::Task<base::Result<Reply>> FakeAcquirer::answer(Reply reply) {
  if (reply.kind == Reply::Kind::late) {
    const base::Completion<Reply> brought(executor_);
    {
      const std::lock_guard lock(mutex_);
      held_.push_back(brought);
    }
    held_changed_.notify_all();
    reply = co_await brought;
  }
  if (reply.kind == Reply::Kind::unknown) co_return base::fail(base::ErrorCode::outcome_unknown, "no answer");
  if (reply.kind == Reply::Kind::busy) co_return base::fail(base::ErrorCode::line_busy, "the line is full");
  if (reply.kind == Reply::Kind::unavailable) co_return base::fail(base::ErrorCode::unsendable, "no link");
  co_return reply;
}

base::Task<base::Result<connectors::AuthorisationAnswer>> FakeAcquirer::authorise(connectors::Authorisation request) {
  ACQUIT_CO_TRY(Reply reply, co_await answer(take(authorise_, authorisations_, std::move(request), authorise_always_)));
  const connectors::Verdict verdict = reply.verdict.value_or(verdict_of(reply.code));
  co_return connectors::AuthorisationAnswer{
      .verdict = verdict,
      .response_code = std::move(reply.code),
      .authorisation_code = verdict == connectors::Verdict::approved ? "A12345" : ""};
}

base::Task<base::Result<connectors::MessageAnswer>> FakeAcquirer::reverse(connectors::Reversal request) {
  ACQUIT_CO_TRY(const Reply reply, co_await answer(take(reverse_, reversals_, std::move(request), {})));
  co_return connectors::MessageAnswer{.response_code = reply.code, .receipt = receipt_of(reply.code)};
}

base::Task<base::Result<connectors::MessageAnswer>> FakeAcquirer::advise(connectors::Advice request) {
  ACQUIT_CO_TRY(const Reply reply, co_await answer(take(advise_, advices_, std::move(request), {})));
  co_return connectors::MessageAnswer{.response_code = reply.code, .receipt = receipt_of(reply.code)};
}

}  // namespace acquit::payments::testing
