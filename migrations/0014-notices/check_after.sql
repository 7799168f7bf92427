select shop_id from notices;
