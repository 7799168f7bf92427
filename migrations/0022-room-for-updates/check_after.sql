select shop_id from payments where payment_id = '';
