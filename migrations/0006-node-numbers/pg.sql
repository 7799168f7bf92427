create table node_numbers (
  number bigint primary key,
  holder text not null,
  lease_until bigint not null
);
