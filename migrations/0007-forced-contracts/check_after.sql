select payment_id from payments where contracts is null;
