-- :name insert
insert into deliveries ({deliveries}) select {deliveries.values after 1}
where not exists (select 1 from deliveries d where d.shop_id = $2 and d.delivery_id = $3 and d.at >= $1)
on conflict do nothing

-- :name find
select {deliveries} from deliveries where shop_id = $1 and delivery_id = $2 and at >= $3

-- :name of_transaction
select {deliveries} from deliveries where shop_id = $1 and transaction_id = $2 and channel = 'url'
order by at, delivery_id

-- The last call about a transaction under a rule failed, within a time. Of one shop, or (0) of all: an operator's look.
-- :name failed
select d.shop_id, d.transaction_id, d.rule, max(d.at) as failed_at
from deliveries d
where d.succeeded = 0 and d.at >= $1 and d.at < $2 and d.channel = 'url' and (cast($3 as bigint) = 0 or $3 = d.shop_id)
  and not exists (select 1 from deliveries l where l.transaction_id = d.transaction_id and l.shop_id = d.shop_id
                  and l.rule = d.rule and l.succeeded = 1 and l.at >= d.at)
group by d.shop_id, d.transaction_id, d.rule
order by failed_at, d.shop_id, d.transaction_id, d.rule limit $4

-- :name count_failed
select count(distinct d.shop_id || d.transaction_id || d.rule)
from deliveries d
where d.succeeded = 0 and d.at >= $1 and d.at < $2 and d.channel = 'url' and (cast($3 as bigint) = 0 or $3 = d.shop_id)
  and not exists (select 1 from deliveries l where l.transaction_id = d.transaction_id and l.shop_id = d.shop_id
                  and l.rule = d.rule and l.succeeded = 1 and l.at >= d.at)

-- :name told
select d.transaction_id from transactions t
join deliveries d on d.shop_id = t.shop_id and d.transaction_id = t.transaction_id
where t.shop_id = $1 and t.payment_id = $2 and d.at >= $3 and d.channel = 'url'

-- :name tell
insert into notices (shop_id, kind, sent_at) values ($1, $2, $3)
on conflict (shop_id, kind) do update set sent_at = excluded.sent_at where notices.sent_at <= $4
