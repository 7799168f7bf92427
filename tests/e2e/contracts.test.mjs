// The demo's two shops: each of the thirty contracts is paid under once, and neither shop sees anything of the other.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { atTheBank, bankTransactions, CARD, payToken, theNotification } from './lib/buyer.mjs';
import { query } from './lib/database.mjs';
import { NO_LIMITS, startDemo } from './lib/demo.mjs';
import { postForm } from './lib/http.mjs';
import { openPayment, paymentForm, paySilently, SHOP, silentForm } from './lib/vads.mjs';

const OTHER_SHOP = '87654321';
const OTHER_KEY = '2211443366558877';
const CARDS = {
  CB: CARD.accepted, VISA: '4012001037141112', MASTERCARD: '5970100300000067', MAESTRO: '5000550000000052', VISA_ELECTRON: '4917480000000057',
  AMEX: '375900000010015',
};
const CURRENCIES = { EUR: ['978', 2], CHF: ['756', 2], USD: ['840', 2], JPY: ['392', 0], TND: ['788', 3] };

let demo, database;
before(async () => {
  demo = await startDemo({ name: 'contracts', more: NO_LIMITS });
  database = `sqlite:${join(demo.data, 'acquit.db')}`;
});
after(async () => {
  await demo?.stop();
});

let amount = 40_000;
/** Pays by a form that brings the card; the fields that the shop was notified of. */
async function paid(method, currency) {
  amount += 1;
  const card = CARDS[method];
  const form = silentForm(card, {
    vads_amount: String(amount), vads_currency: currency, vads_payment_cards: method, vads_cvv: card.length === 15 ? '1234' : '123',
    vads_url_check: `${demo.sandbox}/shop/notification`,
  });
  await paySilently(demo.server, form);
  return (await theNotification(demo, { vads_order_id: form.vads_order_id })).fields;
}

for (const [code, [currency, decimals]] of Object.entries(CURRENCIES)) {
  test(`each means of payment is paid by in ${code}, with ${decimals} decimals, under its own contract`, async () => {
    for (const method of Object.keys(CARDS)) {
      const fields = await paid(method, currency);
      assert.equal(fields.vads_trans_status, 'AUTHORISED', method);
      assert.deepEqual([fields.vads_amount, fields.vads_currency, fields.vads_card_brand], [String(amount), currency, method]);
      const bank = await atTheBank(demo, fields);
      assert.deepEqual(
        bank.map((one) => [one.state, one.amount_minor, one.currency, one.merchant.trim(), one.card.slice(-4)]),
        [['authorised', amount, currency, '1234567', CARDS[method].slice(-4)]],
        method,
      );
      const used = await query(
        database,
        `select c.method, c.currency, t.amount, t.currency from transactions t join contracts c on c.shop_id = t.shop_id and c.contract_id = t.contract_id
          where t.transaction_id = '${fields.vads_trans_uuid}'`,
      );
      assert.deepEqual(used, [[method, code, String(amount), code]]);
    }
    // The page says the amount in the currency's own decimals.
    const url = await openPayment(demo.server, paymentForm({ vads_amount: '1234567', vads_currency: currency, vads_language: 'fr' }));
    const shown = { 0: /1\s234\s567\s/u, 2: /12\s345,67\s/u, 3: /1\s234,567\s/u }[decimals];
    assert.match((await (await fetch(url)).text()).replace(/<[^>]+>/g, ' '), shown);
  });
}

test('all thirty contracts of the first shop have been paid under, and none of the other’s', async () => {
  const seeded = await query(database, `select shop_id, contract_id from contracts order by shop_id, contract_id`);
  assert.deepEqual([SHOP, OTHER_SHOP].map((shop) => seeded.filter(([of]) => of === shop).length), [30, 30]);
  const used = await query(database, 'select distinct shop_id, contract_id from transactions where contract_id > 0 order by shop_id, contract_id');
  assert.deepEqual(used.filter(([shop]) => shop !== SHOP), []);
  assert.equal(used.length, 30);
});

const countOf = async (table) => Number((await query(database, `select count(*) from ${table}`))[0][0]);

test('the other shop’s key on the first one’s form is refused, and nothing is stored', async () => {
  const before = [await countOf('payments'), await countOf('transactions'), (await bankTransactions(demo)).length];
  for (const form of [paymentForm({}, OTHER_KEY), silentForm(CARD.accepted, {})]) {
    // Signed for the first shop by the second one's key, and for the second one by the first one's.
    const wrong = form.vads_card_number ? { ...form, vads_site_id: OTHER_SHOP } : form;
    const answer = await postForm(`${demo.server}/vads-payment/`, wrong);
    assert.equal(answer.headers.get('x-acquit-form-error'), '00', String(answer.status));
  }
  assert.deepEqual([await countOf('payments'), await countOf('transactions'), (await bankTransactions(demo)).length], before);
});

test('the same transaction number at the other shop is a payment of its own', async () => {
  const form = paymentForm({ vads_order_id: 'of-the-first' });
  const first = await openPayment(demo.server, form);
  const { vads_trans_id: id, vads_trans_date: date } = form;
  const other = paymentForm({ vads_site_id: OTHER_SHOP, vads_trans_id: id, vads_trans_date: date, vads_order_id: 'of-the-other' }, OTHER_KEY);
  const second = await openPayment(demo.server, other);
  assert.notEqual(payToken(second), payToken(first));
  const [mine, others] = await Promise.all([first, second].map(async (url) => (await fetch(url)).text()));
  assert.match(mine, /of-the-first/);
  assert.match(others, /of-the-other/);
  assert.doesNotMatch(others, /of-the-first|Boutique de démonstration/);
});

test('no token of the other shop opens the first one’s payment', async () => {
  const first = await openPayment(demo.server, paymentForm());
  const second = await openPayment(demo.server, paymentForm({ vads_site_id: OTHER_SHOP }, OTHER_KEY));
  const [mine, others] = [first, second].map((url) => Buffer.from(payToken(url), 'base64url'));
  // A token is the shop's number, the payment's, and what proves both.
  const [shop, payment, proof] = [[0, 8], [8, 24], [24]];
  const part = (token, [from, to]) => token.subarray(from, to);
  assert.equal(part(mine, shop).readBigUInt64BE(), BigInt(SHOP));
  const forged = [
    [part(others, shop), part(mine, payment), part(mine, proof)],
    [part(others, shop), part(mine, payment), part(others, proof)],
    [part(mine, shop), part(mine, payment), part(others, proof)],
    [part(mine, shop), part(others, payment), part(others, proof)],
  ];
  for (const parts of forged) {
    const url = `${demo.server}/pay/${Buffer.concat(parts).toString('base64url')}`;
    assert.equal((await fetch(url)).status, 404);
    assert.equal((await postForm(`${url}/cancel`, {})).status, 404);
  }
  assert.equal((await fetch(first)).status, 200, 'the right one opens');
});
