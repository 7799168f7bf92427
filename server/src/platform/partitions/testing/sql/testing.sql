-- :name names @postgresql
select inhrelid::regclass::text from pg_inherits
where inhparent in ('operations'::regclass, 'postings'::regclass, 'deliveries'::regclass) order by inhparent::regclass::text, 1

-- :name add_operation
insert into operations (shop_id, transaction_id, operation_id, at, actor, event, state_before, state_after, amount, currency,
                        detail)
values (7, 't1', $1, $2, '', '', '', '', 0, 'EUR', '')

-- :name add_posting
insert into postings (shop_id, transaction_id, operation_id, account, amount, currency, at)
values (7, 't1', $1, 'held', 1, 'EUR', $2)

-- :name add_delivery
insert into deliveries (shop_id, delivery_id, transaction_id, rule, telling, channel, attempt, target, succeeded,
                        http_status, duration_ms, response, at)
values (7, $1, 't1', '', '', 'url', 1, '', 1, 200, 1, '', $2)

-- :name places @postgresql
select o.tableoid::regclass::text || ' ' || o.operation_id from operations o
union all select p.tableoid::regclass::text || ' ' || p.operation_id from postings p
union all select d.tableoid::regclass::text || ' ' || d.delivery_id from deliveries d
order by 1

-- :name detach @postgresql
alter table operations detach partition operations_2026_12

-- :name waiting @postgresql
select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
