select payment_id from payments where protocol_key = '';
