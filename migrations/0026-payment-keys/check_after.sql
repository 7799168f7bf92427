select payment_id from payments where trans_id is not null and protocol_key is null;
