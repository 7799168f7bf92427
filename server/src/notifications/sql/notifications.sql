-- :name insert
insert into deliveries (shop_id, delivery_id, transaction_id, rule, source, channel, attempt, target, succeeded,
                        http_status, duration_ms, response, at)
select $1, $2, $3, $4, $5, 'url', $6, $7, $8, $9, $10, $11, $12
where not exists (select 1 from deliveries d where d.shop_id = $1 and d.delivery_id = $2 and d.at >= $13)
on conflict do nothing

-- :name find
select shop_id, delivery_id, transaction_id, rule, source, attempt, target, succeeded, http_status, duration_ms,
       response, at
from deliveries where shop_id = $1 and delivery_id = $2 and at >= $3

-- :name of_transaction
select shop_id, delivery_id, transaction_id, rule, source, attempt, target, succeeded, http_status, duration_ms,
       response, at
from deliveries where shop_id = $1 and transaction_id = $2 and channel = 'url'
order by at, delivery_id

-- :name tell
insert into notices (shop_id, kind, sent_at) values ($1, $2, $3)
on conflict (shop_id, kind) do update set sent_at = excluded.sent_at where notices.sent_at <= $4
