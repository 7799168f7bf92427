drop index outbox_due;
create index outbox_due on outbox (topic, shop_id, due_at);
