select payment_id from payments where (buyer like 'email=%') <> (email_key <> '');
