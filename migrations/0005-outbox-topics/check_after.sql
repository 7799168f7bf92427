select outbox_id from outbox where topic = '' or subject_id = '';
