alter table payments add column contracts text not null default '';
