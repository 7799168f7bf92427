select outbox_id from outbox where topic = '' or outbox_id = '';
