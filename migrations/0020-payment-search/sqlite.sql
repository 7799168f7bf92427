alter table payments add column email_key text not null default '';
update payments set email_key = lower(substr(buyer, 7, instr(buyer || '&', '&') - 7)) where buyer like 'email=%';
create index payments_by_reference on payments (reference, shop_id, payment_id) where reference <> '';
create index payments_by_email on payments (email_key, shop_id, payment_id) where email_key <> '';
create index transactions_by_last_four on transactions (substr(card_masked, length(card_masked) - 3), shop_id, payment_id)
  where card_masked <> '';
insert into sqlite_stat1 (tbl, idx, stat) values
  ('payments', 'payments_by_reference', '1000000 2 2 1'),
  ('payments', 'payments_by_email', '1000000 4 4 1'),
  ('transactions', 'transactions_by_last_four', '1000000 100 10 2');
