alter table payments add column buyer_email text not null default '';
alter table payments add column buyer_first_name text not null default '';
alter table payments add column buyer_last_name text not null default '';
alter table payments add column buyer_phone text not null default '';
alter table payments add column buyer_cell_phone text not null default '';
alter table payments add column buyer_address text not null default '';
alter table payments add column buyer_zip text not null default '';
alter table payments add column buyer_city text not null default '';
alter table payments add column buyer_country text not null default '';
alter table payments add column buyer_reference text not null default '';
alter table payments add column buyer_shipping_address text not null default '';
alter table payments add column buyer_shipping_address_2 text not null default '';
alter table payments add column buyer_shipping_zip text not null default '';
alter table payments add column buyer_shipping_city text not null default '';
alter table payments add column buyer_shipping_country text not null default '';
alter table payments add column buyer_address_country text not null default '';
-- The old column is a form: name=value&name=value, each value with its bytes percent-encoded but for the unreserved ones.
-- `values_read` takes from `rest` what stands before the next %, or the one character of UTF-8 whose bytes come first.
create temporary table buyer_parts as
with recursive
  pairs (shop_id, payment_id, pair, rest) as (
    select shop_id, payment_id, '', buyer || '&' from payments where buyer <> ''
    union all
    select shop_id, payment_id, substr(rest, 1, instr(rest, '&') - 1), substr(rest, instr(rest, '&') + 1) from pairs where rest <> ''
  ),
  values_read (shop_id, payment_id, name, rest, value, digits) as (
    select shop_id, payment_id, substr(pair, 1, instr(pair, '=') - 1), substr(pair, instr(pair, '=') + 1), '', '0123456789ABCDEF'
    from pairs where pair <> ''
    union all
    select shop_id, payment_id, name,
           case when substr(rest, 1, 1) <> '%' then substr(rest, instr(rest || '%', '%'))
                when ((instr(digits, substr(rest, 2, 1)) - 1) * 16 + instr(digits, substr(rest, 3, 1)) - 1) < 128 then substr(rest, 4)
                when ((instr(digits, substr(rest, 2, 1)) - 1) * 16 + instr(digits, substr(rest, 3, 1)) - 1) < 224 then substr(rest, 7)
                when ((instr(digits, substr(rest, 2, 1)) - 1) * 16 + instr(digits, substr(rest, 3, 1)) - 1) < 240 then substr(rest, 10)
                else substr(rest, 13) end,
           value ||
           case when substr(rest, 1, 1) <> '%' then substr(rest, 1, instr(rest || '%', '%') - 1)
                when ((instr(digits, substr(rest, 2, 1)) - 1) * 16 + instr(digits, substr(rest, 3, 1)) - 1) < 128 then char(((instr(digits, substr(rest, 2, 1)) - 1) * 16 + instr(digits, substr(rest, 3, 1)) - 1))
                when ((instr(digits, substr(rest, 2, 1)) - 1) * 16 + instr(digits, substr(rest, 3, 1)) - 1) < 224 then char(((((instr(digits, substr(rest, 2, 1)) - 1) * 16 + instr(digits, substr(rest, 3, 1)) - 1) & 31) << 6) | (((instr(digits, substr(rest, 5, 1)) - 1) * 16 + instr(digits, substr(rest, 6, 1)) - 1) & 63))
                when ((instr(digits, substr(rest, 2, 1)) - 1) * 16 + instr(digits, substr(rest, 3, 1)) - 1) < 240 then char(((((instr(digits, substr(rest, 2, 1)) - 1) * 16 + instr(digits, substr(rest, 3, 1)) - 1) & 15) << 12) | ((((instr(digits, substr(rest, 5, 1)) - 1) * 16 + instr(digits, substr(rest, 6, 1)) - 1) & 63) << 6) | (((instr(digits, substr(rest, 8, 1)) - 1) * 16 + instr(digits, substr(rest, 9, 1)) - 1) & 63))
                else char(((((instr(digits, substr(rest, 2, 1)) - 1) * 16 + instr(digits, substr(rest, 3, 1)) - 1) & 7) << 18) | ((((instr(digits, substr(rest, 5, 1)) - 1) * 16 + instr(digits, substr(rest, 6, 1)) - 1) & 63) << 12) | ((((instr(digits, substr(rest, 8, 1)) - 1) * 16 + instr(digits, substr(rest, 9, 1)) - 1) & 63) << 6) | (((instr(digits, substr(rest, 11, 1)) - 1) * 16 + instr(digits, substr(rest, 12, 1)) - 1) & 63)) end,
           digits
    from values_read where rest <> ''
  )
select shop_id, payment_id, name, value from values_read where rest = '';
create index temp.buyer_parts_by_payment on buyer_parts (shop_id, payment_id, name);
update payments set
  buyer_email = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'email'), ''),
  buyer_first_name = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'first_name'), ''),
  buyer_last_name = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'last_name'), ''),
  buyer_phone = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'phone'), ''),
  buyer_cell_phone = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'cell_phone'), ''),
  buyer_address = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'address'), ''),
  buyer_zip = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'zip'), ''),
  buyer_city = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'city'), ''),
  buyer_country = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'country'), ''),
  buyer_reference = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'reference'), ''),
  buyer_shipping_address = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'shipping_address'), ''),
  buyer_shipping_address_2 = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'shipping_address_2'), ''),
  buyer_shipping_zip = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'shipping_zip'), ''),
  buyer_shipping_city = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'shipping_city'), ''),
  buyer_shipping_country = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'shipping_country'), ''),
  buyer_address_country = coalesce((select value from buyer_parts b where b.shop_id = payments.shop_id and b.payment_id = payments.payment_id and b.name = 'address_country'), '')
where buyer <> '';
drop table temp.buyer_parts;
alter table payments drop column buyer;
