select transaction_id from transactions where card_facts is null;
