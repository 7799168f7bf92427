// The signature against its worked examples; needs no server.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isSigned, signed, signedText, signHmac, signSha1 } from './lib/signing.mjs';

const KEY = '1122334455667788';
const FORM = {
  vads_action_mode: 'INTERACTIVE',
  vads_amount: '5124',
  vads_ctx_mode: 'TEST',
  vads_currency: '978',
  vads_page_action: 'PAYMENT',
  vads_payment_config: 'SINGLE',
  vads_site_id: '12345678',
  vads_trans_date: '20170129130025',
  vads_trans_id: '123456',
  vads_version: 'V2',
};
const ACCENTS = {
  ...FORM,
  vads_cust_name: "Élodie O'Brien + Co",
  vads_order_id: '',
  vads_threeds_cavv: 'Q2F2',
  vads_threeds_cavvAlgorithm: '2',
};
const OLD = { ...FORM, vads_amount: '1524', vads_trans_date: '20090501193530', vads_trans_id: '654321' };

const VECTORS = [
  ['the worked example', FORM, '59c96b34c74b9375c332b0b6a32e6deeec87de2b', 'ycA5Do5tNvsnKdc/eP1bj2xa19z9q3iWPy9/rpesfS0='],
  ['a language beside it', { ...FORM, vads_language: 'fr' }, '2d937eea10f263a51f5879f42057ea8a76338391'],
  ['the old manual', OLD, '606b369759fac4f0864144c803c73676cbe470ff'],
  [
    'accents, an empty field, upper case in a name',
    ACCENTS,
    '32552301caf933bff33987a40ac72a72cd3d2369',
    '5XxeZl9a/Zqntw87SW2HWgZCpmz4IpMuysoPKIWBa0w=',
  ],
];

for (const [name, fields, sha1, hmac] of VECTORS) {
  test(`signs ${name}`, () => {
    assert.equal(signSha1(fields, KEY), sha1);
    if (hmac) assert.equal(signHmac(fields, KEY), hmac);
  });
}

test('signs vads_ fields only, whatever their order', () => {
  const shuffled = Object.fromEntries(Object.entries({ ...FORM, other: 'x' }).reverse());
  assert.equal(signedText(shuffled, KEY), signedText(FORM, KEY));
});

test('a changed field breaks the signature', () => {
  const form = signed(FORM, KEY);
  assert.ok(isSigned(form, KEY));
  assert.ok(!isSigned({ ...form, vads_amount: '5125' }, KEY));
  assert.ok(!isSigned(form, '8877665544332211'));
});
