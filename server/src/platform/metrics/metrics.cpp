#include "platform/metrics/metrics.h"

#include <unistd.h>

#include <fstream>

namespace acquit::platform {

void Metrics::add(Kind kind, std::string name, std::string help, std::function<std::int64_t()> read) {
  metrics_.push_back(
      {.kind = kind, .name = "acquit_" + std::move(name), .help = std::move(help), .read = std::move(read)});
}

std::string Metrics::text() const {
  std::string out;
  for (const Metric& metric : metrics_) {
    out += "# HELP " + metric.name + " " + metric.help + "\n# TYPE " + metric.name + " " +
           (metric.kind == Kind::counter ? "counter" : "gauge") + "\n" + metric.name + " " +
           std::to_string(metric.read()) + "\n";
  }
  return out;
}

std::int64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t pages = 0;
  std::int64_t resident = 0;
  statm >> pages >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

}  // namespace acquit::platform
