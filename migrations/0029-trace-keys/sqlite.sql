alter table request_traces rename column source to protocol;
alter table request_traces rename column trans_id to protocol_key;
