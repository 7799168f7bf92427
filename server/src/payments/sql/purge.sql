-- What was in TEST and is old goes with all that belongs to it. A payment of which something is still due stays until
-- that is done. The index payments_of_test is for this alone.

-- :name old_payments
select p.shop_id, p.payment_id from payments p
where p.mode = 'TEST' and p.created_at < $1
  and not exists (select 1 from transactions t
                  where t.shop_id = p.shop_id and t.payment_id = p.payment_id
                    and (t.due_at is not null or t.state = 'authorising'))
order by p.created_at limit $2

-- Whether it is still there and nothing of it is due: between the list and the lock another node may have been faster.
-- :name take_payment @sqlite
select 1 from payments p
where p.shop_id = $1 and p.payment_id = $2 and p.mode = 'TEST'
  and not exists (select 1 from transactions t
                  where t.shop_id = $1 and t.payment_id = $2 and (t.due_at is not null or t.state = 'authorising'))

-- :name take_payment @postgresql
select 1 from payments p
where p.shop_id = $1 and p.payment_id = $2 and p.mode = 'TEST'
  and not exists (select 1 from transactions t
                  where t.shop_id = $1 and t.payment_id = $2 and (t.due_at is not null or t.state = 'authorising'))
for update of p skip locked

-- :name postings
delete from postings where shop_id = $1
  and transaction_id in (select transaction_id from transactions where shop_id = $1 and payment_id = $2)

-- :name operations
delete from operations where shop_id = $1
  and transaction_id in (select transaction_id from transactions where shop_id = $1 and payment_id = $2)

-- :name authentications
delete from authentications where shop_id = $1
  and transaction_id in (select transaction_id from transactions where shop_id = $1 and payment_id = $2)

-- :name cards
delete from vault_cards where shop_id = $1
  and card_id in (select card_id from transactions where shop_id = $1 and payment_id = $2)

-- :name deliveries
delete from deliveries where shop_id = $1
  and transaction_id in (select transaction_id from transactions where shop_id = $1 and payment_id = $2)

-- :name messages
delete from outbox where shop_id = $1
  and topic in ('notification', 'buyer_ticket', 'merchant_mail', 'reversal', 'advice')
  and subject_id in (select transaction_id from transactions where shop_id = $1 and payment_id = $2)

-- :name transactions
delete from transactions where shop_id = $1 and payment_id = $2

-- :name payment
delete from payments where shop_id = $1 and payment_id = $2 and mode = 'TEST'

-- The next shop that has any, from shop to shop.
-- :name shop_of_traces
select min(shop_id) from request_traces where shop_id > $1 and trace_id < $2

-- :name traces
delete from request_traces where shop_id = $1
  and trace_id in (select trace_id from request_traces where shop_id = $1 and trace_id < $2 order by trace_id limit $3)

-- :name shop_of_refusals
select min(shop_id) from card_refusals where shop_id > $1 and refusal_id < $2

-- :name refusals
delete from card_refusals where shop_id = $1
  and refusal_id in (select refusal_id from card_refusals where shop_id = $1 and refusal_id < $2 order by refusal_id limit $3)

-- :name shop_of_acceptances
select min(shop_id) from card_acceptances where shop_id > $1 and acceptances_id < $2

-- :name acceptances
delete from card_acceptances where shop_id = $1
  and acceptances_id in (select acceptances_id from card_acceptances where shop_id = $1 and acceptances_id < $2
                         order by acceptances_id limit $3)
