create table outbox_with_shop (
  shop_id integer not null,
  outbox_id text not null,
  topic text not null,
  subject_id text not null,
  payload text not null,
  attempts integer not null,
  due_at integer not null,
  created_at integer not null,
  primary key (shop_id, outbox_id)
) strict, without rowid;
insert into outbox_with_shop (shop_id, outbox_id, topic, subject_id, payload, attempts, due_at, created_at)
select shop_id, outbox_id, topic, subject_id, payload, attempts, due_at, created_at from outbox;
drop table outbox;
alter table outbox_with_shop rename to outbox;
create index outbox_due on outbox (topic, shop_id, due_at);
create index outbox_by_subject on outbox (subject_id, topic, shop_id);

create table traces_with_shop (
  shop_id integer not null,
  trace_id text not null,
  at integer not null,
  source text not null,
  error_code text not null,
  field text not null,
  detail text not null,
  incident text not null default '',
  mode text not null default '',
  is_signed integer not null default 0,
  reference text not null default '',
  trans_id text not null default '',
  value text not null default '',
  primary key (shop_id, trace_id)
) strict, without rowid;
insert into traces_with_shop (shop_id, trace_id, at, source, error_code, field, detail, incident, mode, is_signed,
                              reference, trans_id, value)
select coalesce(shop_id, 0), trace_id, at, source, error_code, field, detail, incident, mode, is_signed,
       reference, trans_id, value
from request_traces;
drop table request_traces;
alter table traces_with_shop rename to request_traces;
create index request_traces_by_incident on request_traces (incident);

drop index authentications_by_server_id;
create unique index authentications_by_server_id on authentications (server_transaction_id, shop_id);
-- As in 0009: of the keys that begin with the shop SQLite would take the one whose order is wanted, and read the whole shop.
delete from sqlite_stat1 where idx = 'authentications_by_server_id';
delete from sqlite_stat1 where tbl = 'outbox';
insert into sqlite_stat1 (tbl, idx, stat) values
  ('authentications', 'authentications_by_server_id', '1000000 1 1'),
  ('outbox', 'outbox', '100000 10000 1'),
  ('outbox', 'outbox_due', '100000 20000 2000 2'),
  ('outbox', 'outbox_by_subject', '100000 2 2 2');
