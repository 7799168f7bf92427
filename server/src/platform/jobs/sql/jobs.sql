-- :name add
insert into job_leases (job, holder, lease_until) values ($1, '', 0) on conflict do nothing

-- :name take
update job_leases set holder = $2, lease_until = $3 where job = $1 and (lease_until <= $4 or lease_until > $5 or holder = $2)
