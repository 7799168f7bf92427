select refusal_id from card_refusals where mode <> 'PRODUCTION';
select acceptances_id from card_acceptances;
