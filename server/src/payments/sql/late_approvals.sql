-- :name shops
select distinct shop_id from contracts where merchant_number = $1

-- :name asked
select transaction_id from transactions where shop_id = $1 and transaction_id >= $2 and transaction_id < $3
  and reference = $4 and stan = $5 and sent_at = $6
limit 1
