// Partners that misbehave: the buyer sees a clear page, the bank and we agree afterwards, nothing is paid twice.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { launch, screenshot, withPage } from './lib/browser.mjs';
import { bankTransactions, CARD, clearFaults, mailTo, notificationsOf, orderFault, outcome, payByCard, refusal, theNotification } from './lib/buyer.mjs';
import { NO_LIMITS, settings, startDemo } from './lib/demo.mjs';
import { eventually } from './lib/http.mjs';
import { entryUrl, paymentForm } from './lib/vads.mjs';

const PATIENCE = settings('acquirer.time_limit_ms=1500', 'threeds.time_limit_ms=1500', 'notifications.call_limit_ms=1500');
const MAIL_ALERT = 'alertes@boutique.example';

let demo, browser, mailRefused;
before(async () => {
  demo = await startDemo({ name: 'faults', more: [...NO_LIMITS, ...PATIENCE] });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});
beforeEach(() => clearFaults(demo));

let amount = 20_000;
/** Opens a payment with an amount of its own, by which the bank's side of it is found. */
async function open(page, fields) {
  amount += 1;
  const form = paymentForm({ vads_amount: String(amount), vads_payment_cards: 'CB', vads_language: 'fr', ...fields });
  await page.goto(entryUrl(demo.server, form));
  return { form, amount, order: form.vads_order_id };
}

const atBank = async (payment) => (await bankTransactions(demo)).filter((transaction) => transaction.amount_minor === payment.amount);

/** One authorisation at the bank, and it is the one that the shop was told of; all others were taken back or declined. */
async function assertPaidOnce(payment) {
  const { fields } = await theNotification(demo, { vads_order_id: payment.order });
  assert.equal(fields.vads_trans_status, 'AUTHORISED');
  const all = await atBank(payment);
  const authorised = all.filter(({ state }) => state === 'authorised');
  assert.deepEqual(authorised.map(({ reference }) => reference), [fields.vads_trans_uuid.slice(20).toUpperCase()], JSON.stringify(all));
  for (const { state } of all) assert.ok(['authorised', 'reversed', 'declined'].includes(state), state);
}

test('SMTP refuses: the payment is fine (its mails are waited for at the end)', async () => {
  await withPage(browser, async (page) => {
    await orderFault(demo, 'smtp', 'refuse', 2);
    const payment = await open(page, { vads_cust_email: 'patient@example.com' });
    await payByCard(page, CARD.accepted);
    assert.equal(await outcome(page), 'accepted');
    await assertPaidOnce(payment);
    await eventually(async () => (await (await fetch(`${demo.sandbox}/control/faults`)).json()).pending.length === 0, 'both mails refused');
    mailRefused = payment;
  });
});

for (const kind of ['silent', 'slow', 'garbage', 'disconnect']) {
  test(`acquirer ${kind}: the buyer waits, the reversal is acknowledged, the second try pays once`, async () => {
    await withPage(browser, async (page) => {
      const payment = await open(page);
      await orderFault(demo, 'acquirer', kind);
      await payByCard(page, CARD.accepted);
      await page.locator('.spinner, #refusal').first().waitFor();
      await screenshot(page, `fault-acquirer-${kind}`);
      if (await page.locator('.spinner').count()) assert.match(await page.locator('main').innerText(), /ne payez pas une seconde fois/);
      await page.locator('#refusal').waitFor({ timeout: 45_000 });
      assert.match(await refusal(page), /problème technique/);
      assert.deepEqual((await atBank(payment)).filter(({ state }) => state === 'authorised'), [], 'taken back before a new try');
      assert.deepEqual(await notificationsOf(demo, { vads_order_id: payment.order }), []);
      await payByCard(page, CARD.accepted);
      assert.equal(await outcome(page), 'accepted');
      await assertPaidOnce(payment);
    });
  });
}

test('acquirer silent to the reversal too: it is repeated until acknowledged', { timeout: 90_000 }, async () => {
  await withPage(browser, async (page) => {
    const payment = await open(page);
    await orderFault(demo, 'acquirer', 'silent', 2);
    await payByCard(page, CARD.accepted);
    await page.locator('#refusal').waitFor({ timeout: 60_000 });
    const all = await atBank(payment);
    assert.deepEqual(all.map(({ state, repeated_authorisations: asked }) => [state, asked]), [['reversed', 0]]);
    assert.ok(all[0].repeated_reversals >= 1, 'repeated');
    await payByCard(page, CARD.accepted);
    assert.equal(await outcome(page), 'accepted');
    await assertPaidOnce(payment);
  });
});

test('acquirer answers twice: authorised once', async () => {
  await withPage(browser, async (page) => {
    const payment = await open(page);
    await orderFault(demo, 'acquirer', 'duplicate');
    await payByCard(page, CARD.accepted);
    assert.equal(await outcome(page), 'accepted');
    await assertPaidOnce(payment);
  });
});

test('acquirer refuses: a refusal, then another try pays', async () => {
  await withPage(browser, async (page) => {
    const payment = await open(page);
    await orderFault(demo, 'acquirer', 'refuse');
    await payByCard(page, CARD.accepted);
    assert.match(await refusal(page), /Votre banque a refusé/);
    await payByCard(page, CARD.accepted);
    assert.equal(await outcome(page), 'accepted');
    await assertPaidOnce(payment);
  });
});

for (const kind of ['silent', 'garbage', 'disconnect', 'refuse', 'slow']) {
  test(`3-D Secure ${kind}: the payment goes on without a proof, and says so`, async () => {
    await withPage(browser, async (page) => {
      const payment = await open(page);
      await orderFault(demo, 'acs', kind);
      await payByCard(page, CARD.accepted);
      assert.equal(await outcome(page), 'accepted');
      await assertPaidOnce(payment);
      const { fields } = await theNotification(demo, { vads_order_id: payment.order });
      assert.equal(fields.vads_threeds_cavv, '');
      assert.equal(fields.vads_warranty_result, 'NO');
      assert.equal((await atBank(payment)).at(-1).authenticated, false);
    });
  });
}

for (const kind of ['silent', 'refuse', 'disconnect', 'slow']) {
  test(`shop ${kind}: the payment is fine, the buyer sees it, the shop’s contact gets an alert`, async () => {
    await withPage(browser, async (page) => {
      const payment = await open(page);
      await orderFault(demo, 'shop', kind);
      await payByCard(page, CARD.accepted);
      assert.equal(await outcome(page), 'accepted');
      await assertPaidOnce(payment);
      const { fields } = await theNotification(demo, { vads_order_id: payment.order });
      const alert = await mailTo(demo, MAIL_ALERT, (mail) => mail.text.includes(payment.order) || mail.text.includes(fields.vads_trans_uuid));
      assert.match(alert.subject, /\[tentative infructueuse #1\]/);
      assert.match(alert.text, /\/shop\/notification/);
    });
  });
}

test('shop answers nonsense with 200: that counts as heard', async () => {
  await withPage(browser, async (page) => {
    const payment = await open(page);
    await orderFault(demo, 'shop', 'garbage');
    await payByCard(page, CARD.accepted);
    assert.equal(await outcome(page), 'accepted');
    await assertPaidOnce(payment);
  });
});

test('the mails that SMTP refused arrive later', { timeout: 150_000 }, async () => {
  for (const to of ['patient@example.com', 'ventes@boutique.example']) {
    await mailTo(demo, to, (mail) => mail.text.includes(mailRefused.order), 120_000);
  }
});
