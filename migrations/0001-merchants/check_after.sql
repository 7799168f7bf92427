select shop_id from shops where group_id not in (select group_id from shop_groups);
select shop_id from contracts where amount_min > amount_max;
