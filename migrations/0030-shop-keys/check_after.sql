select shop_id from form_keys where not exists (select 1 from shop_keys s where s.shop_id = form_keys.shop_id and s.mode = form_keys.mode);
