create table outbox (
  outbox_id text primary key,
  shop_id integer not null,
  topic text not null,
  subject_id text not null,
  payload text not null,
  attempts integer not null,
  due_at integer not null,
  created_at integer not null
) strict, without rowid;
create index outbox_due on outbox (due_at);
create table deliveries (
  shop_id integer not null,
  delivery_id text not null,
  transaction_id text not null,
  rule text not null,
  source text not null,
  channel text not null check (channel in ('url', 'mail')),
  attempt integer not null,
  target text not null,
  succeeded integer not null check (succeeded in (0, 1)),
  http_status integer not null,
  duration_ms integer not null,
  response text not null,
  at integer not null,
  primary key (shop_id, delivery_id)
) strict, without rowid;
create index deliveries_by_transaction on deliveries (shop_id, transaction_id);
create table job_leases (
  job text primary key,
  holder text not null,
  lease_until integer not null
) strict, without rowid;
create table request_traces (
  trace_id text primary key,
  shop_id integer,
  at integer not null,
  source text not null,
  error_code text not null,
  field text not null,
  detail text not null
) strict, without rowid;
