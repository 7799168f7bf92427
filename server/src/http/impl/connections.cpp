#include "http/impl/connections.h"

#include <algorithm>
#include <vector>

#include "http/impl/connection.h"

namespace acquit::http {
namespace {

// Each look for those who may go walks over all connections, so it finds a whole portion of them.
constexpr std::size_t kPortion = 64;

}  // namespace

Connections::Full Connections::make_room(const std::string& subscriber) {
  const std::lock_guard lock(mutex_);
  const auto crowded = [&] {
    if (subscriber.empty()) return false;
    const auto usage = by_subscriber_.find(subscriber);
    return usage != by_subscriber_.end() && usage->second.connections >= limits_.per_subscriber;
  };
  if (crowded()) evict(&subscriber, nullptr, 0);
  if (total_.connections >= limits_.total) evict(nullptr, nullptr, 0);
  Full full = Full::no;
  if (crowded()) {
    full = Full::subscriber;
  } else if (total_.connections >= limits_.total || all_.size() >= limits_.total + kLeavingMax) {
    full = Full::total;
  }
  if (full != Full::no) ++refused_;
  return full;
}

void Connections::add(Connection& connection, const std::string& subscriber) {
  const std::lock_guard lock(mutex_);
  all_.try_emplace(&connection, Entry{.subscriber = subscriber, .bytes = 0, .leaving = false});
  ++by_subscriber_[subscriber].connections;
  ++total_.connections;
}

void Connections::remove(Connection& connection) {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(&connection);
  if (!found->second.leaving) give_back(found->second);
  all_.erase(found);
  if (all_.empty()) none_.notify_all();
}

Connections::Full Connections::hold(Connection& connection, std::size_t bytes, bool must) {
  const std::lock_guard lock(mutex_);
  Entry& entry = all_.find(&connection)->second;
  if (entry.leaving) return Full::no;
  Usage& own = by_subscriber_[entry.subscriber];
  if (bytes > entry.bytes && !must) {
    const std::size_t more = bytes - entry.bytes;
    if (!entry.subscriber.empty() && own.bytes + more > limits_.bytes_per_subscriber) return Full::subscriber;
    if (total_.bytes + more > limits_.bytes_total) evict(nullptr, &connection, more);
    if (total_.bytes + more > limits_.bytes_total) return Full::total;
  }
  own.bytes += bytes - entry.bytes;  // Unsigned: wraps around and back where it shrinks.
  total_.bytes += bytes - entry.bytes;
  entry.bytes = bytes;
  return Full::no;
}

void Connections::evict(const std::string* subscriber, const Connection* spared, std::size_t bytes) {
  struct Candidate {
    Connection* connection;
    Entry* entry;
    Connection::Waiting waiting;
  };
  std::vector<Candidate> candidates;
  std::size_t leaving = 0;
  for (auto& [connection, entry] : all_) {
    if (entry.leaving) ++leaving;
    if (entry.leaving || connection == spared || (subscriber != nullptr && entry.subscriber != *subscriber)) continue;
    if (bytes > 0 && entry.bytes == 0) continue;
    if (const auto waiting = connection->waits()) {
      candidates.push_back({.connection = connection, .entry = &entry, .waiting = *waiting});
    }
  }
  const std::size_t most = std::min({kPortion, kLeavingMax - std::min(leaving, kLeavingMax), candidates.size()});
  std::ranges::partial_sort(candidates, candidates.begin() + static_cast<std::ptrdiff_t>(most), {},
                            &Candidate::waiting);
  // A portion of a small limit is one: nobody is sent away for want of a place that one gives.
  const std::size_t wanted = std::max<std::size_t>(1, std::min(most, candidates.size() / kPortion));
  std::size_t given = 0;
  for (std::size_t i = 0; i < most && (i < wanted || given < bytes); ++i) {
    given += candidates[i].entry->bytes;
    if (!candidates[i].connection->evict()) continue;
    give_back(*candidates[i].entry);
    candidates[i].entry->leaving = true;
    ++evicted_;
  }
}

void Connections::give_back(Entry& entry) {
  const auto own = by_subscriber_.find(entry.subscriber);
  own->second.bytes -= entry.bytes;
  total_.bytes -= entry.bytes;
  --total_.connections;
  if (--own->second.connections == 0) by_subscriber_.erase(own);
}

void Connections::for_each(const std::function<void(Connection&)>& visit) {
  const std::lock_guard lock(mutex_);
  for (const auto& [connection, entry] : all_) visit(*connection);
}

bool Connections::wait_until_none(base::Milliseconds limit) {
  std::unique_lock lock(mutex_);
  return none_.wait_for(lock, limit, [this] { return all_.empty(); });
}

ServerCounters Connections::counters() const {
  const std::lock_guard lock(mutex_);
  const auto idle = std::ranges::count_if(all_, [](const auto& entry) { return entry.first->is_idle(); });
  return {.connections = all_.size(),
          .idle = static_cast<std::size_t>(idle),
          .buffered_bytes = total_.bytes,
          .evicted = evicted_,
          .refused = refused_};
}

}  // namespace acquit::http
