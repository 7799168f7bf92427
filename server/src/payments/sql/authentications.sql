-- :name insert
insert into authentications (shop_id, authentication_id, payment_id, transaction_id, server_transaction_id, state, version,
                             browser, result, mandated, challenge, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- :name find
select shop_id, authentication_id, payment_id, transaction_id, server_transaction_id, state, version, browser, result, mandated,
       challenge
from authentications where shop_id = $1 and authentication_id = $2

-- :name find_by_server_id
select shop_id, authentication_id, payment_id, transaction_id, server_transaction_id, state, version, browser, result, mandated,
       challenge
from authentications where shop_id = $1 and server_transaction_id = $2

-- :name update
update authentications set state = $4, result = $5, challenge = $6 where shop_id = $1 and authentication_id = $2 and state = $3
