-- :name add
insert into card_refusals (shop_id, refusal_id, at, card, address, card_range, mode) values ($1, $2, $3, $4, $5, $6, $7)

-- From the row after that of time $1 and id $2.
-- :name since
select shop_id, refusal_id, at, card, address, card_range, mode from card_refusals
where at >= $1 and (at > $1 or refusal_id > $2)
order by at, refusal_id limit $3
