select refusal_id from card_refusals;
