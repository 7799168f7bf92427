-- :name add
insert into node_numbers (number, holder, lease_until) values ($1, '', 0) on conflict do nothing

-- :name take @sqlite
update node_numbers set holder = $1, lease_until = $2
where number = (select min(number) from node_numbers where lease_until <= $3)
returning number

-- :name take @postgresql
update node_numbers set holder = $1, lease_until = $2
where number = (select number from node_numbers where lease_until <= $3 order by number limit 1 for update skip locked)
returning number

-- :name renew
update node_numbers set lease_until = $3 where number = $1 and holder = $2
