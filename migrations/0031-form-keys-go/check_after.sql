select shop_id from shop_keys where purpose = '';
