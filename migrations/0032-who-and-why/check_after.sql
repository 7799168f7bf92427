select operation_id from operations where actor not in ('buyer', 'shop', 'job') and actor not like 'user:_%' and actor not like 'operator:_%';
