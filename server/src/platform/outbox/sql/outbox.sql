-- :name add
insert into outbox (outbox_id, shop_id, topic, subject_id, payload, attempts, due_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)

-- :name claim @sqlite
update outbox set due_at = $3, attempts = attempts + 1
where outbox_id in (select outbox_id from outbox where topic = $1 and due_at <= $2 and instr($5, ',' || shop_id || ',') = 0
                    order by due_at limit $4)
returning outbox_id, shop_id, topic, subject_id, payload, attempts

-- :name claim @postgresql
update outbox set due_at = $3, attempts = attempts + 1
where outbox_id in (select outbox_id from outbox where topic = $1 and due_at <= $2 and strpos($5, ',' || shop_id || ',') = 0
                    order by due_at limit $4 for update skip locked)
returning outbox_id, shop_id, topic, subject_id, payload, attempts

-- :name any_due @sqlite
select 1 from outbox where topic = $1 and due_at <= $2 and instr($3, ',' || shop_id || ',') = 0 limit 1

-- :name any_due @postgresql
select 1 from outbox where topic = $1 and due_at <= $2 and strpos($3, ',' || shop_id || ',') = 0 limit 1

-- :name remove
delete from outbox where outbox_id = $1

-- :name again
update outbox set due_at = $2, attempts = $3, payload = $4 where outbox_id = $1

-- :name save_payload
update outbox set payload = $2 where outbox_id = $1

-- :name waiting
select outbox_id, shop_id, topic, subject_id, payload, attempts
from outbox where shop_id = $1 and topic = $2 and subject_id = $3
order by outbox_id
