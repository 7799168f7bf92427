alter table payments add column protocol_key text;
update payments set protocol_key = trans_id || '/' || strftime('%Y-%m-%d', trans_day * 86400, 'unixepoch')
where trans_id is not null;
create unique index payments_by_key on payments (shop_id, protocol, protocol_key) where protocol_key is not null;
insert into sqlite_stat1 (tbl, idx, stat) values ('payments', 'payments_by_key', '1000000 100000 50000 1');
