alter table payments add column protocol_key text;
update payments set protocol_key = trans_id || '/' || to_char(date '1970-01-01' + trans_day::integer, 'YYYY-MM-DD')
where trans_id is not null;
create unique index payments_by_key on payments (shop_id, protocol, protocol_key) where protocol_key is not null;
