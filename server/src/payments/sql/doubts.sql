-- Of one shop: whose reversal is in doubt.
-- :name reversals
select subject_id from outbox where shop_id = $1 and topic = 'reversal' and payload like '%doubtful=1%'

-- :name count
select count(*) from outbox where topic in ('advice', 'reversal') and payload like '%doubtful=1%'
