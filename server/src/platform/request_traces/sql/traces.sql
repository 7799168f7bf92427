-- :name add
insert into request_traces ({request_traces}) values ({request_traces.values})

-- :name latest
select {request_traces} from request_traces where shop_id = $1 order by trace_id desc limit $2

-- :name of_incident
select {request_traces} from request_traces where incident = $1 order by trace_id limit $2

-- :name count_signed
select error_code, field, count(*) from request_traces
where trace_id >= $1 and shop_id = $2 and mode = $3 and is_signed = 1
group by error_code, field order by count(*) desc, error_code, field
