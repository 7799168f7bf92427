-- :name outbox
select topic, subject_id, payload, attempts, due_at from outbox where topic = $1 order by due_at, outbox_id

-- :name next_due
select cast(coalesce(min(due_at), 0) as bigint) from (
  select due_at from transactions where due_at > $1 union all select due_at from outbox where due_at > $1) soon

-- :name count_transactions
select count(*) from transactions where shop_id = $1

-- :name unbalanced
select p.transaction_id from postings p group by p.shop_id, p.transaction_id having sum(p.amount) <> 0

-- :name balances_of_payment
select cast(coalesce(sum(p.amount), 0) as bigint) from postings p
join transactions t on t.shop_id = p.shop_id and t.transaction_id = p.transaction_id
where t.shop_id = $1 and t.payment_id = $2 and p.account = $3

-- :name close_contracts
update contracts set active = 0 where shop_id = $1

-- :name row_counts
select 'payments', count(*) from payments union all
select 'transactions', count(*) from transactions union all
select 'operations', count(*) from operations union all
select 'postings', count(*) from postings union all
select 'authentications', count(*) from authentications union all
select 'vault_cards', count(*) from vault_cards union all
select 'deliveries', count(*) from deliveries union all
select 'outbox', count(*) from outbox

-- :name insert_authentication
insert into authentications (shop_id, authentication_id, payment_id, transaction_id, server_transaction_id, state, version,
                             browser, result, mandated, challenge, created_at)
values ($1, $2, $3, $4, $2, 'ended', '2.2.0', '', '', 0, '', 1)

-- :name insert_delivery
insert into deliveries (shop_id, delivery_id, transaction_id, rule, telling, channel, attempt, target, succeeded,
                        http_status, duration_ms, response, at)
values ($1, $2, $3, 'end_of_payment', 'first', 'url', 1, 'https://shop.example', 1, 200, 5, '', 1)

-- :name card_refusals
select card || address || card_range from card_refusals

-- :name card_acceptances
select card_range, times from card_acceptances order by card_range, times
