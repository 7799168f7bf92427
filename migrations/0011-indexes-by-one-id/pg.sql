drop index transactions_by_payment;
create index transactions_by_payment on transactions (payment_id, shop_id);
drop index authentications_by_transaction;
create index authentications_by_transaction on authentications (transaction_id, shop_id);
drop index deliveries_by_transaction;
create index deliveries_by_transaction on deliveries (transaction_id, shop_id);
