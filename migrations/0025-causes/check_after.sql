select transaction_id from transactions where cause is null and payment_error is not null;
