create table outbox (
  outbox_id text primary key,
  shop_id bigint not null,
  topic text not null,
  subject_id text not null,
  payload text not null,
  attempts bigint not null,
  due_at bigint not null,
  created_at bigint not null
);
create index outbox_due on outbox (due_at);
create table deliveries (
  shop_id bigint not null,
  delivery_id text not null,
  transaction_id text not null,
  rule text not null,
  source text not null,
  channel text not null check (channel in ('url', 'mail')),
  attempt bigint not null,
  target text not null,
  succeeded bigint not null check (succeeded in (0, 1)),
  http_status bigint not null,
  duration_ms bigint not null,
  response text not null,
  at bigint not null,
  primary key (shop_id, delivery_id)
);
create index deliveries_by_transaction on deliveries (shop_id, transaction_id);
create table job_leases (
  job text primary key,
  holder text not null,
  lease_until bigint not null
);
create table request_traces (
  trace_id text primary key,
  shop_id bigint,
  at bigint not null,
  source text not null,
  error_code text not null,
  field text not null,
  detail text not null
);
