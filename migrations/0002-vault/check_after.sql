select card_id from vault_cards where length(first_digits) not in (6, 8) or length(last_digits) <> 4;
