-- SQLite updates a row in its place.
select 1;
