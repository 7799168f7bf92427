-- :name insert_key
insert into vault_keys ({vault_keys}) values ({vault_keys.values})
on conflict do nothing

-- :name keys
select {vault_keys} from vault_keys order by key_id

-- :name retire_keys
update vault_keys set retired_at = $1 where purpose = 'data' and retired_at is null

-- :name rewrap_key
update vault_keys set {vault_keys.changes} where {vault_keys.key}

-- :name insert_card
insert into vault_cards (shop_id, card_id, key_id, sealed_pan, fingerprint, first_digits, last_digits, expiry_year, expiry_month,
                         created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- :name card
select key_id, sealed_pan, expiry_year, expiry_month from vault_cards where shop_id = $1 and card_id = $2
