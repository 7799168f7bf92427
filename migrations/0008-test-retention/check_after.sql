select payment_id from payments where mode not in ('TEST', 'PRODUCTION');
