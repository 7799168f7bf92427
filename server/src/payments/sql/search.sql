-- The newest first: ids begin with their time of birth. The digits of a card are those that its masked form ends with.

-- :name by_reference
select p.payment_id from payments p
where p.reference = $2 and p.reference <> '' and p.shop_id = $1 and p.payment_id >= $3 and p.payment_id < $4
  and ($6 = '' or p.email_key = $6)
  and ($7 = '' or exists (select 1 from transactions t where t.payment_id = p.payment_id and t.shop_id = $1
                          and substr(t.card_masked, length(t.card_masked) - 3) = $7))
order by p.payment_id desc limit $5

-- :name by_email
select p.payment_id from payments p
where p.email_key = $2 and p.email_key <> '' and p.shop_id = $1 and p.payment_id >= $3 and p.payment_id < $4
  and ($6 = '' or exists (select 1 from transactions t where t.payment_id = p.payment_id and t.shop_id = $1
                          and substr(t.card_masked, length(t.card_masked) - 3) = $6))
order by p.payment_id desc limit $5

-- :name by_last_four
select distinct t.payment_id from transactions t
where substr(t.card_masked, length(t.card_masked) - 3) = $2 and t.card_masked <> '' and t.shop_id = $1
  and t.payment_id >= $3 and t.payment_id < $4
order by t.payment_id desc limit $5

-- :name by_time
select payment_id from payments where shop_id = $1 and payment_id >= $2 and payment_id < $3 order by payment_id desc limit $4
