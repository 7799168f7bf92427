drop index payments_by_trans_id;
alter table payments drop column trans_id;
alter table payments drop column trans_day;
alter table transactions drop column payment_error;
