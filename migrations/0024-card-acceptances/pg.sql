alter table card_refusals add column mode text not null default 'PRODUCTION' check (mode in ('TEST', 'PRODUCTION'));
create table card_acceptances (
  shop_id bigint not null,
  acceptances_id text not null,
  at bigint not null,
  accepted_at bigint not null,
  mode text not null check (mode in ('TEST', 'PRODUCTION')),
  card_range text not null,
  times integer not null,
  primary key (shop_id, acceptances_id)
);
create index card_acceptances_by_time on card_acceptances (at);
