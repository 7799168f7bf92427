select trace_id from request_traces where shop_id is null;
select outbox_id from outbox group by outbox_id having count(*) > 1;
select trace_id from request_traces group by trace_id having count(*) > 1;
