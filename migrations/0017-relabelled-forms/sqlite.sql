alter table shops add column refuse_relabelled integer not null default 1 check (refuse_relabelled in (0, 1));
