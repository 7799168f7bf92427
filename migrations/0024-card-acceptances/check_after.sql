select mode from card_refusals;
select acceptances_id from card_acceptances;
