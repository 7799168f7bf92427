// FarServer: a PostgresServer as from another place: every byte takes a given time on its way, there and back.
//
// A socket in a directory of its own and one thread that passes on. Stops when destroyed; connections end then. The
// server outlives it. Safe from any thread.
#pragma once

#include <atomic>
#include <filesystem>
#include <list>
#include <string>
#include <thread>

#include "base/clock.h"
#include "db/testing/postgres_server.h"

namespace acquit::db::testing {

class FarServer {
 public:
  FarServer(const PostgresServer& server, base::Milliseconds each_way);
  ~FarServer();
  FarServer(const FarServer&) = delete;
  FarServer& operator=(const FarServer&) = delete;

  /// From the next byte on.
  void move_to(base::Milliseconds each_way) { each_way_ = each_way; }
  /// The address of a database that the server has at `url`.
  [[nodiscard]] std::string url(std::string url) const;

 private:
  struct Way;
  void run();
  void take_caller();
  [[nodiscard]] int time_left_ms() const;

  const std::filesystem::path near_;
  const std::filesystem::path directory_;
  std::atomic<base::Milliseconds> each_way_;
  base::OsClock clock_;
  int listener_ = -1;
  int bell_ = -1;  // An eventfd that says stop.
  std::list<Way> ways_;
  std::thread thread_;
};

}  // namespace acquit::db::testing
