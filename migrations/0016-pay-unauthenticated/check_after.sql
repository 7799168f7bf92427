select shop_id from shops where pay_unauthenticated is null or pay_unauthenticated <> 0;
