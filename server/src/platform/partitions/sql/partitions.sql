-- :name make @postgresql
select make_month_partitions($1)
