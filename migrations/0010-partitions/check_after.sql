-- No row was lost: every transaction has its birth, every posting its operation and its counterpart.
select t.transaction_id from transactions t
where not exists (select 1 from operations o where o.shop_id = t.shop_id and o.transaction_id = t.transaction_id);
select p.transaction_id from postings p
where not exists (select 1 from operations o where o.shop_id = p.shop_id and o.transaction_id = p.transaction_id
                  and o.operation_id = p.operation_id);
select transaction_id from postings group by shop_id, transaction_id, operation_id, currency having sum(amount) <> 0;
