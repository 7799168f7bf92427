create index deliveries_failed on deliveries (at, shop_id) where succeeded = 0;
insert into sqlite_stat1 (tbl, idx, stat) values ('deliveries', 'deliveries_failed', '10000 2 1');
