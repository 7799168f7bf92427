alter table payments set (fillfactor = 60);
alter table authentications set (fillfactor = 60);
