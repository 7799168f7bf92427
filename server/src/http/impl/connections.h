// Connections: all connections of a server and what they may take: how many there may be and how many bytes they may
// hold, in total and for one subscriber, so that nobody's idle or half-sent ones keep the others out.
//
// Where there is no room, those that only wait are told to go, the longest waiting first: the idle, then those whose
// request is not whole yet. Whoever is being answered is left alone. Who was told to go counts no more: it is gone in a
// moment, and listen() bounds how many such moments there may be at once. Trusted proxies carry many subscribers and
// have no share of their own. Safe from any thread; locks itself before a connection, never the other way.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "http/server.h"

namespace acquit::http {

class Connection;

struct ConnectionLimits {
  std::size_t total = 0;
  std::size_t per_subscriber = 0;
  std::size_t bytes_total = 0;
  std::size_t bytes_per_subscriber = 0;
};

class Connections {
 public:
  /// What there is no room for.
  enum class Full : std::uint8_t { no, total, subscriber };
  /// Those that were told to go and are not gone yet: file descriptors beyond the limit.
  static constexpr std::size_t kLeavingMax = 64;

  explicit Connections(ConnectionLimits limits) : limits_(limits) {}

  /// Room for one more connection of a subscriber (net::subscriber_of; empty: a trusted proxy), if need be by telling
  /// others to go.
  [[nodiscard]] Full make_room(const std::string& subscriber);
  void add(Connection& connection, const std::string& subscriber);
  void remove(Connection& connection);
  /// The connection holds so many bytes now. Full: it may not hold them, and the count stays as it was; never where it
  /// holds fewer than before or `must`.
  [[nodiscard]] Full hold(Connection& connection, std::size_t bytes, bool must);

  void for_each(const std::function<void(Connection&)>& visit);
  /// False if some are left when `limit` has passed.
  bool wait_until_none(base::Milliseconds limit);
  [[nodiscard]] ServerCounters counters() const;

 private:
  struct Usage {
    std::size_t connections = 0;
    std::size_t bytes = 0;
  };
  struct Entry {
    std::string subscriber;
    std::size_t bytes = 0;
    bool leaving = false;  // Told to go, and counted no more.
  };
  // Tells some that wait to go, of one subscriber if it is not null, but never `spared`: at least one if there is one,
  // and until `bytes` are given back.
  void evict(const std::string* subscriber, const Connection* spared, std::size_t bytes);
  void give_back(Entry& entry);

  const ConnectionLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable none_;
  std::unordered_map<Connection*, Entry> all_;
  std::unordered_map<std::string, Usage> by_subscriber_;  // Of those that count; no entry where there is none.
  Usage total_;                                           // The same, of all.
  std::uint64_t evicted_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace acquit::http
