-- :name shop
select s.shop_id, s.group_id, s.name, s.url, s.contact_email, s.language, s.available_languages, s.timezone, s.country,
       s.category_code, s.active, s.signature_algorithm, s.capture_delay_days, s.manual_validation, s.return_mode,
       s.silent_allowed, s.frictionless_option, s.deferred_option, s.order_id_required, s.frame_ancestors,
       s.buyer_ticket, s.merchant_mail, s.pay_unauthenticated, s.refuse_relabelled
from shops s where s.shop_id = $1

-- :name shop_numbers
select shop_id from shops order by shop_id

-- :name form_keys
select mode, sealed_key from form_keys where shop_id = $1

-- :name contracts
select contract_id, method, currency, merchant_number, terminal_id, acquirer, acquirer_id, rank, amount_min, amount_max,
       capture_hour, active
from contracts where shop_id = $1 order by rank, contract_id

-- :name rules
select rule, enabled, url_test, url_production, alert_addresses, automatic_replay from notification_rules where shop_id = $1

-- :name company
select name from companies where company_id = $1

-- :name group
select company_id, name from shop_groups where group_id = $1

-- :name close_contract
update contracts set active = 0 where shop_id = $1 and contract_id = $2 and active = 1

-- :name insert_company
insert into companies (company_id, name) values ($1, $2) on conflict do nothing

-- :name insert_group
insert into shop_groups (group_id, company_id, name) values ($1, $2, $3) on conflict do nothing

-- :name insert_shop
insert into shops (shop_id, group_id, name, url, contact_email, language, available_languages, timezone, country,
                   category_code, active, signature_algorithm, capture_delay_days, manual_validation, return_mode,
                   silent_allowed, frictionless_option, deferred_option, order_id_required, frame_ancestors, buyer_ticket,
                   merchant_mail, pay_unauthenticated, refuse_relabelled, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)

-- :name insert_form_key
insert into form_keys (shop_id, mode, sealed_key, created_at) values ($1, $2, $3, $4)

-- :name insert_contract
insert into contracts (shop_id, contract_id, method, currency, merchant_number, terminal_id, acquirer, acquirer_id, rank,
                       amount_min, amount_max, capture_hour, active)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- :name insert_rule
insert into notification_rules (shop_id, rule, enabled, url_test, url_production, alert_addresses, automatic_replay)
values ($1, $2, $3, $4, $5, $6, $7)

-- :name update_addresses
update shops set url = $2, frame_ancestors = $3 where shop_id = $1

-- :name update_rule
update notification_rules set enabled = $3, url_test = $4, url_production = $5, alert_addresses = $6, automatic_replay = $7
where shop_id = $1 and rule = $2

-- :name blocked_card
select reason from blocked_cards where shop_id = $1 and fingerprint = $2

-- :name block_card
insert into blocked_cards (shop_id, fingerprint, reason, actor, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing

-- :name unblock_card
delete from blocked_cards where shop_id = $1 and fingerprint = $2
