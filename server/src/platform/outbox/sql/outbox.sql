-- :name add
insert into outbox ({outbox}) values ({outbox.values})

-- :name claim @sqlite
update outbox set due_at = $5, attempts = attempts + 1
where shop_id = $2
  and outbox_id in (select outbox_id from outbox where topic = $1 and shop_id = $2 and due_at <= $3 order by due_at limit $4)
returning {outbox}

-- :name claim @postgresql
update outbox set due_at = $5, attempts = attempts + 1
where shop_id = $2
  and outbox_id in (select outbox_id from outbox where topic = $1 and shop_id = $2 and due_at <= $3 order by due_at limit $4
                    for update skip locked)
returning {outbox}

-- From shop to shop over the index, however much waits for one of them.
-- :name due_shops
with recursive shops(shop_id) as (
  select min(shop_id) from outbox where topic = $1
  union all
  select (select min(o.shop_id) from outbox o where o.topic = $1 and o.shop_id > shops.shop_id)
  from shops where shops.shop_id is not null
)
select shop_id, (select min(o.due_at) from outbox o where o.topic = $1 and o.shop_id = shops.shop_id) as first_due,
       (select count(*) from (select 1 from outbox o where o.topic = $1 and o.shop_id = shops.shop_id and o.due_at <= $2
                              limit $3) as due_now)
from shops where exists (select 1 from outbox o where o.topic = $1 and o.shop_id = shops.shop_id and o.due_at <= $2)

-- The same where the engine spreads shops over machines, which take no recursion across them: reads all that is due.
-- :name due_shops_spread @postgresql
select shop_id, min(due_at) as first_due, least(count(*), $3) as due_now
from outbox where topic = $1 and due_at <= $2 group by shop_id

-- Where nothing is due: when the first will be. Likewise from shop to shop.
-- :name next_due
with recursive shops(shop_id) as (
  select min(shop_id) from outbox where topic = $1
  union all
  select (select min(o.shop_id) from outbox o where o.topic = $1 and o.shop_id > shops.shop_id)
  from shops where shops.shop_id is not null
)
select min((select min(o.due_at) from outbox o where o.topic = $1 and o.shop_id = shops.shop_id)) as next_due
from shops where shops.shop_id is not null

-- Where the engine spreads shops: over the waiting messages of a topic.
-- :name next_due_spread @postgresql
select min(due_at) as next_due from outbox where topic = $1

-- :name remove
delete from outbox where shop_id = $1 and outbox_id = $2

-- :name again
update outbox set due_at = $3, attempts = $4, payload = $5 where shop_id = $1 and outbox_id = $2

-- :name save_payload
update outbox set payload = $3 where shop_id = $1 and outbox_id = $2

-- :name waiting
select {outbox} from outbox where shop_id = $1 and topic = $2 and subject_id = $3
order by outbox_id
