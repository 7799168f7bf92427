create table vault_keys (
  key_id integer primary key,
  master_id text not null,
  purpose text not null check (purpose in ('data', 'fingerprint')),
  wrapped_key blob not null,
  created_at integer not null,
  retired_at integer
) strict;
create table vault_cards (
  shop_id integer not null,
  card_id text not null,
  key_id integer not null references vault_keys (key_id),
  sealed_pan blob not null,
  fingerprint text not null,
  first_digits text not null,
  last_digits text not null,
  expiry_year integer not null,
  expiry_month integer not null check (expiry_month between 1 and 12),
  created_at integer not null,
  primary key (shop_id, card_id)
) strict, without rowid;
