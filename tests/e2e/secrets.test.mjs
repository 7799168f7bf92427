// No card number and no security code is ever written anywhere: data, logs, database, mails, notifications.
import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launch, openPage } from './lib/browser.mjs';
import { answerChallenge, CARD, clearFaults, orderFault, outcome, payByCard } from './lib/buyer.mjs';
import { dump, NO_POSTGRES, query, startPostgres } from './lib/database.mjs';
import { dataFolder, NO_LIMITS, settings, startDemo } from './lib/demo.mjs';
import { eventually, postForm } from './lib/http.mjs';
import { entryUrl, luhnCard, openPayment, paymentForm, silentForm } from './lib/vads.mjs';

const AMEX = '375900000010015';
const NOT_ENROLLED = '4970110000000708';
// A number that begins with 0 and stands alone is nobody's count, port or duration.
const AMEX_CODE = '0847';
const CODES = ['739', '068', '491', '527'];
const SILENT_CARDS = [1, 2, 3, 4].map((serial) => luhnCard('497077', 31_415_926 + serial));
const TYPO = '4970100000000056';
const CARDS = [CARD.accepted, CARD.challenged, CARD.method, CARD.refused, NOT_ENROLLED, AMEX, TYPO, ...SILENT_CARDS];

/** A number as it might be written. */
function disguises(number) {
  const grouped = number.replace(/(.{4})(?=.)/g, '$1 ');
  const found = [number, grouped, grouped.replaceAll(' ', '-'), grouped.replaceAll(' ', '+'), grouped.replaceAll(' ', '%20')];
  found.push(Buffer.from(number).toString('hex'), Buffer.from(number).toString('hex').toUpperCase());
  for (let shift = 0; shift < 3; shift++) {
    // What base64 makes of it inside a longer text: the characters that depend on neighbours are cut off.
    const encoded = Buffer.from(`${' '.repeat(shift)}${number}`).toString('base64').replace(/=+$/, '');
    found.push(encoded.slice(shift === 0 ? 0 : shift + 1, -1));
  }
  const packed = Buffer.from(number.padStart(16, '0'), 'hex');
  return [...found.map((text) => Buffer.from(text, 'latin1')), packed];
}

function secretsIn(bytes, where) {
  const found = [];
  for (const card of CARDS) {
    for (const disguise of disguises(card)) {
      if (bytes.includes(disguise)) found.push(`${where}: card ${card} as ${disguise.toString('latin1')}`);
    }
  }
  const text = bytes.toString('latin1');
  for (const code of [...CODES, AMEX_CODE]) {
    const named = new RegExp(`(cvv|cvc|csc|security.?code|code.de.s.curit.)[^0-9a-z]{1,12}${code}(?![0-9])`, 'i').exec(text);
    if (named) found.push(`${where}: ${named[0]}`);
  }
  const alone = new RegExp(`(?<![0-9A-Za-z+/_.:-])${AMEX_CODE}(?![0-9A-Za-z+/_-])`).exec(text);
  if (alone) found.push(`${where}: the code ${AMEX_CODE} in ${JSON.stringify(text.slice(Math.max(0, alone.index - 40), alone.index + 40))}`);
  return found;
}

const MASKED = 'XXXXXX0055';

/** Also makes sure that the search comes to where cards are: their masked numbers must be there. */
async function secretsUnder(folder) {
  const found = [];
  let masked = false;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = await readFile(path);
    masked ||= bytes.includes(MASKED);
    found.push(...secretsIn(bytes, path));
  }
  assert.ok(masked, `${folder} holds masked card numbers`);
  return found;
}

test('the search itself finds what is hidden in bytes', () => {
  const [card] = SILENT_CARDS;
  const grouped = card.replace(/(.{4})(?=.)/g, '$1 ');
  const traps = [`x${card}y`, grouped, Buffer.from(`ab${card}cd`).toString('base64'), Buffer.from(`a${card}`).toString('hex')];
  for (const trap of traps) assert.equal(secretsIn(Buffer.from(trap), 'trap').length > 0, true, trap);
  assert.equal(secretsIn(Buffer.from(card, 'hex'), 'packed').length, 1);
  for (const trap of ['vads_cvv=739', '"security_code":"068"', `pin ${AMEX_CODE},`]) assert.equal(secretsIn(Buffer.from(trap), 'trap').length, 1, trap);
  assert.deepEqual(secretsIn(Buffer.from('497010XXXXXX0055 amount=739'), 'clean'), []);
});

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

async function buyInBrowser(demo) {
  const { page } = await openPage(browser);
  const open = () => page.goto(entryUrl(demo.server, paymentForm({ vads_payment_cards: 'CB;VISA;AMEX;MASTERCARD', vads_cust_email: 'client@example.com' })));
  for (const [card, code] of [[CARD.accepted, '739'], [CARD.challenged, '068'], [CARD.method, '491'], [AMEX, AMEX_CODE]]) {
    await open();
    await payByCard(page, card, { code });
    if (card !== CARD.accepted) await answerChallenge(page);
    assert.equal(await outcome(page), 'accepted');
  }
  await open();
  // A wrong number, the number as holder, the security code as expiry.
  await payByCard(page, TYPO, { code: AMEX_CODE });
  await page.locator('#errors').waitFor();
  await payByCard(page, CARD.refused, { code: '527', holder: CARD.refused });
  await page.waitForLoadState();
  await payByCard(page, CARD.refused, { code: '527' });
  await page.locator('#refusal').waitFor();
  await page.context().close();
}

/** SILENT forms that go well, badly, and nowhere; mistakes that carry a number where none belongs. */
async function postForms(demo) {
  const send = (form, headers) => postForm(`${demo.server}/vads-payment/`, form, headers).then((answer) => answer.text());
  for (const [index, card] of SILENT_CARDS.entries()) await send(silentForm(card, { vads_cvv: CODES[index] }));
  await send(silentForm(AMEX, { vads_cvv: AMEX_CODE }));
  const pages = [
    await send({ ...silentForm(NOT_ENROLLED, { vads_cvv: AMEX_CODE }), signature: 'wrong' }),
    await send(silentForm(NOT_ENROLLED, { vads_cvv: AMEX_CODE, vads_amount: '1.5' })),
    await send(silentForm(TYPO, { vads_cvv: AMEX_CODE })),
    await send(silentForm(NOT_ENROLLED, { vads_cvv: AMEX_CODE, vads_ctx_mode: 'PRODUCTION' })),
    await send(paymentForm({ vads_order_info: `carte ${NOT_ENROLLED} merci` })),
    await send(paymentForm({ vads_cust_last_name: NOT_ENROLLED.replace(/(.{4})(?=.)/g, '$1 ') })),
  ];
  for (const page of pages) assert.deepEqual(secretsIn(Buffer.from(page), 'an error page'), []);
  const url = await openPayment(demo.server, paymentForm());
  await postForm(`${url}/card`, { card_number: NOT_ENROLLED, expiry: 'x', security_code: AMEX_CODE, card_holder: NOT_ENROLLED });
  await fetch(`${url}?card_number=${NOT_ENROLLED}&security_code=${AMEX_CODE}`);
  await fetch(`${demo.server}/${NOT_ENROLLED}`);
  await postForm(`${demo.server}/3ds/results`, { card: NOT_ENROLLED });
}

async function underFaults(demo, database) {
  for (const [index, kind] of ['garbage', 'silent', 'disconnect', 'slow'].entries()) {
    await orderFault(demo, 'acquirer', kind);
    const answer = await postForm(`${demo.server}/vads-payment/`, silentForm(SILENT_CARDS[index], { vads_cvv: CODES[index] }));
    await answer.text();
  }
  await clearFaults(demo);
  const open = "select count(*) from transactions where state = 'authorising'";
  await eventually(async () => (await query(database, open))[0][0] === '0', 'every outcome is known', 30_000);
}

async function useEverything(demo, database) {
  await buyInBrowser(demo);
  await postForms(demo);
  await underFaults(demo, database);
  const shown = [`${demo.sandbox}/inbox.json`, `${demo.sandbox}/shop/notifications.json`, `${demo.sandbox}/acquirer/transactions`, `${demo.server}/metrics`];
  return (await Promise.all(shown.map(async (url) => secretsIn(Buffer.from(await (await fetch(url)).arrayBuffer()), url)))).flat();
}

const MORE = [...NO_LIMITS, ...settings('acquirer.time_limit_ms=1000', 'log.level=debug')];

test('SQLite: after every kind of purchase and failure neither data nor logs nor mails hold a card', { timeout: 120_000 }, async () => {
  const data = await dataFolder();
  try {
    const demo = await startDemo({ name: `secrets-${process.pid}`, data, more: MORE });
    const found = await useEverything(demo, `sqlite:${join(data, 'acquit.db')}`);
    found.push(...(await secretsUnder(data)));
    await demo.stop();
    found.push(...(await secretsUnder(data)), ...secretsIn(await readFile(demo.log), demo.log));
    assert.deepEqual([...new Set(found)], []);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});

test('PostgreSQL: the same, its dump and its files included', { skip: NO_POSTGRES, timeout: 120_000 }, async () => {
  const data = await dataFolder();
  const postgres = await startPostgres();
  try {
    const database = await postgres.create('secrets');
    const demo = await startDemo({ name: `secrets-pg-${process.pid}`, data, database, more: MORE });
    const found = await useEverything(demo, database);
    await demo.stop();
    const dumped = Buffer.from(await dump(database));
    assert.ok(dumped.includes(MASKED));
    found.push(...secretsIn(dumped, 'pg_dump'), ...(await secretsUnder(join(postgres.folder, 'data'))));
    found.push(...(await secretsUnder(data)), ...secretsIn(await readFile(demo.log), demo.log));
    assert.deepEqual([...new Set(found)], []);
  } finally {
    await postgres.stop();
    await rm(data, { recursive: true, force: true });
  }
});
