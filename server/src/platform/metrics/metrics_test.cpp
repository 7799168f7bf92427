#include "platform/metrics/metrics.h"

#include <gtest/gtest.h>

namespace acquit::platform {
namespace {

TEST(Metrics, AreWrittenInTheTextFormatOfPrometheus) {
  Metrics metrics;
  std::int64_t commits = 1;
  metrics.add(Metrics::Kind::counter, "db_commits_total", "Commits.", [&] { return commits; });
  metrics.add(Metrics::Kind::gauge, "outbox_in_flight", "Messages being sent.", [] { return std::int64_t{-3}; });
  commits = 42;
  EXPECT_EQ(metrics.text(),
            "# HELP acquit_db_commits_total Commits.\n"
            "# TYPE acquit_db_commits_total counter\n"
            "acquit_db_commits_total 42\n"
            "# HELP acquit_outbox_in_flight Messages being sent.\n"
            "# TYPE acquit_outbox_in_flight gauge\n"
            "acquit_outbox_in_flight -3\n");
}

TEST(Metrics, AreEmptyWhereNothingIsMeasured) { EXPECT_EQ(Metrics().text(), ""); }

TEST(Metrics, KnowTheMemoryOfThisProcess) {
  EXPECT_GT(resident_bytes(), 1'000'000);
  EXPECT_LT(resident_bytes(), std::int64_t{64} << 30);
}

}  // namespace
}  // namespace acquit::platform
