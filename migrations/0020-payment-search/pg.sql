alter table payments add column email_key text not null default '';
update payments set email_key = lower(split_part(substr(buyer, 7), '&', 1) collate "C") where buyer like 'email=%';
create index payments_by_reference on payments (reference, shop_id, payment_id) where reference <> '';
create index payments_by_email on payments (email_key, shop_id, payment_id) where email_key <> '';
create index transactions_by_last_four on transactions (substr(card_masked, length(card_masked) - 3), shop_id, payment_id)
  where card_masked <> '';
