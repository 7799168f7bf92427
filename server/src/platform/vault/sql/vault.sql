-- :name insert_key
insert into vault_keys (key_id, master_id, purpose, wrapped_key, created_at) values ($1, $2, $3, $4, $5)
on conflict do nothing

-- :name keys
select key_id, master_id, purpose, wrapped_key, created_at from vault_keys order by key_id

-- :name retire_keys
update vault_keys set retired_at = $1 where purpose = 'data' and retired_at is null

-- :name rewrap_key
update vault_keys set wrapped_key = $2, master_id = $3 where key_id = $1

-- :name insert_card
insert into vault_cards (shop_id, card_id, key_id, sealed_pan, fingerprint, first_digits, last_digits, expiry_year, expiry_month,
                         created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- :name card
select key_id, sealed_pan, expiry_year, expiry_month from vault_cards where shop_id = $1 and card_id = $2
