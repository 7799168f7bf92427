select trace_id from request_traces where protocol = '';
