-- What a thief with write access might try: hand the cards of one shop to another.
update vault_cards set shop_id = 87654321;
