alter table shops add column pay_unauthenticated bigint not null default 0 check (pay_unauthenticated in (0, 1));
