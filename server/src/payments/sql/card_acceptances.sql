-- :name add
insert into card_acceptances (shop_id, acceptances_id, at, accepted_at, mode, card_range, times) values ($1, $2, $3, $4, $5, $6, $7)

-- From the row after that of time $1 and id $2.
-- :name since
select shop_id, acceptances_id, at, accepted_at, mode, card_range, times from card_acceptances
where at >= $1 and (at > $1 or acceptances_id > $2)
order by at, acceptances_id limit $3
