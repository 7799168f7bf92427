-- :name outbox
select topic, subject_id, payload, attempts, due_at from outbox where topic = $1 order by due_at, outbox_id

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
