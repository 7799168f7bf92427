#include "net/transfers.h"

#include <curl/curl.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/places.h"
#include "net/transfer.h"

namespace acquit::net {
using base::ErrorCode;
namespace {

constexpr int kPollLongestMs = 1000;
constexpr int kPollWhileIdleMs = 60'000;
constexpr int kPollWhileSomeWaitMs = 50;  // So that those without a connection are told in time that theirs is over.
constexpr std::size_t kWaitingMax = 10'000;

using TransferPtr = std::unique_ptr<Transfer>;

void cancel(Transfer& transfer) {
  transfer.end({.code = ErrorCode::cancelled, .field = {}, .detail = "the client was stopped"});
}

struct CurlMultiFree {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

// One thread drives libcurl's multi handle; callers hand it transfers through `incoming_`.
class CurlTransfers final : public Transfers {
 public:
  explicit CurlTransfers(const TransfersOptions& options);
  ~CurlTransfers() override;

  void submit(TransferPtr transfer) override;
  void stop() override;

 private:
  void run();
  bool take_incoming();
  void start_waiting();
  bool start(TransferPtr& transfer, base::Monotonic now);
  void collect();
  void finish_all();
  [[nodiscard]] int poll_time_ms() const;

  const TransfersOptions options_;
  base::OsClock clock_;
  std::unique_ptr<CURLM, CurlMultiFree> multi_;
  std::mutex mutex_;
  std::deque<TransferPtr> incoming_;  // Guarded by mutex_, as is stopping_.
  bool stopping_ = false;
  std::deque<TransferPtr> waiting_;  // The thread's own, like active_.
  std::unordered_map<CURL*, TransferPtr> active_;
  base::Places places_;  // By peer.
  bool freed_ = false;   // Since the last look at waiting_.
  std::thread thread_;
};

CurlTransfers::CurlTransfers(const TransfersOptions& options)
    : options_(options),
      multi_(curl_multi_init()),
      // Where one peer may have all of them there is none to be kept from the others.
      places_({.total = static_cast<int>(options.connections_max),
               .each = static_cast<int>(std::min(options.connections_max, options.connections_per_peer)),
               .judged = options.connections_per_peer < options.connections_max}) {
  // OpenSSL writes to sockets without MSG_NOSIGNAL, and libcurl leaves signals alone as we ask it to.
  std::signal(SIGPIPE, SIG_IGN);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(options_.connections_max));
  thread_ = std::thread([this] { run(); });
}

CurlTransfers::~CurlTransfers() { CurlTransfers::stop(); }

void CurlTransfers::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  curl_multi_wakeup(multi_.get());
  thread_.join();
}

void CurlTransfers::submit(TransferPtr transfer) {
  bool stopping = false;
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && incoming_.size() < kWaitingMax) {
      incoming_.push_back(std::move(transfer));
      curl_multi_wakeup(multi_.get());
      return;
    }
    stopping = stopping_;
  }
  if (stopping) return cancel(*transfer);
  transfer->end({.code = ErrorCode::lane_full, .field = {}, .detail = "too many requests wait"});
}

void CurlTransfers::run() {
  while (take_incoming()) {
    start_waiting();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    collect();
    if (std::exchange(freed_, false) && !waiting_.empty()) continue;
    curl_multi_poll(multi_.get(), nullptr, 0, poll_time_ms(), nullptr);
  }
  finish_all();
}

// What comes meanwhile wakes the thread: it looks by itself only after those that it has taken.
int CurlTransfers::poll_time_ms() const {
  if (!waiting_.empty()) return kPollWhileSomeWaitMs;
  return active_.empty() ? kPollWhileIdleMs : kPollLongestMs;
}

// False when the client is going.
bool CurlTransfers::take_incoming() {
  std::deque<TransferPtr> taken;
  bool go_on = false;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(incoming_);
    go_on = !stopping_;
  }
  for (TransferPtr& transfer : taken) {
    if (waiting_.size() < kWaitingMax) {
      waiting_.push_back(std::move(transfer));
    } else {
      transfer->end({.code = ErrorCode::lane_full, .field = {}, .detail = "too many requests wait"});
    }
  }
  return go_on;
}

// In the order they came, past those whose peer has all the connections that it may have now.
void CurlTransfers::start_waiting() {
  const base::Monotonic now = clock_.monotonic();
  std::vector<TransferPtr> late;
  std::erase_if(waiting_, [&](TransferPtr& transfer) {
    if (transfer->is_late(now)) {
      late.push_back(std::move(transfer));
      return true;
    }
    return places_.room(transfer->peer(), now) > 0 && start(transfer, now);
  });
  for (const TransferPtr& transfer : late) {
    transfer->end({.code = ErrorCode::lane_full,
                   .field = {},
                   .detail = "no connection was free in time for " + transfer->peer()});
  }
}

// Takes the transfer over; true.
bool CurlTransfers::start(TransferPtr& transfer, base::Monotonic now) {
  CURL* const easy = transfer->easy();
  transfer->begin(now);
  if (curl_multi_add_handle(multi_.get(), easy) != CURLM_OK) {
    transfer->end(CURLE_OUT_OF_MEMORY, now);
    transfer.reset();
    return true;
  }
  places_.begin(transfer->peer(), now);
  active_.emplace(easy, std::move(transfer));
  return true;
}

void CurlTransfers::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    const auto found = active_.find(message->easy_handle);
    const TransferPtr transfer = std::move(found->second);
    active_.erase(found);
    const base::Monotonic now = clock_.monotonic();
    const bool cut = code == CURLE_WRITE_ERROR;  // An answer longer than is kept.
    places_.end(transfer->peer(), transfer->placed_at(), now,
                code == CURLE_OK || cut ? base::Went::well : base::Went::badly);
    freed_ = true;
    transfer->end(code, now);
    curl_multi_remove_handle(multi_.get(), transfer->easy());
  }
}

void CurlTransfers::finish_all() {
  for (const auto& [easy, transfer] : active_) {
    curl_multi_remove_handle(multi_.get(), easy);
    cancel(*transfer);
  }
  for (const TransferPtr& transfer : waiting_) cancel(*transfer);
  active_.clear();
  waiting_.clear();
}

}  // namespace

std::unique_ptr<Transfers> Transfers::make(const TransfersOptions& options) {
  static const CURLcode kInitialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (kInitialised != CURLE_OK) throw std::runtime_error("libcurl can't be set up");
  return std::make_unique<CurlTransfers>(options);
}

}  // namespace acquit::net
