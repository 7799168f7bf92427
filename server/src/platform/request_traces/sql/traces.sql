-- :name add
insert into request_traces (trace_id, shop_id, at, source, error_code, field, detail, incident, mode, is_signed,
                            reference, trans_id, value)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- :name latest
select shop_id, at, source, error_code, field, detail, incident, mode, is_signed, reference, trans_id, value
from request_traces where shop_id = $1 order by trace_id desc limit $2

-- :name of_incident
select shop_id, at, source, error_code, field, detail, incident, mode, is_signed, reference, trans_id, value
from request_traces where incident = $1 order by trace_id limit $2

-- :name count_signed
select error_code, field, count(*) from request_traces
where trace_id >= $1 and shop_id = $2 and mode = $3 and is_signed = 1
group by error_code, field order by count(*) desc, error_code, field
