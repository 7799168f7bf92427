// However often a buyer or his browser sends things: one payment is authorised once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, withPage } from './lib/browser.mjs';
import { answerChallenge, atTheBank, bankTransactions, CARD, notificationsOf, outcome, payByCard, theNotification } from './lib/buyer.mjs';
import { NO_LIMITS, startDemo } from './lib/demo.mjs';
import { eventually, postForm } from './lib/http.mjs';
import { openPayment, paymentForm, paySilently, silentForm } from './lib/vads.mjs';

let demo, browser;
before(async () => {
  demo = await startDemo({ name: 'once', more: NO_LIMITS });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

// Each payment of this file has an amount of its own, by which the bank's side of it is found.
let amount = 10_000;
async function newPayment() {
  amount += 1;
  const form = paymentForm({ vads_amount: String(amount), vads_payment_cards: 'CB', vads_language: 'fr' });
  return { form, amount, url: await openPayment(demo.server, form) };
}

const atBank = async (minor) => (await bankTransactions(demo)).filter((transaction) => transaction.amount_minor === minor);

async function assertPaidOnce(payment) {
  const { fields } = await theNotification(demo, { vads_order_id: payment.form.vads_order_id });
  assert.equal(fields.vads_trans_status, 'AUTHORISED');
  const all = await atBank(payment.amount);
  assert.deepEqual(all.map(({ state, repeated_authorisations: repeated }) => [state, repeated]), [['authorised', 0]]);
  assert.deepEqual(all, await atTheBank(demo, fields));
}

const cardFields = (number) => ({
  card_number: number,
  expiry: `12/${(new Date().getUTCFullYear() + 3) % 100}`,
  security_code: '123',
  card_holder: 'Claire Essai',
});

for (const javaScriptEnabled of [true, false]) {
  test(`a double click pays once, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    await withPage(browser, async (page) => {
      const payment = await newPayment();
      await page.goto(payment.url);
      await page.fill('[autocomplete=cc-number]', CARD.accepted);
      await page.fill('[autocomplete=cc-exp]', '12/29');
      await page.fill('[autocomplete=cc-csc]', '123');
      await page.fill('[autocomplete=cc-name]', 'Essai');
      await page.locator('button.primary').dblclick();
      assert.equal(await outcome(page), 'accepted');
      await assertPaidOnce(payment);
    }, { javaScriptEnabled });
  });
}

test('reloading the result changes nothing', async () => {
  await withPage(browser, async (page) => {
    const payment = await newPayment();
    await page.goto(payment.url);
    await payByCard(page, CARD.accepted);
    await outcome(page);
    for (let i = 0; i < 3; i++) {
      await page.reload();
      assert.equal(await outcome(page), 'accepted');
    }
    await assertPaidOnce(payment);
  });
});

test('the back button and the card sent again show the result that is there', async () => {
  await withPage(browser, async (page) => {
    const payment = await newPayment();
    await page.goto(payment.url);
    await payByCard(page, CARD.accepted);
    await outcome(page);
    await page.goBack();
    if (await page.locator('[autocomplete=cc-number]').count()) await payByCard(page, CARD.challenged);
    assert.equal(await outcome(page), 'accepted');
    await assertPaidOnce(payment);
  });
});

test('two tabs with one payment: the second shows what the first did', async () => {
  await withPage(browser, async (page) => {
    const payment = await newPayment();
    await page.goto(payment.url);
    const other = await page.context().newPage();
    await other.goto(payment.url);
    await payByCard(page, CARD.accepted);
    await outcome(page);
    await payByCard(other, CARD.challenged);
    assert.equal(await outcome(other), 'accepted');
    await assertPaidOnce(payment);
  });
});

test('two tabs that pay at the same moment', async () => {
  await withPage(browser, async (page) => {
    const payment = await newPayment();
    const other = await page.context().newPage();
    await Promise.all([page.goto(payment.url), other.goto(payment.url)]);
    await Promise.all([payByCard(page, CARD.accepted), payByCard(other, '4970110000000708')]);
    for (const tab of [page, other]) {
      await eventually(async () => (await tab.locator('svg.sign').count()) > 0, 'a result in both tabs', 20_000);
      assert.equal(await outcome(tab), 'accepted');
    }
    const { fields } = await theNotification(demo, { vads_order_id: payment.form.vads_order_id });
    const authorised = (await atBank(payment.amount)).filter(({ state }) => state === 'authorised');
    assert.deepEqual(authorised, await atTheBank(demo, fields));
    assert.equal(authorised.length, 1);
  });
});

test('a challenge in one tab, an accepted card in the other: one of them pays', async () => {
  await withPage(browser, async (page) => {
    const payment = await newPayment();
    await page.goto(payment.url);
    await payByCard(page, CARD.challenged);
    await page.locator('#code').waitFor();
    const other = await page.context().newPage();
    await other.goto(payment.url);
    if (await other.locator('[autocomplete=cc-number]').count()) await payByCard(other, CARD.accepted);
    await answerChallenge(page);
    await outcome(page).catch(() => undefined);
    await eventually(async () => (await notificationsOf(demo, { vads_order_id: payment.form.vads_order_id })).length > 0, 'an end', 20_000);
    await assertPaidOnce(payment);
  });
});

test('the card form posted many times at once is authorised once', async () => {
  const payment = await newPayment();
  const answers = await Promise.all(Array.from({ length: 10 }, () => postForm(`${payment.url}/card`, cardFields('4970110000000708'))));
  for (const answer of answers) assert.equal(answer.status, 303);
  await eventually(async () => (await notificationsOf(demo, { vads_order_id: payment.form.vads_order_id })).length > 0, 'a notification');
  await assertPaidOnce(payment);
});

test('a card that is challenged, posted several times at once, is authorised once', async () => {
  await withPage(browser, async (page) => {
    const payment = await newPayment();
    const answers = await Promise.all([1, 2].map(() => postForm(`${payment.url}/card`, cardFields(CARD.challenged))));
    for (const answer of answers) assert.equal(answer.status, 303);
    await page.goto(payment.url);
    await payByCard(page, CARD.challenged);
    await answerChallenge(page);
    assert.equal(await outcome(page), 'accepted');
    await assertPaidOnce(payment);
  });
});

test('the shop’s form posted again leads to the same payment, before and after it was paid', async () => {
  const payment = await newPayment();
  const again = await postForm(`${demo.server}/vads-payment/`, payment.form);
  assert.equal(again.status, 303);
  const location = new URL(again.headers.get('location'), demo.server).pathname;
  assert.equal(location, new URL(payment.url).pathname);
  await withPage(browser, async (page) => {
    await page.goto(payment.url);
    await payByCard(page, CARD.accepted);
    assert.equal(await outcome(page), 'accepted');
  });
  const late = await postForm(`${demo.server}/vads-payment/`, payment.form);
  assert.equal(late.status, 303);
  const page = await fetch(new URL(late.headers.get('location'), demo.server));
  assert.match(await page.text(), /class="sign accepted"/);
  await assertPaidOnce(payment);
});

test('a replayed transaction number with another amount is refused with 03', async () => {
  const payment = await newPayment();
  const { vads_trans_id: id, vads_trans_date: date } = payment.form;
  const other = paymentForm({ vads_trans_id: id, vads_trans_date: date, vads_amount: '1' });
  const answer = await postForm(`${demo.server}/vads-payment/`, other);
  assert.equal(answer.headers.get('x-acquit-form-error'), '03');
});

test('a SILENT form sent ten times at once is authorised once', async () => {
  amount += 1;
  const form = silentForm('4970110000000708', { vads_amount: String(amount) });
  const answers = await Promise.all(Array.from({ length: 10 }, () => paySilently(demo.server, form)));
  assert.ok(answers.some((fields) => fields.vads_trans_status === 'AUTHORISED'), JSON.stringify(answers.map((fields) => fields.vads_trans_status)));
  await assertPaidOnce({ form, amount });
});
