// What a bank may make of an authentication, by the demo bank's cards: what the buyer sees, what the shop and the bank hear.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, withPage } from './lib/browser.mjs';
import { answerChallenge, atTheBank, bankTransactions, notificationsOf, outcome, payByCard, refusal, theNotification } from './lib/buyer.mjs';
import { NO_LIMITS, startDemo } from './lib/demo.mjs';
import { openPayment, paymentForm } from './lib/vads.mjs';

let demo, browser;
before(async () => {
  demo = await startDemo({ name: 'threeds', more: NO_LIMITS });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The card page of a payment of its own. */
async function open(page, fields = {}) {
  const form = paymentForm({ vads_payment_cards: 'VISA;CB', vads_language: 'fr', ...fields });
  const url = await openPayment(demo.server, form);
  await page.goto(url);
  return { form, url };
}

async function accepted(page, form) {
  assert.equal(await outcome(page), 'accepted');
  const { fields } = await theNotification(demo, { vads_order_id: form.vads_order_id });
  assert.equal(fields.vads_trans_status, 'AUTHORISED');
  assert.equal((await atTheBank(demo, fields)).length, 1);
  return fields;
}

test('an attempt: accepted with the proof of it, and guaranteed', async () => {
  await withPage(browser, async (page) => {
    const { form } = await open(page);
    await payByCard(page, '4970110000000500');
    const fields = await accepted(page, form);
    assert.equal(fields.vads_threeds_status, 'A');
    assert.equal(fields.vads_warranty_result, 'YES');
    assert.ok(fields.vads_threeds_cavv);
  });
});

test('an authentication that the bank can’t make: accepted without a guarantee', async () => {
  await withPage(browser, async (page) => {
    const { form } = await open(page);
    await payByCard(page, '4970110000000609');
    const fields = await accepted(page, form);
    assert.equal(fields.vads_threeds_status, 'U');
    assert.notEqual(fields.vads_warranty_result, 'YES');
  });
});

test('an authentication that the bank rejects: refused, and the acquirer is not asked', async () => {
  await withPage(browser, async (page) => {
    await open(page);
    const before = (await bankTransactions(demo)).length;
    await payByCard(page, '4970110000000401');
    await refusal(page);
    assert.equal((await bankTransactions(demo)).length, before);
  });
});

test('a challenge that the bank refuses or lets time out pays nothing; another card does', async () => {
  for (const number of ['4970100000000071', '4970110000000021']) {
    await withPage(browser, async (page) => {
      const { form } = await open(page);
      const before = (await bankTransactions(demo)).length;
      await payByCard(page, number);
      await answerChallenge(page);
      await refusal(page);
      assert.equal((await bankTransactions(demo)).length, before);
      await payByCard(page, '4970100000000055');
      await accepted(page, form);
    });
  }
});

test('a challenge well passed, then a refusal of the bank', async () => {
  await withPage(browser, async (page) => {
    await open(page);
    await payByCard(page, '4970110000000039');
    await answerChallenge(page);
    assert.match(await refusal(page), /2/);
  });
});

test('a soft decline: a challenge follows, and its proof pays', async () => {
  await withPage(browser, async (page) => {
    const { form } = await open(page);
    await payByCard(page, '4970110000000914');
    await answerChallenge(page);
    const fields = await accepted(page, form);
    assert.equal(fields.vads_threeds_status, 'Y');
    assert.equal(fields.vads_threeds_auth_type, 'CHALLENGE');
  });
});

test('the last try left at the bank: the page says so, another card changes nothing, and cancelling ends it', async () => {
  await withPage(browser, async (page) => {
    const { form, url } = await open(page);
    for (let tries = 0; tries < 3; tries++) {
      await page.goto(url);
      await payByCard(page, '4970100000000014');
      await page.locator('#code').waitFor();
    }
    await page.goto(url);
    assert.match(await page.locator('h1').innerText(), /Votre banque attend votre confirmation/);
    await page.locator('form.cancel button').waitFor();
    const fields = new URLSearchParams({ card_number: '4970100000000055', expiry: '12/39', security_code: '123', card_holder: 'Essai' });
    await fetch(`${url}/card`, { method: 'POST', body: fields, redirect: 'manual' });
    await page.goto(url);
    assert.match(await page.locator('h1').innerText(), /Votre banque attend votre confirmation/);
    assert.deepEqual(await notificationsOf(demo, { vads_order_id: form.vads_order_id }), [], 'it has not ended');
    await page.locator('form.cancel button').click();
    assert.equal(await outcome(page), 'cancelled');
  });
});
