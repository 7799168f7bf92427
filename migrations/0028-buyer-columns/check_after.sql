select payment_id from payments where email_key <> '' and buyer_email = '';
