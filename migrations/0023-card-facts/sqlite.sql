alter table transactions add column card_facts text not null default '';
