-- :name insert_payment
insert into payments ({payments}) values ({payments.values})
on conflict do nothing
returning 1

-- :name payment
select {payments} from payments where shop_id = $1 and payment_id = $2

-- :name payment_of_authentication
select {payments} from payments where shop_id = $1
  and payment_id = (select a.payment_id from authentications a where a.shop_id = $1 and a.authentication_id = $2)

-- :name lock_payment @sqlite
select {payments} from payments where shop_id = $1 and payment_id = $2

-- :name lock_payment @postgresql
select {payments} from payments where shop_id = $1 and payment_id = $2
for update

-- :name lock_payment_of_transaction @sqlite
select {payments} from payments where shop_id = $1
  and payment_id = (select t.payment_id from transactions t where t.shop_id = $1 and t.transaction_id = $2)

-- A transaction never changes its payment, so this much may be read without a lock.
-- :name lock_payment_of_transaction @postgresql
select {payments} from payments where shop_id = $1
  and payment_id = (select t.payment_id from transactions t where t.shop_id = $1 and t.transaction_id = $2)
for update

-- :name payment_by_key
select {payments} from payments where shop_id = $1 and protocol = $2 and protocol_key = $3

-- :name other_payment_by_key
select {payments} from payments where shop_id = $1 and protocol = $2 and protocol_key = $3 and payment_id <> $4

-- :name update_attempts
update payments set attempts = $3, expires_at = $4 where shop_id = $1 and payment_id = $2

-- :name update_expiry
update payments set expires_at = $3 where shop_id = $1 and payment_id = $2

-- :name update_end
update payments set ended_at = $3 where shop_id = $1 and payment_id = $2

-- :name update_language
update payments set language = $3 where shop_id = $1 and payment_id = $2

-- :name insert_transaction
insert into transactions ({transactions}) values ({transactions.values})

-- Nothing, unless its payment is there: the one before it in the same pipeline may not have been added.
-- :name insert_transaction_of_added
insert into transactions ({transactions})
select {transactions.values}
where exists (select 1 from payments p where p.shop_id = $1 and p.payment_id = $3)

-- :name update_transaction
update transactions set {transactions.changes after 2}
where {transactions.key after 2} and state = $1 and (unknown_since is null or $2 = 1)

-- :name transaction
select {transactions} from transactions where shop_id = $1 and transaction_id = $2

-- :name transaction_of_authentication
select {transactions} from transactions where shop_id = $1
  and transaction_id = (select a.transaction_id from authentications a where a.shop_id = $1 and a.authentication_id = $2)

-- :name lock_transaction @sqlite
select {transactions} from transactions where shop_id = $1 and transaction_id = $2

-- :name lock_transaction @postgresql
select {transactions} from transactions where shop_id = $1 and transaction_id = $2
for update

-- :name transactions_of_payment
select {transactions} from transactions where shop_id = $1 and payment_id = $2
order by attempt, sequence, transaction_id

-- :name transactions_after
select {transactions} from transactions where shop_id = $1 and transaction_id > $2
order by transaction_id limit $3

-- :name due_authorisations
select {transactions} from transactions where due_at is not null and due_at <= $1 and state = 'waiting_authorisation'
order by due_at limit $2

-- :name due_others
select {transactions} from transactions where due_at is not null and due_at <= $1 and state <> 'waiting_authorisation'
order by due_at limit $2

-- :name insert_operation
insert into operations ({operations}) values ({operations.values})

-- Nothing, unless its transaction is there.
-- :name insert_operation_of_added
insert into operations ({operations})
select {operations.values}
where exists (select 1 from transactions t where t.shop_id = $1 and t.transaction_id = $2)

-- :name operations
select {operations} from operations where shop_id = $1 and transaction_id = $2
order by operation_id

-- :name operations_between
select {operations} from operations where shop_id = $1 and transaction_id >= $2 and transaction_id <= $3
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
