create table vault_keys (
  key_id bigint primary key,
  master_id text not null,
  purpose text not null check (purpose in ('data', 'fingerprint')),
  wrapped_key bytea not null,
  created_at bigint not null,
  retired_at bigint
);
create table vault_cards (
  shop_id bigint not null,
  card_id text not null,
  key_id bigint not null references vault_keys (key_id),
  sealed_pan bytea not null,
  fingerprint text not null,
  first_digits text not null,
  last_digits text not null,
  expiry_year bigint not null,
  expiry_month bigint not null check (expiry_month between 1 and 12),
  created_at bigint not null,
  primary key (shop_id, card_id)
);
