alter table operations rename to operations_before;
alter table postings rename to postings_before;
alter table deliveries rename to deliveries_before;
alter index operations_pkey rename to operations_before_pkey;
alter index postings_pkey rename to postings_before_pkey;
alter index deliveries_pkey rename to deliveries_before_pkey;
drop index deliveries_by_transaction;

create table operations (
  shop_id bigint not null,
  transaction_id text not null,
  operation_id text not null,
  at bigint not null,
  actor text not null,
  event text not null,
  state_before text not null,
  state_after text not null,
  amount bigint not null,
  currency text not null,
  detail text not null,
  primary key (shop_id, transaction_id, operation_id, at)
) partition by range (at);
create table postings (
  shop_id bigint not null,
  transaction_id text not null,
  operation_id text not null,
  account text not null check (account in ('buyer', 'held', 'receivable')),
  amount bigint not null check (amount <> 0),
  currency text not null,
  at bigint not null,
  primary key (shop_id, transaction_id, operation_id, account, at)
) partition by range (at);
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
  primary key (shop_id, delivery_id, at)
) partition by range (at);
create index deliveries_by_transaction on deliveries (shop_id, transaction_id);
create table operations_default partition of operations default;
create table postings_default partition of postings default;
create table deliveries_default partition of deliveries default;

-- Makes the partitions of the month (UTC) of `moment`, milliseconds, where they are missing; returns how many. May be called
-- by several nodes at once and while others write.
create function make_month_partitions(moment bigint) returns bigint language plpgsql set lock_timeout = '2s' as $$
declare
  month constant timestamp := date_trunc('month', to_timestamp(moment / 1000) at time zone 'UTC');
  first_ms constant bigint := extract(epoch from month) * 1000;
  end_ms constant bigint := extract(epoch from month + interval '1 month') * 1000;
  parent text;
  child text;
  made bigint := 0;
begin
  foreach parent in array array['operations', 'postings', 'deliveries'] loop
    child := parent || to_char(month, '_YYYY_MM');
    continue when exists (select 1 from pg_inherits join pg_class on pg_class.oid = inhrelid
                          where inhparent = parent::regclass and relname = child);
    -- The number is that of migrations plus one. Who waited here for another node has to see what it made: the catalogue
    -- itself is asked once more, since to_regclass(child) would still remember that there is none.
    perform pg_advisory_xact_lock(107079733176693);
    continue when exists (select 1 from pg_inherits join pg_class on pg_class.oid = inhrelid
                          where inhparent = parent::regclass and relname = child);
    execute format('create table %I (like %I including all)', child, parent);
    -- Between moving rows out of the default partition and attaching the new one, nobody may add more of them. Those who
    -- write lock the parent first and then what is below it, so we do too.
    execute format('lock table only %I in share update exclusive mode', parent);
    execute format('lock table %I in access exclusive mode', parent || '_default');
    execute format('with moved as (delete from %I where at >= %s and at < %s returning *) insert into %I select * from moved',
                   parent || '_default', first_ms, end_ms, child);
    execute format('alter table %I attach partition %I for values from (%s) to (%s)', parent, child, first_ms, end_ms);
    made := made + 1;
  end loop;
  return made;
end $$;

select make_month_partitions(min(at)) from (
  select at from operations_before
  union all select at from postings_before
  union all select at from deliveries_before
) existing group by date_trunc('month', to_timestamp(at / 1000) at time zone 'UTC');
insert into operations select * from operations_before;
insert into postings select * from postings_before;
insert into deliveries select * from deliveries_before;
drop table operations_before, postings_before, deliveries_before;
