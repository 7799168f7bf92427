-- PostgreSQL gathers its own, and is told never to read a table whole.
select 1;
