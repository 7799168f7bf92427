drop index outbox_due;
create index outbox_due on outbox (topic, due_at);
create index outbox_by_subject on outbox (shop_id, topic, subject_id);
