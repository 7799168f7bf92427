select shop_id from shops where refuse_relabelled <> 1;
