// Against card testing: how often one card and one address may be tried on the pay page, and what the buyer is told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { bankTransactions } from './lib/buyer.mjs';
import { settings, startDemo } from './lib/demo.mjs';
import { postForm } from './lib/http.mjs';
import { luhnCard, openPayment, paymentForm } from './lib/vads.mjs';

const WORDS = /Le nombre d’essais autorisés est atteint\./;
const PER_CARD = 2;
const PER_ADDRESS = 4;

let demo;
before(async () => {
  // Requests from here come through a trusted proxy, so that each test has addresses of its own.
  const limits = settings(`limits.tries_per_card=${PER_CARD}`, `limits.tries_per_address=${PER_ADDRESS}`, 'server.trusted_proxies=127.0.0.1');
  demo = await startDemo({ name: 'limits', more: limits });
});
after(async () => {
  await demo?.stop();
});

let amount = 30_000;
let serial = 0;
// No 3-D Secure range knows them, so that a try ends at once.
const nextCard = () => luhnCard('497250', (serial += 1));

/** A new payment whose card is entered once; how that was answered, and what the bank has of it. */
async function tryCard(number, address) {
  amount += 1;
  const url = await openPayment(demo.server, paymentForm({ vads_amount: String(amount), vads_payment_cards: 'CB', vads_language: 'fr' }));
  const card = { card_number: number, expiry: `12/${(new Date().getUTCFullYear() + 3) % 100}`, security_code: '123', card_holder: 'Essai' };
  const answer = await postForm(`${url}/card`, card, { 'X-Forwarded-For': address });
  const bank = (await bankTransactions(demo)).filter((transaction) => transaction.amount_minor === amount);
  return { status: answer.status, text: await answer.text(), asked: bank.length };
}

async function assertTaken(number, address) {
  const { status, text, asked } = await tryCard(number, address);
  assert.equal(status, 303, text);
  assert.equal(asked, 1);
}

async function assertHeldBack(number, address) {
  const { status, text, asked } = await tryCard(number, address);
  assert.equal(status, 200);
  assert.match(text, WORDS);
  assert.ok(!text.includes(number), 'the page does not hold the card');
  assert.equal(asked, 0, 'the bank is not asked');
}

test('a card that was tried too often is held back on the pay page, wherever it is tried from', async () => {
  const card = nextCard();
  for (let i = 0; i < PER_CARD; i++) await assertTaken(card, `192.0.2.${i}`);
  await assertHeldBack(card, '192.0.2.100');
  await assertTaken(nextCard(), '192.0.2.100');
});

test('an address that tried too many cards is held back on the pay page, and uses up nobody else’s card', async () => {
  for (let i = 0; i < PER_ADDRESS; i++) await assertTaken(nextCard(), '198.51.100.1');
  const somebodys = nextCard();
  for (let i = 0; i < PER_CARD + 1; i++) await assertHeldBack(somebodys, '198.51.100.1');
  await assertTaken(somebodys, '198.51.100.2');
});

test('all addresses of one IPv6 subnet are one', async () => {
  for (let i = 0; i < PER_ADDRESS; i++) await assertTaken(nextCard(), `2001:db8:0:1::${i}`);
  await assertHeldBack(nextCard(), '2001:db8:0:1:ffff::1');
  await assertTaken(nextCard(), '2001:db8:0:2::1');
});
