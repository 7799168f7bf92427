create index deliveries_failed on deliveries (at, shop_id) where succeeded = 0;
