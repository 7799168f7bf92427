#include "app/incident.h"

#include <fmt/format.h>

#include "app/period.h"
#include "platform/request_traces/request_traces.h"

namespace acquit::app {
namespace {

std::string lines_of(const platform::RequestTrace& trace) {
  std::string out =
      fmt::format("{}  shop {}, {} form refused\n", moment_text(trace.at), base::to_string(trace.shop), trace.mode);
  const auto line = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out += fmt::format("  {:<12} {}\n", name, value);
  };
  line("error", trace.code);
  line("field", trace.field);
  line("value", trace.value);
  line("rule", trace.detail);
  line("order", trace.reference);
  line(trace.protocol, trace.key);
  line("signature", trace.is_signed ? "right" : "wrong or not checked");
  return out;
}

}  // namespace

base::Result<std::string> incident(Desk& desk, const std::string& number) {
  ACQUIT_TRY(const auto traces, base::sync_wait(desk.services().database.read(
                                    [&](db::ReadTx& tx) { return platform::traces_of_incident(tx, number); })));
  if (traces.empty()) {
    return base::fail(base::ErrorCode::not_found,
                      "nothing is stored about the incident " + number +
                          "; refused forms are kept for 90 days, everything else stands in the servers' logs as "
                          "request=" +
                          number + " or request_id=" + number,
                      "incident");
  }
  std::string out;
  for (const platform::RequestTrace& trace : traces) out += lines_of(trace);
  return out;
}

}  // namespace acquit::app
