alter table transactions add column cause text check (cause in ('blocked_card', 'authentication_failed',
  'authentication_rejected', 'authentication_impossible', 'authentication_cancelled', 'session_expired',
  'first_instalment_refused'));
update transactions set cause = case payment_error
    when 36 then 'blocked_card'
    when 39 then 'authentication_failed'
    when 101 then 'first_instalment_refused'
    when 149 then 'session_expired'
    when 207 then 'authentication_rejected'
    when 208 then 'authentication_impossible'
    when 222 then 'authentication_cancelled'
  end
where payment_error is not null;
