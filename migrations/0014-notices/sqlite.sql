create table notices (
  shop_id integer not null,
  kind text not null,
  sent_at integer not null,
  primary key (shop_id, kind)
) strict, without rowid;
