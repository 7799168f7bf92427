select outbox_id from outbox where attempts < 0;
