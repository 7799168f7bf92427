select transaction_id from transactions where payment_id = '' or transaction_id = '';
