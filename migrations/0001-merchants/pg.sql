create table companies (
  company_id bigint primary key,
  name text not null
);
create table shop_groups (
  group_id bigint primary key,
  company_id bigint not null references companies (company_id),
  name text not null
);
create table shops (
  shop_id bigint primary key,
  group_id bigint not null references shop_groups (group_id),
  name text not null,
  url text not null,
  contact_email text not null,
  language text not null,
  available_languages text not null,
  timezone text not null,
  country text not null,
  category_code text not null,
  active bigint not null check (active in (0, 1)),
  signature_algorithm text not null check (signature_algorithm in ('SHA-1', 'HMAC-SHA-256')),
  capture_delay_days bigint not null check (capture_delay_days between 0 and 365),
  manual_validation bigint not null check (manual_validation in (0, 1)),
  return_mode text not null check (return_mode in ('NONE', 'GET', 'POST')),
  silent_allowed bigint not null check (silent_allowed in (0, 1)),
  frictionless_option bigint not null check (frictionless_option in (0, 1)),
  deferred_option bigint not null check (deferred_option in (0, 1)),
  order_id_required bigint not null check (order_id_required in (0, 1)),
  frame_ancestors text not null,
  buyer_ticket bigint not null check (buyer_ticket in (0, 1)),
  merchant_mail text not null,
  created_at bigint not null
);
create table form_keys (
  shop_id bigint not null references shops (shop_id),
  mode text not null check (mode in ('TEST', 'PRODUCTION')),
  sealed_key bytea not null,
  created_at bigint not null,
  primary key (shop_id, mode)
);
create table contracts (
  shop_id bigint not null references shops (shop_id),
  contract_id bigint not null,
  method text not null,
  currency text not null,
  merchant_number text not null,
  terminal_id text not null,
  acquirer text not null,
  acquirer_id text not null,
  rank bigint not null,
  amount_min bigint not null,
  amount_max bigint not null,
  capture_hour bigint not null check (capture_hour between 0 and 23),
  active bigint not null check (active in (0, 1)),
  primary key (shop_id, contract_id)
);
create table blocked_cards (
  shop_id bigint not null references shops (shop_id),
  fingerprint text not null,
  reason text not null,
  actor text not null,
  created_at bigint not null,
  primary key (shop_id, fingerprint)
);
create table notification_rules (
  shop_id bigint not null references shops (shop_id),
  rule text not null check (rule in ('end_of_payment', 'back_office_operation', 'batch_authorisation', 'subscription',
                                     'batch_change', 'cancellation')),
  enabled bigint not null check (enabled in (0, 1)),
  url_test text not null,
  url_production text not null,
  alert_addresses text not null,
  automatic_replay bigint not null check (automatic_replay in (0, 1)),
  primary key (shop_id, rule)
);
