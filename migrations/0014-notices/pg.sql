create table notices (
  shop_id bigint not null,
  kind text not null,
  sent_at bigint not null,
  primary key (shop_id, kind)
);
