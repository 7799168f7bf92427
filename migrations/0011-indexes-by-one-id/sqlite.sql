-- SQLite is told how many rows a value finds (0009) and chooses well.
select 1;
