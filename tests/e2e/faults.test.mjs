// Partners that misbehave: the buyer sees a clear page, the bank and we agree afterwards, nothing is paid twice.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { launch, screenshot, withPage } from './lib/browser.mjs';
import {
  answerChallenge, bankTransactions, CARD, clearFaults, mailTo, notificationsOf, orderFault, outcome, payByCard, pendingFaults, refusal, theNotification,
} from './lib/buyer.mjs';
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
/**
 * Opens a payment with an amount of its own, by which the bank's side of it is found. It is captured tomorrow: late in
 * the evening the capture would come at once, and meet the fault that the test ordered for something else.
 */
async function open(page, fields) {
  amount += 1;
  const form = paymentForm({ vads_amount: String(amount), vads_capture_delay: '1', vads_payment_cards: 'CB', vads_language: 'fr', ...fields });
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
    await eventually(async () => (await pendingFaults(demo)).length === 0, 'both mails refused');
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

/** By a card that makes its holder prove himself at the bank. */
async function payChallenged(page) {
  await payByCard(page, CARD.challenged);
  await answerChallenge(page);
}

/** Paid once, and by the bank's own result. */
async function assertPaidWithProof(payment) {
  await assertPaidOnce(payment);
  const { fields } = await theNotification(demo, { vads_order_id: payment.order });
  assert.notEqual(fields.vads_threeds_cavv, '');
  assert.equal(fields.vads_threeds_status, 'Y');
  assert.equal((await atBank(payment)).at(-1).authenticated, true);
  assert.deepEqual(await pendingFaults(demo), [], 'the fault was met');
}

test('3-D Secure result twice: paid once, with the proof', async () => {
  await withPage(browser, async (page) => {
    const payment = await open(page);
    await orderFault(demo, 'acs', 'duplicate');
    await payChallenged(page);
    assert.equal(await outcome(page), 'accepted');
    await assertPaidWithProof(payment);
    assert.equal((await atBank(payment)).length, 1, 'asked once');
  });
});

test('3-D Secure result slow: it is waited for', async () => {
  await withPage(browser, async (page) => {
    const payment = await open(page);
    await orderFault(demo, 'acs', 'slow', 1, 'rreq');
    await payChallenged(page);
    assert.equal(await outcome(page), 'accepted');
    await assertPaidWithProof(payment);
  });
});

for (const kind of ['silent', 'garbage', 'disconnect', 'refuse']) {
  test(`3-D Secure result ${kind}: whatever the browser brings, nothing is asked of the bank; the second try pays once`, async () => {
    await withPage(browser, async (page) => {
      const payment = await open(page);
      await orderFault(demo, 'acs', kind, 1, 'rreq');
      await payChallenged(page);
      assert.match(await refusal(page), /n’a pas pu confirmer/);
      assert.deepEqual(await atBank(payment), []);
      assert.deepEqual(await notificationsOf(demo, { vads_order_id: payment.order }), []);
      await payChallenged(page);
      assert.equal(await outcome(page), 'accepted');
      await assertPaidWithProof(payment);
    });
  });
}

const BROKEN_PAGE = {
  silent: async (page) => assert.equal(new URL(page.url()).origin, demo.server),
  garbage: async (page) => await page.getByText('messageType').waitFor(),
  disconnect: async (page) => await page.getByText('ERR_EMPTY_RESPONSE').waitFor(),
  refuse: async (page) => await page.getByText('Service indisponible').waitFor(),
};
for (const [kind, isBroken] of Object.entries(BROKEN_PAGE)) {
  test(`the bank’s page ${kind}: the buyer goes back and pays once`, async () => {
    const work = async (page) => {
      const payment = await open(page);
      const address = page.url();
      // A browser whose connection is cut asks again by itself, a few times.
      const ordered = kind === 'disconnect' ? 20 : 1;
      await orderFault(demo, 'acs', kind, ordered, 'challenge');
      await payByCard(page, CARD.challenged, { leaves: true });
      await eventually(async () => ((await pendingFaults(demo))[0]?.count ?? 0) < ordered, 'the bank was asked for its page');
      await isBroken(page);
      await clearFaults(demo);
      await page.goto(address);
      await payChallenged(page);
      assert.equal(await outcome(page), 'accepted');
      await assertPaidWithProof(payment);
    };
    await withPage(browser, work, { expected: /status of 503|net::ERR_EMPTY_RESPONSE/ });
  });
}

test('the bank’s page breaks after its result: nothing is paid until the buyer comes back, then once', async () => {
  await withPage(browser, async (page) => {
    const payment = await open(page);
    const address = page.url();
    await payByCard(page, CARD.challenged);
    await page.locator('#code').waitFor();
    await orderFault(demo, 'acs', 'garbage', 1, 'challenge');
    await answerChallenge(page);
    await BROKEN_PAGE.garbage(page);
    assert.deepEqual(await atBank(payment), []);
    await page.goto(address);
    await payChallenged(page);
    assert.equal(await outcome(page), 'accepted');
    await assertPaidWithProof(payment);
  });
});

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
