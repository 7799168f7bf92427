select transaction_id from transactions where brand_chosen is null;
