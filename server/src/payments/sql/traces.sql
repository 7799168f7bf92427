-- :name add
insert into request_traces (trace_id, shop_id, at, source, error_code, field, detail) values ($1, $2, $3, $4, $5, $6, $7)

-- :name latest
select error_code, field, detail, at from request_traces where shop_id = $1 order by trace_id desc limit $2
