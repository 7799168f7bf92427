alter table transactions add column brand_chosen integer not null default 0 check (brand_chosen in (0, 1));
