alter table transactions add column brand_chosen bigint not null default 0 check (brand_chosen in (0, 1));
