alter table deliveries rename column source to telling;
update deliveries set telling = case telling when 'RETRY' then 'again' when 'BO' then 'by_hand' else 'first' end;
update outbox set payload = replace(replace(replace(replace(replace(replace(replace(payload, '&source=PAY', ''), '&source=RETRY', ''), '&source=BO', ''), '&source=MERCH_BO', ''), '&source=BATCH_AUTO', ''), '&source=BATCH', ''), '&source=REC', '')
where topic = 'notification' and payload like 'rule=%&source=%';
update operations set actor = case
    when actor = 'BUYER' then 'buyer'
    when actor = 'E_COMMERCE' then 'shop'
    when actor = 'BATCH' then 'job'
    when actor like 'OPERATOR:_%' then 'operator:' || substr(actor, 10)
    else 'user:' || actor
  end;
update blocked_cards set actor = case
    when actor = 'SHOP' then 'shop'
    when actor like 'OPERATOR:_%' then 'operator:' || substr(actor, 10)
    else 'user:' || actor
  end;
