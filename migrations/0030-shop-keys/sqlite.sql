create table shop_keys (
  shop_id integer not null references shops (shop_id),
  purpose text not null check (purpose <> ''),
  mode text not null check (mode in ('TEST', 'PRODUCTION')),
  sealed_key blob not null,
  created_at integer not null,
  primary key (shop_id, purpose, mode)
) strict, without rowid;
insert into shop_keys (shop_id, purpose, mode, sealed_key, created_at)
select shop_id, 'form', mode, sealed_key, created_at from form_keys;
