alter table request_traces add column incident text not null default '';
alter table request_traces add column mode text not null default '';
alter table request_traces add column is_signed bigint not null default 0;
alter table request_traces add column reference text not null default '';
alter table request_traces add column trans_id text not null default '';
alter table request_traces add column value text not null default '';
create index request_traces_by_incident on request_traces (incident);
