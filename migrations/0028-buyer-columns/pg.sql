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
update payments p set
  buyer_email = coalesce(f.email, ''),
  buyer_first_name = coalesce(f.first_name, ''),
  buyer_last_name = coalesce(f.last_name, ''),
  buyer_phone = coalesce(f.phone, ''),
  buyer_cell_phone = coalesce(f.cell_phone, ''),
  buyer_address = coalesce(f.address, ''),
  buyer_zip = coalesce(f.zip, ''),
  buyer_city = coalesce(f.city, ''),
  buyer_country = coalesce(f.country, ''),
  buyer_reference = coalesce(f.reference, ''),
  buyer_shipping_address = coalesce(f.shipping_address, ''),
  buyer_shipping_address_2 = coalesce(f.shipping_address_2, ''),
  buyer_shipping_zip = coalesce(f.shipping_zip, ''),
  buyer_shipping_city = coalesce(f.shipping_city, ''),
  buyer_shipping_country = coalesce(f.shipping_country, ''),
  buyer_address_country = coalesce(f.address_country, '')
from (
  select shop_id, payment_id,
    max(value) filter (where name = 'email') as email,
    max(value) filter (where name = 'first_name') as first_name,
    max(value) filter (where name = 'last_name') as last_name,
    max(value) filter (where name = 'phone') as phone,
    max(value) filter (where name = 'cell_phone') as cell_phone,
    max(value) filter (where name = 'address') as address,
    max(value) filter (where name = 'zip') as zip,
    max(value) filter (where name = 'city') as city,
    max(value) filter (where name = 'country') as country,
    max(value) filter (where name = 'reference') as reference,
    max(value) filter (where name = 'shipping_address') as shipping_address,
    max(value) filter (where name = 'shipping_address_2') as shipping_address_2,
    max(value) filter (where name = 'shipping_zip') as shipping_zip,
    max(value) filter (where name = 'shipping_city') as shipping_city,
    max(value) filter (where name = 'shipping_country') as shipping_country,
    max(value) filter (where name = 'address_country') as address_country
  from (
    select shop_id, payment_id, split_part(pair, '=', 1) as name,
           (select convert_from(decode(string_agg(coalesce(byte[1], encode(convert_to(byte[2], 'UTF8'), 'hex')), '' order by at), 'hex'), 'UTF8')
            from regexp_matches(split_part(pair, '=', 2), '%([0-9A-F]{2})|([^%])', 'g') with ordinality as bytes (byte, at)) as value
    from payments, unnest(string_to_array(buyer, '&')) as pair
  ) as parts
  group by shop_id, payment_id
) f
where f.shop_id = p.shop_id and f.payment_id = p.payment_id;
alter table payments drop column buyer;
