-- :name add
insert into card_refusals (shop_id, refusal_id, at, card, address, card_range) values ($1, $2, $3, $4, $5, $6)

-- :name since
select shop_id, refusal_id, at, card, address, card_range from card_refusals where at >= $1 order by at limit $2
