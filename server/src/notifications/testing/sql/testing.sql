-- :name hold_deliveries @postgresql
lock table deliveries in share mode

-- :name waiting_for_locks @postgresql
select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
