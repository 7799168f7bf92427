// Against card testing: how many refusals of one card and of one address are borne on the pay page, and what the buyer
// is told. In PRODUCTION, where the test cards are cards like others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { bankTransactions } from './lib/buyer.mjs';
import { settings, startDemo } from './lib/demo.mjs';
import { postForm } from './lib/http.mjs';
import { openPayment, paymentForm, PRODUCTION_KEY, TEST_KEY } from './lib/vads.mjs';

const CARD_WORDS = /Cette carte a été refusée trop souvent ces derniers temps\..*Réessayez dans 60 minutes\./s;
const ADDRESS_WORDS = /Trop de cartes ont été refusées depuis votre connexion Internet\..*Réessayez dans 60 minutes\./s;
const CROWD_WORDS = /Trop de paiements sont refusés en ce moment dans cette boutique/;
const PER_CARD = 2;
const PER_ADDRESS = 4;
// The bank's: each is refused without a challenge.
const REFUSED = ['4970100000000063', '4917480000000065', '4970100000000113', '5970100300000075', '5000550000000060', '4970101000001002'];
const ACCEPTED = '4970100000000055';

let demo;
before(async () => {
  demo = await startDemo({ name: 'limits', more: start() });
});
after(async () => {
  await demo?.stop();
});

// Requests from here come through a trusted proxy, so that each test has addresses of its own.
function start(...more) {
  return settings(`limits.tries_per_card=${PER_CARD}`, `limits.tries_per_address=${PER_ADDRESS}`, 'server.trusted_proxies=127.0.0.1', ...more);
}

let amount = 30_000;

/** A new payment whose card is entered once; the page that followed, and what the bank has of it. */
async function tryCard(number, address, { mode = 'PRODUCTION' } = {}) {
  const minor = (amount += 1);
  const key = mode === 'TEST' ? TEST_KEY : PRODUCTION_KEY;
  const url = await openPayment(demo.server, paymentForm({ vads_amount: String(minor), vads_ctx_mode: mode, vads_language: 'fr' }, key));
  const card = { card_number: number, expiry: `12/${(new Date().getUTCFullYear() + 3) % 100}`, security_code: '123', card_holder: 'Essai' };
  const answer = await postForm(`${url}/card`, card, { 'X-Forwarded-For': address });
  const page = answer.status === 303 ? await fetch(new URL(answer.headers.get('location'), demo.server)) : answer;
  const bank = (await bankTransactions(demo)).filter((transaction) => transaction.amount_minor === minor);
  return { text: await page.text(), asked: bank.length };
}

async function assertTried(number, address, options) {
  const { text, asked } = await tryCard(number, address, options);
  assert.equal(asked, 1, text);
}

async function assertHeldBack(number, address, words) {
  const { text, asked } = await tryCard(number, address);
  assert.match(text, words);
  assert.ok(!text.includes(number), 'the page does not hold the card');
  assert.equal(asked, 0, 'the bank is not asked');
}

test('a card that was refused too often is held back on the pay page, wherever it is tried from', async () => {
  const card = REFUSED[0];
  for (let i = 0; i < PER_CARD; i++) await assertTried(card, `192.0.2.${i}`);
  await assertHeldBack(card, '192.0.2.100', CARD_WORDS);
  await assertTried(REFUSED[1], '192.0.2.100');
});

test('an address where too many cards were refused is held back, and uses up nobody else’s card', async () => {
  for (let i = 0; i < PER_ADDRESS; i++) await assertTried(REFUSED[2 + (i >> 1)], '198.51.100.1');
  const somebodys = REFUSED[5];
  for (let i = 0; i < PER_CARD + 1; i++) await assertHeldBack(somebodys, '198.51.100.1', ADDRESS_WORDS);
  await assertTried(somebodys, '198.51.100.2');
});

test('all addresses of one IPv6 subnet are one', async () => {
  const cards = [REFUSED[4], REFUSED[4], REFUSED[1], REFUSED[5]];
  for (const [i, card] of cards.entries()) await assertTried(card, `2001:db8:0:1::${i}`);
  await assertHeldBack(ACCEPTED, '2001:db8:0:1:ffff::1', ADDRESS_WORDS);
  await assertTried(ACCEPTED, '2001:db8:0:2::1');
});

test('accepted payments count for nothing: a campus pays from one address', async () => {
  for (let i = 0; i < 3 * PER_ADDRESS; i++) await assertTried(ACCEPTED, '203.0.113.1');
});

test('in TEST the test cards may be refused as often as an integrator likes', async () => {
  for (let i = 0; i < 3 * PER_ADDRESS; i++) await assertTried(REFUSED[0], '203.0.113.2', { mode: 'TEST' });
});

test('after a restart what was refused before still counts', async () => {
  const { data } = demo;
  await demo.kill();
  demo = await startDemo({ name: 'limits-again', data, more: start() });
  await assertHeldBack(REFUSED[0], '192.0.2.101', CARD_WORDS);
});

test('at a shop where cards are tested tries go on one after the other, for everybody', async () => {
  await demo.stop();
  demo = await startDemo({ name: 'limits-crowd', more: settings('limits.tries_per_shop=3', 'server.trusted_proxies=127.0.0.1') });
  for (let i = 0; i < 3; i++) await assertTried(REFUSED[i], `198.18.0.${i}`);
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: 3 }, (_, i) => tryCard(ACCEPTED, `198.18.1.${i}`)));
  assert.ok(answers.every(({ asked }) => asked === 1), 'a good buyer pays');
  assert.ok(answers.every(({ text }) => !CROWD_WORDS.test(text)));
  assert.ok(performance.now() - begun >= 2_000, 'one a second');
});
