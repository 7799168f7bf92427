create table card_refusals (
  shop_id integer not null,
  refusal_id text not null,
  at integer not null,
  card text not null,
  address text not null,
  card_range text not null,
  primary key (shop_id, refusal_id)
) strict, without rowid;
create index card_refusals_by_time on card_refusals (at);
