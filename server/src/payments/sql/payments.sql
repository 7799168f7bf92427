-- :name insert_payment
insert into payments (shop_id, payment_id, mode, protocol, source, protocol_key, reference, amount, currency, plan, language,
                      capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields,
                      request_hash, notification_url, attempts, attempts_max, created_at, expires_at, ended_at, contracts,
                      email_key)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
on conflict do nothing
returning 1

-- :name payment
select shop_id, payment_id, mode, protocol, source, protocol_key, reference, amount, currency, plan, language,
       capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields, request_hash,
       notification_url, attempts, attempts_max, created_at, expires_at, ended_at, contracts
from payments where shop_id = $1 and payment_id = $2

-- :name payment_of_authentication
select shop_id, payment_id, mode, protocol, source, protocol_key, reference, amount, currency, plan, language,
       capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields, request_hash,
       notification_url, attempts, attempts_max, created_at, expires_at, ended_at, contracts
from payments where shop_id = $1
  and payment_id = (select a.payment_id from authentications a where a.shop_id = $1 and a.authentication_id = $2)

-- :name lock_payment @sqlite
select shop_id, payment_id, mode, protocol, source, protocol_key, reference, amount, currency, plan, language,
       capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields, request_hash,
       notification_url, attempts, attempts_max, created_at, expires_at, ended_at, contracts
from payments where shop_id = $1 and payment_id = $2

-- :name lock_payment @postgresql
select shop_id, payment_id, mode, protocol, source, protocol_key, reference, amount, currency, plan, language,
       capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields, request_hash,
       notification_url, attempts, attempts_max, created_at, expires_at, ended_at, contracts
from payments where shop_id = $1 and payment_id = $2
for update

-- :name lock_payment_of_transaction @sqlite
select shop_id, payment_id, mode, protocol, source, protocol_key, reference, amount, currency, plan, language,
       capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields, request_hash,
       notification_url, attempts, attempts_max, created_at, expires_at, ended_at, contracts
from payments where shop_id = $1
  and payment_id = (select t.payment_id from transactions t where t.shop_id = $1 and t.transaction_id = $2)

-- A transaction never changes its payment, so this much may be read without a lock.
-- :name lock_payment_of_transaction @postgresql
select shop_id, payment_id, mode, protocol, source, protocol_key, reference, amount, currency, plan, language,
       capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields, request_hash,
       notification_url, attempts, attempts_max, created_at, expires_at, ended_at, contracts
from payments where shop_id = $1
  and payment_id = (select t.payment_id from transactions t where t.shop_id = $1 and t.transaction_id = $2)
for update

-- :name payment_by_key
select shop_id, payment_id, mode, protocol, source, protocol_key, reference, amount, currency, plan, language,
       capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields, request_hash,
       notification_url, attempts, attempts_max, created_at, expires_at, ended_at, contracts
from payments where shop_id = $1 and protocol = $2 and protocol_key = $3

-- :name other_payment_by_key
select shop_id, payment_id, mode, protocol, source, protocol_key, reference, amount, currency, plan, language,
       capture_delay_days, manual_validation, challenge_preference, methods, buyer, protocol_fields, request_hash,
       notification_url, attempts, attempts_max, created_at, expires_at, ended_at, contracts
from payments where shop_id = $1 and protocol = $2 and protocol_key = $3 and payment_id <> $4

-- :name update_attempts
update payments set attempts = $3, expires_at = $4 where shop_id = $1 and payment_id = $2

-- :name update_expiry
update payments set expires_at = $3 where shop_id = $1 and payment_id = $2

-- :name update_end
update payments set ended_at = $3 where shop_id = $1 and payment_id = $2

-- :name update_language
update payments set language = $3 where shop_id = $1 and payment_id = $2

-- :name insert_transaction
insert into transactions (shop_id, transaction_id, payment_id, parent_id, kind, state, sequence, attempt, amount, currency,
                          contract_id, method, card_id, card_masked, expiry_year, expiry_month, card_holder,
                          manual_validation, validated_at, capture_at, authorise_at, due_at, reference, stan, sent_at,
                          answered_at, response_code, authorisation_code, cause, unknown_since, verification,
                          authentication, created_at, brand_chosen, card_facts)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
        $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)

-- Nothing, unless its payment is there: the one before it in the same pipeline may not have been added.
-- :name insert_transaction_of_added
insert into transactions (shop_id, transaction_id, payment_id, parent_id, kind, state, sequence, attempt, amount, currency,
                          contract_id, method, card_id, card_masked, expiry_year, expiry_month, card_holder,
                          manual_validation, validated_at, capture_at, authorise_at, due_at, reference, stan, sent_at,
                          answered_at, response_code, authorisation_code, cause, unknown_since, verification,
                          authentication, created_at, brand_chosen, card_facts)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
       $26, $27, $28, $29, $30, $31, $32, $33, $34, $35
where exists (select 1 from payments p where p.shop_id = $1 and p.payment_id = $3)

-- :name update_transaction
update transactions set state = $4, amount = $5, contract_id = $6, method = $7, card_id = $8, card_masked = $9,
       expiry_year = $10, expiry_month = $11, card_holder = $12, validated_at = $13, capture_at = $14, authorise_at = $15,
       due_at = $16, stan = $17, sent_at = $18, answered_at = $19, response_code = $20, authorisation_code = $21,
       cause = $22, unknown_since = $23, verification = $24, authentication = $25, reference = $26, brand_chosen = $28,
       card_facts = $29
where shop_id = $1 and transaction_id = $2 and state = $3 and (unknown_since is null or $27 = 1)

-- :name transaction
select shop_id, transaction_id, payment_id, parent_id, kind, state, sequence, attempt, amount, currency, contract_id, method,
       card_id, card_masked, expiry_year, expiry_month, card_holder, manual_validation, validated_at, capture_at,
       authorise_at, due_at, reference, stan, sent_at, answered_at, response_code, authorisation_code, cause,
       unknown_since, verification, authentication, created_at, brand_chosen, card_facts
from transactions where shop_id = $1 and transaction_id = $2

-- :name transaction_of_authentication
select shop_id, transaction_id, payment_id, parent_id, kind, state, sequence, attempt, amount, currency, contract_id, method,
       card_id, card_masked, expiry_year, expiry_month, card_holder, manual_validation, validated_at, capture_at,
       authorise_at, due_at, reference, stan, sent_at, answered_at, response_code, authorisation_code, cause,
       unknown_since, verification, authentication, created_at, brand_chosen, card_facts
from transactions where shop_id = $1
  and transaction_id = (select a.transaction_id from authentications a where a.shop_id = $1 and a.authentication_id = $2)

-- :name lock_transaction @sqlite
select shop_id, transaction_id, payment_id, parent_id, kind, state, sequence, attempt, amount, currency, contract_id, method,
       card_id, card_masked, expiry_year, expiry_month, card_holder, manual_validation, validated_at, capture_at,
       authorise_at, due_at, reference, stan, sent_at, answered_at, response_code, authorisation_code, cause,
       unknown_since, verification, authentication, created_at, brand_chosen, card_facts
from transactions where shop_id = $1 and transaction_id = $2

-- :name lock_transaction @postgresql
select shop_id, transaction_id, payment_id, parent_id, kind, state, sequence, attempt, amount, currency, contract_id, method,
       card_id, card_masked, expiry_year, expiry_month, card_holder, manual_validation, validated_at, capture_at,
       authorise_at, due_at, reference, stan, sent_at, answered_at, response_code, authorisation_code, cause,
       unknown_since, verification, authentication, created_at, brand_chosen, card_facts
from transactions where shop_id = $1 and transaction_id = $2
for update

-- :name transactions_of_payment
select shop_id, transaction_id, payment_id, parent_id, kind, state, sequence, attempt, amount, currency, contract_id, method,
       card_id, card_masked, expiry_year, expiry_month, card_holder, manual_validation, validated_at, capture_at,
       authorise_at, due_at, reference, stan, sent_at, answered_at, response_code, authorisation_code, cause,
       unknown_since, verification, authentication, created_at, brand_chosen, card_facts
from transactions where shop_id = $1 and payment_id = $2
order by attempt, sequence, transaction_id

-- :name transactions_after
select shop_id, transaction_id, payment_id, parent_id, kind, state, sequence, attempt, amount, currency, contract_id, method,
       card_id, card_masked, expiry_year, expiry_month, card_holder, manual_validation, validated_at, capture_at,
       authorise_at, due_at, reference, stan, sent_at, answered_at, response_code, authorisation_code, cause,
       unknown_since, verification, authentication, created_at, brand_chosen, card_facts
from transactions where shop_id = $1 and transaction_id > $2
order by transaction_id limit $3

-- :name due_authorisations
select shop_id, transaction_id, payment_id, parent_id, kind, state, sequence, attempt, amount, currency, contract_id, method,
       card_id, card_masked, expiry_year, expiry_month, card_holder, manual_validation, validated_at, capture_at,
       authorise_at, due_at, reference, stan, sent_at, answered_at, response_code, authorisation_code, cause,
       unknown_since, verification, authentication, created_at, brand_chosen, card_facts
from transactions where due_at is not null and due_at <= $1 and state = 'waiting_authorisation'
order by due_at limit $2

-- :name due_others
select shop_id, transaction_id, payment_id, parent_id, kind, state, sequence, attempt, amount, currency, contract_id, method,
       card_id, card_masked, expiry_year, expiry_month, card_holder, manual_validation, validated_at, capture_at,
       authorise_at, due_at, reference, stan, sent_at, answered_at, response_code, authorisation_code, cause,
       unknown_since, verification, authentication, created_at, brand_chosen, card_facts
from transactions where due_at is not null and due_at <= $1 and state <> 'waiting_authorisation'
order by due_at limit $2

-- :name insert_operation
insert into operations (shop_id, transaction_id, operation_id, at, actor, event, state_before, state_after, amount, currency,
                        detail)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- Nothing, unless its transaction is there.
-- :name insert_operation_of_added
insert into operations (shop_id, transaction_id, operation_id, at, actor, event, state_before, state_after, amount, currency,
                        detail)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
where exists (select 1 from transactions t where t.shop_id = $1 and t.transaction_id = $2)

-- :name operations
select shop_id, transaction_id, operation_id, at, actor, event, state_before, state_after, amount, currency, detail
from operations where shop_id = $1 and transaction_id = $2
order by operation_id

-- :name operations_between
select shop_id, transaction_id, operation_id, at, actor, event, state_before, state_after, amount, currency, detail
from operations where shop_id = $1 and transaction_id >= $2 and transaction_id <= $3
order by transaction_id, operation_id

-- :name has_operation
select 1 from operations where shop_id = $1 and transaction_id = $2 and event = $3 limit 1

-- :name insert_posting
insert into postings (shop_id, transaction_id, operation_id, account, amount, currency, at) values ($1, $2, $3, $4, $5, $6, $7)

-- :name balance
select cast(coalesce(sum(amount), 0) as bigint) from postings where shop_id = $1 and transaction_id = $2 and account = $3

-- :name refunded
select cast(coalesce(sum(t.amount), 0) as bigint) from transactions t
where t.shop_id = $1 and t.payment_id = $2 and t.parent_id = $3 and t.state not in ('cancelled', 'capture_failed', 'refused')
