// The rows of request_traces.
#pragma once

#include "db/table.h"
#include "platform/request_traces/request_traces.h"

namespace acquit::platform {

struct StoredTrace {
  base::Id<TraceTag> id;
  RequestTrace trace;
};
[[nodiscard]] inline StoredTrace empty_trace() { return {.id = base::Id<TraceTag>({}), .trace = {}}; }

inline constexpr db::Table kTraceTable("request_traces", &empty_trace,
                                       db::column<&StoredTrace::trace, &RequestTrace::shop>("shop_id").key(),
                                       db::column<&StoredTrace::id>("trace_id").key(),
                                       db::column<&StoredTrace::trace, &RequestTrace::at>("at"),
                                       db::column<&StoredTrace::trace, &RequestTrace::protocol>("protocol"),
                                       db::column<&StoredTrace::trace, &RequestTrace::code>("error_code"),
                                       db::column<&StoredTrace::trace, &RequestTrace::field>("field"),
                                       db::column<&StoredTrace::trace, &RequestTrace::detail>("detail"),
                                       db::column<&StoredTrace::trace, &RequestTrace::incident>("incident"),
                                       db::column<&StoredTrace::trace, &RequestTrace::mode>("mode"),
                                       db::column<&StoredTrace::trace, &RequestTrace::is_signed>("is_signed"),
                                       db::column<&StoredTrace::trace, &RequestTrace::reference>("reference"),
                                       db::column<&StoredTrace::trace, &RequestTrace::key>("protocol_key"),
                                       db::column<&StoredTrace::trace, &RequestTrace::value>("value"));

}  // namespace acquit::platform
