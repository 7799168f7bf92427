-- :name shop
select {shops} from shops where {shops.key}

-- :name shop_numbers
select shop_id from shops order by shop_id

-- :name keys
select purpose, mode, sealed_key from shop_keys where shop_id = $1 order by purpose, mode

-- :name contracts
select {contracts} from contracts where shop_id = $1 order by rank, contract_id

-- :name rules
select {notification_rules} from notification_rules where shop_id = $1

-- :name company
select {companies} from companies where {companies.key}

-- :name group
select {shop_groups} from shop_groups where {shop_groups.key}

-- :name close_contract
update contracts set active = 0 where shop_id = $1 and contract_id = $2 and active = 1

-- :name insert_company
insert into companies ({companies}) values ({companies.values}) on conflict do nothing

-- :name insert_group
insert into shop_groups ({shop_groups}) values ({shop_groups.values}) on conflict do nothing

-- :name insert_shop
insert into shops ({shops}) values ({shops.values})

-- :name insert_key
insert into shop_keys (shop_id, purpose, mode, sealed_key, created_at) values ($1, $2, $3, $4, $5)

-- :name insert_contract
insert into contracts ({contracts}) values ({contracts.values})

-- :name insert_rule
insert into notification_rules ({notification_rules}) values ({notification_rules.values})

-- :name update_addresses
update shops set url = $2, frame_ancestors = $3 where shop_id = $1

-- :name update_rule
update notification_rules set {notification_rules.changes} where {notification_rules.key}

-- :name blocked_card
select reason from blocked_cards where shop_id = $1 and fingerprint = $2

-- :name block_card
insert into blocked_cards (shop_id, fingerprint, reason, actor, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing

-- :name unblock_card
delete from blocked_cards where shop_id = $1 and fingerprint = $2
