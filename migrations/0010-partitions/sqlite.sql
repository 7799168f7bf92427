-- One file has no use for partitions.
select 1;
