// Metrics in the Prometheus text format: gauges and counters read from their owners at the moment of the scrape.
//
// Filled at start, then read from any thread; each reading function must be safe from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace acquit::platform {

class Metrics {
 public:
  enum class Kind : std::uint8_t { counter, gauge };
  /// `name` without prefix, e.g. "db_commits_total"; shown as acquit_db_commits_total.
  void add(Kind kind, std::string name, std::string help, std::function<std::int64_t()> read);
  /// Exposition format 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  struct Metric {
    Kind kind;
    std::string name;
    std::string help;
    std::function<std::int64_t()> read;
  };
  std::vector<Metric> metrics_;
};

/// Memory of this process that is in RAM, in bytes.
[[nodiscard]] std::int64_t resident_bytes();

}  // namespace acquit::platform
