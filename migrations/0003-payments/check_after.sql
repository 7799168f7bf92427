select transaction_id from postings group by shop_id, transaction_id, operation_id, currency having sum(amount) <> 0;
