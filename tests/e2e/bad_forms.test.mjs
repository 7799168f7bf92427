// Forms that are none, from outside: each gets an answer that says what is wrong, and leaves nothing behind.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { query } from './lib/database.mjs';
import { startDemo } from './lib/demo.mjs';
import { getJson } from './lib/http.mjs';
import { entryUrl, openPayment, paymentForm } from './lib/vads.mjs';

const TOO_MUCH = 256 * 1024 + 1;

let demo;
before(async () => {
  demo = await startDemo({ name: 'bad-forms' });
});
after(async () => {
  await demo?.stop();
});

/** How many rows each table has that a form could leave something in. */
async function stored() {
  const tables = ['payments', 'transactions', 'operations', 'postings', 'vault_cards', 'outbox', 'request_traces'];
  const counts = tables.map((table) => `(select count(*) from ${table})`).join(', ');
  return (await query(`sqlite:${join(demo.data, 'acquit.db')}`, `select ${counts}`))[0].map(Number);
}

/** Sends a POST as told, body and all, and reads what comes back, be it while the body is still on its way. */
function send(url, headers, body) {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent: false, headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

async function assertNothingLeft(before) {
  assert.deepEqual(await stored(), before, 'nothing was stored');
  assert.equal((await getJson(`${demo.server}/health`)).status, 'ok');
}

function assertTooLarge(answer) {
  assert.equal(answer.status, 413, answer.text);
  assert.match(answer.text, /too large/);
  assert.match(answer.headers['content-type'], /^text\//);
}

for (const [how, headers] of [['with its length', { 'Content-Length': TOO_MUCH }], ['in pieces', { 'Transfer-Encoding': 'chunked' }]]) {
  test(`a form that is too large, sent ${how}, is refused with 413 and stores nothing`, async () => {
    const before = await stored();
    // A good form but for one field that goes on and on: it is the size alone that is refused.
    const form = new URLSearchParams(paymentForm({ vads_order_info: 'x'.repeat(TOO_MUCH) })).toString().slice(0, TOO_MUCH);
    assertTooLarge(await send(`${demo.server}/vads-payment/`, headers, form));
    await assertNothingLeft(before);
  });
}

test('a card form that is too large is refused with 413, stores nothing, and the payment goes on', async () => {
  const url = await openPayment(demo.server, paymentForm());
  const before = await stored();
  const card = new URLSearchParams({ card_number: '4970100000000055', card_holder: 'x'.repeat(TOO_MUCH) }).toString().slice(0, TOO_MUCH);
  assertTooLarge(await send(`${url}/card`, { 'Content-Length': TOO_MUCH }, card));
  await assertNothingLeft(before);
  assert.equal((await fetch(url)).status, 200);
});

test('a form in an address that is too long is refused with 414 or 431 and stores nothing', async () => {
  const before = await stored();
  const answer = await fetch(entryUrl(demo.server, paymentForm({ vads_order_info: 'x'.repeat(70_000) })), { redirect: 'manual' });
  assert.ok([414, 431].includes(answer.status), String(answer.status));
  assert.match(await answer.text(), /too (large|long)/);
  await assertNothingLeft(before);
});
