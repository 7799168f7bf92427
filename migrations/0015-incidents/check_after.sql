select trace_id from request_traces where incident <> '' or is_signed <> 0;
