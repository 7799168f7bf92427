// What a buyer does in a browser, from the demo shop to the way back, and what the shop, the bank and the inbox saw.
import assert from 'node:assert/strict';

import { eventually, getJson, postJson } from './http.mjs';
import { isSigned } from './signing.mjs';
import { TEST_KEY } from './vads.mjs';

export const CARD = {
  accepted: '4970100000000055',
  challenged: '4970100000000014',
  method: '4970110000001003',
  refused: '4970100000000063',
};
export const CHALLENGE_CODE = '123456';
const EXPIRY = `12/${(new Date().getUTCFullYear() + 3) % 100}`;
const PRIMARY = 'main form button.primary';

/** Fills the demo shop's basket form and pays; ends on the first page of the payment. */
export async function checkOut(page, demo, settings = {}) {
  const { currency = 'EUR', ...choices } = settings;
  await page.goto(`${demo.sandbox}/shop?currency=${currency}`);
  for (const [name, value] of Object.entries(choices)) {
    const field = page.locator(`[name=${name}]`);
    if (!(await field.isVisible())) await page.locator('details summary').first().click();
    if (await field.evaluate((element) => element.tagName === 'SELECT')) await field.selectOption(value);
    else await field.fill(value);
  }
  await page.locator('#pay').click();
  if (!/\/pay\//.test(page.url())) {
    // Without scripts the shop's page has a button to go on with.
    await Promise.race([page.waitForURL(/\/pay\//), page.locator('#payment button').click({ timeout: 5000 }).catch(() => {})]);
  }
  await page.waitForURL(/\/pay\//);
  return payToken(page.url());
}

export function payToken(url) {
  return new URL(url).pathname.split('/')[2];
}

export async function fillCard(page, number, { code = number.length === 15 ? '1234' : '123', expiry = EXPIRY, holder = 'Claire Essai' } = {}) {
  await page.fill('[autocomplete=cc-number]', number);
  await page.fill('[autocomplete=cc-exp]', expiry);
  await page.fill('[autocomplete=cc-csc]', code);
  await page.fill('[autocomplete=cc-name]', holder);
}

/** `leaves`: the page that follows goes on by itself to a place that may never answer; not waited for. */
export async function submitCard(page, { leaves = false } = {}) {
  await page.locator(PRIMARY).click({ noWaitAfter: leaves });
}

/** From the card page to whatever follows the card. */
export async function payByCard(page, number, options) {
  await fillCard(page, number, options);
  await submitCard(page, options);
}

/** On the bank's page. `action`: confirm, cancel or refuse. */
export async function answerChallenge(page, action = 'confirm', code = CHALLENGE_CODE) {
  await page.locator('#code').waitFor();
  if (action === 'confirm') await page.fill('#code', code);
  await page.locator(`button[value=${action}]`).click();
}

/** Waits for the result page; "accepted", "refused", "cancelled" or "pending". */
export async function outcome(page) {
  const sign = page.locator('svg.sign');
  await sign.waitFor();
  return (await sign.getAttribute('class')).replace('sign', '').trim();
}

/** Waits for the card page that tells of a refusal; its text. */
export async function refusal(page) {
  const alert = page.locator('#refusal');
  await alert.waitFor();
  return await alert.innerText();
}

/** From the result page to the shop; what the shop says. */
export async function goBack(page) {
  await page.locator(PRIMARY).click();
  await page.waitForURL(/\/shop\/return/);
  return await shopSays(page);
}

export async function shopSays(page) {
  const text = async (selector) => ((await page.locator(selector).count()) ? await page.locator(selector).innerText() : undefined);
  return {
    order: await text('#order'),
    status: await text('#status'),
    signature: await text('#signature'),
    warning: await text('#no-notification'),
  };
}

export async function notificationsOf(demo, match) {
  const all = await getJson(`${demo.sandbox}/shop/notifications.json`);
  return all.filter(({ fields }) => Object.entries(match).every(([name, value]) => fields[name] === value));
}

/** The one end-of-payment notification for these fields, with its signature checked here too. */
export async function theNotification(demo, match) {
  const found = await notificationsOf(demo, match);
  assert.equal(found.length, 1, `one notification for ${JSON.stringify(match)}`);
  assert.equal(found[0].verified, true, 'the shop verified the signature');
  assert.ok(isSigned(found[0].fields, TEST_KEY), 'the signature is right');
  return found[0];
}

const CAPTURE_HOUR = 22;
const hourInParis = () => Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', hour: '2-digit' }).format());

/**
 * What the bank believes. From the hour of the demo's contracts until midnight a payment is captured within a second; then,
 * and only then, `authorised` stands for both, so that no test depends on the time of day.
 */
export async function bankTransactions(demo) {
  const all = await getJson(`${demo.sandbox}/acquirer/transactions`);
  if (hourInParis() < CAPTURE_HOUR) return all;
  return all.map((one) => ({ ...one, state: one.state === 'captured' ? 'authorised' : one.state }));
}

/** What the bank believes of the transaction that a notification names. */
export async function atTheBank(demo, fields) {
  const reference = fields.vads_trans_uuid.slice(20).toUpperCase();
  return (await bankTransactions(demo)).filter((transaction) => transaction.reference === reference);
}

/** Waits for a mail to `to` that `match` likes; the mail. */
export async function mailTo(demo, to, match = () => true, ms = 15_000) {
  return await eventually(
    async () => (await getJson(`${demo.sandbox}/inbox.json`)).find((mail) => mail.to.includes(to) && match(mail)),
    `a mail to ${to}`,
    ms,
  );
}

/** `step`: of the issuer only, "areq" (the rule), "challenge" or "rreq". */
export async function orderFault(demo, target, kind, count = 1, step = undefined) {
  await postJson(`${demo.sandbox}/control/faults`, { target, kind, step, count });
}

/** What is still to go wrong. */
export async function pendingFaults(demo) {
  return (await getJson(`${demo.sandbox}/control/faults`)).pending;
}

export async function clearFaults(demo) {
  await fetch(`${demo.sandbox}/control/faults`, { method: 'DELETE' });
}
