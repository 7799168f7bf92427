create index payments_of_test on payments (created_at) where mode = 'TEST';
