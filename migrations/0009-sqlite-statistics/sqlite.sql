-- Makes the table of statistics without reading anything.
analyze sqlite_schema;
delete from sqlite_stat1 where tbl in ('payments', 'transactions', 'authentications', 'deliveries');
insert into sqlite_stat1 (tbl, idx, stat) values
  ('payments', 'payments', '1000000 100000 1'),
  ('payments', 'payments_by_trans_id', '1000000 100000 1000 1'),
  ('payments', 'payments_of_test', '100000 2'),
  ('transactions', 'transactions', '1000000 100000 1'),
  ('transactions', 'transactions_by_payment', '1000000 100000 2'),
  ('transactions', 'transactions_due', '1000 2'),
  ('authentications', 'authentications', '1000000 100000 1'),
  ('authentications', 'authentications_by_transaction', '1000000 100000 2'),
  ('authentications', 'authentications_by_server_id', '1000000 1'),
  ('deliveries', 'deliveries', '1000000 100000 1'),
  ('deliveries', 'deliveries_by_transaction', '1000000 100000 2');
