// What processes use of the machine, read from /proc.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <thread>
#include <vector>

namespace acquit::bench {

/// User and system time of all its threads, in milliseconds; 0 if it is gone.
[[nodiscard]] std::int64_t cpu_ms(pid_t pid);
/// Memory in RAM, in megabytes (10^6 bytes).
[[nodiscard]] double resident_mb(pid_t pid);
/// The processes that `pid` started and that run now.
[[nodiscard]] std::vector<pid_t> children_of(pid_t pid);

/// Of all processors together, since the machine started.
struct MachineTime {
  std::int64_t idle_ms = 0;  ///< Waiting for a disk counts as idle.
  std::int64_t total_ms = 0;
};
[[nodiscard]] MachineTime machine_time();

/// Watches the threads of processes from its making to stop(), on a thread of its own that looks a hundred times a
/// second: is one of them always busy, does one wait for the disk?
class ThreadWatch {
 public:
  explicit ThreadWatch(std::vector<pid_t> processes);
  ~ThreadWatch();
  ThreadWatch(const ThreadWatch&) = delete;
  ThreadWatch& operator=(const ThreadWatch&) = delete;

  struct Shares {
    double busiest = 0;    ///< Of the time, that the busiest thread spent on a processor.
    double disk_wait = 0;  ///< Of the time, that the thread which waits most for the disk did so.
  };
  Shares stop();

 private:
  struct Seen {
    std::int64_t cpu_ms_first = -1;
    std::int64_t cpu_ms_last = 0;
    int waiting = 0;
  };
  void look();

  std::vector<pid_t> processes_;
  std::map<pid_t, Seen> threads_;
  int looks_ = 0;
  std::int64_t started_ms_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace acquit::bench
