#include "bench/process.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/number.h"

namespace acquit::bench {
namespace {

namespace fs = std::filesystem;

std::int64_t in_ms(std::int64_t ticks) { return ticks * 1000 / ::sysconf(_SC_CLK_TCK); }

std::int64_t now_ms() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

// A stat file of /proc: of a process or of one of its threads.
struct Stat {
  char state = '?';
  pid_t parent = 0;
  std::int64_t cpu_ms = 0;
};
Stat read_stat(const std::string& path) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(text.substr(name_end + 2));
  Stat stat;
  fields >> stat.state >> stat.parent;
  std::string skipped;
  for (int i = 0; i < 9; ++i) fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  fields >> user >> system;
  stat.cpu_ms = in_ms(user + system);
  return stat;
}

std::string folder_of(pid_t pid) { return "/proc/" + std::to_string(pid); }

// The entries of a folder of /proc whose names are numbers; processes may end meanwhile.
std::vector<pid_t> numbers_in(const std::string& folder) {
  std::vector<pid_t> found;
  std::error_code gone;
  for (fs::directory_iterator entry(folder, gone), end; !gone && entry != end; entry.increment(gone)) {
    if (const auto number = base::parse_int<pid_t>(entry->path().filename().string())) found.push_back(*number);
  }
  return found;
}

}  // namespace

std::int64_t cpu_ms(pid_t pid) { return read_stat(folder_of(pid) + "/stat").cpu_ms; }

double resident_mb(pid_t pid) {
  std::ifstream file(folder_of(pid) + "/statm");
  std::int64_t pages = 0;
  std::int64_t resident = 0;
  file >> pages >> resident;
  return static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / 1e6;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> found = numbers_in("/proc");
  std::erase_if(found, [&](pid_t other) { return read_stat(folder_of(other) + "/stat").parent != pid; });
  return found;
}

MachineTime machine_time() {
  std::ifstream file("/proc/stat");
  std::string name;
  file >> name;
  // user nice system idle iowait irq softirq steal; what follows is counted in the first ones already.
  std::int64_t ticks[8] = {};
  for (std::int64_t& value : ticks) file >> value;
  MachineTime time;
  for (const std::int64_t value : ticks) time.total_ms += in_ms(value);
  time.idle_ms = in_ms(ticks[3] + ticks[4]);
  return time;
}

ThreadWatch::ThreadWatch(std::vector<pid_t> processes)
    : processes_(std::move(processes)), started_ms_(now_ms()), thread_([this] {
        while (!over_) {
          look();
          std::this_thread::sleep_for(std::chrono::milliseconds(10));  // tidy: it samples what others do
        }
      }) {}

ThreadWatch::~ThreadWatch() {
  if (thread_.joinable()) stop();
}

void ThreadWatch::look() {
  ++looks_;
  for (const pid_t process : processes_) {
    const std::string tasks = folder_of(process) + "/task";
    for (const pid_t thread : numbers_in(tasks)) {
      const Stat stat = read_stat(tasks + "/" + std::to_string(thread) + "/stat");
      Seen& seen = threads_[thread];
      if (seen.cpu_ms_first < 0) seen.cpu_ms_first = stat.cpu_ms;
      seen.cpu_ms_last = std::max(seen.cpu_ms_last, stat.cpu_ms);
      seen.waiting += stat.state == 'D' ? 1 : 0;
    }
  }
}

ThreadWatch::Shares ThreadWatch::stop() {
  over_ = true;
  thread_.join();
  look();
  const double lasted = static_cast<double>(std::max<std::int64_t>(now_ms() - started_ms_, 1));
  Shares shares;
  for (const auto& [thread, seen] : threads_) {
    shares.busiest = std::max(shares.busiest, static_cast<double>(seen.cpu_ms_last - seen.cpu_ms_first) / lasted);
    shares.disk_wait = std::max(shares.disk_wait, static_cast<double>(seen.waiting) / looks_);
  }
  return shares;
}

}  // namespace acquit::bench
