// Buying in the demo shop as a French buyer does, on a phone: what he sees, what shop, bank and inbox got.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { launch, screenshot, withPage } from './lib/browser.mjs';
import {
  answerChallenge, atTheBank, bankTransactions, CARD, checkOut, fillCard, goBack, mailTo, notificationsOf, outcome,
  payByCard, refusal, shopSays, submitCard, theNotification,
} from './lib/buyer.mjs';
import { NO_LIMITS, startDemo } from './lib/demo.mjs';
import { eventually } from './lib/http.mjs';
import { isSigned } from './lib/signing.mjs';
import { entryUrl, paymentForm, PRODUCTION_KEY, TEST_KEY } from './lib/vads.mjs';

let demo, browser;
before(async () => {
  demo = await startDemo({ name: 'buy', more: NO_LIMITS });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The result page came after the shop had heard of it. */
async function assertNotifiedBefore(page, notification) {
  const shown = await page.evaluate(() => performance.timeOrigin + performance.getEntriesByType('navigation')[0].responseStart);
  assert.ok(Date.parse(notification.received) <= shown, `notified at ${notification.received}, shown at ${new Date(shown).toISOString()}`);
}

async function orderOf(page) {
  const text = await page.locator('body').innerText();
  return /\d{6}-[0-9A-F]{8}/.exec(text)[0];
}

async function assertAccepted(page, order, { authenticated }) {
  assert.equal(await outcome(page), 'accepted');
  assert.match(await page.locator('h1').innerText(), /Paiement accepté/);
  const notification = await theNotification(demo, { vads_order_id: order });
  await assertNotifiedBefore(page, notification);
  const { fields } = notification;
  assert.equal(fields.vads_trans_status, 'AUTHORISED');
  assert.equal(fields.vads_result, '00');
  assert.equal(fields.vads_url_check_src, 'PAY');
  assert.equal(fields.vads_threeds_status, authenticated ? 'Y' : fields.vads_threeds_status);
  const bank = await atTheBank(demo, fields);
  assert.deepEqual(
    bank.map(({ state, amount_minor: amount, authorisation_code: code, repeated_authorisations: repeated }) => [state, amount, code, repeated]),
    [['authorised', Number(fields.vads_effective_amount), fields.vads_auth_number, 0]],
  );
  assert.equal(bank[0].authenticated, true);
  return notification;
}

async function assertMails(order) {
  const ticket = await mailTo(demo, 'client@example.com', (mail) => mail.text.includes(order));
  assert.match(ticket.text, /89,00\s€/);
  const merchant = await mailTo(demo, 'ventes@boutique.example', (mail) => mail.text.includes(order));
  assert.match(merchant.subject, /89,00/);
  for (const mail of [ticket, merchant]) assert.doesNotMatch(`${mail.text}${mail.html}`, /497010\d{10}|⟦/);
}

test('an accepted card in French on a phone: notified, authorised, mailed, back in the shop', async () => {
  await withPage(browser, async (page) => {
    await checkOut(page, demo);
    const order = await orderOf(page);
    await fillCard(page, CARD.accepted);
    await screenshot(page, 'buy-2-card');
    await submitCard(page);
    await assertAccepted(page, order, { authenticated: true });
    await screenshot(page, 'buy-3-accepted');
    assert.match(await page.locator('.ticket').innerText(), /497010XXXXXX0055/);
    const back = await goBack(page);
    assert.deepEqual(back, { order, status: 'Payée', signature: 'Signature du retour vérifiée', warning: undefined });
    await assertMails(order);
  });
});

test('a challenged card: the code at the bank, then accepted with the proof', async () => {
  await withPage(browser, async (page) => {
    await checkOut(page, demo);
    const order = await orderOf(page);
    await payByCard(page, CARD.challenged);
    await page.locator('#code').waitFor();
    await screenshot(page, 'buy-challenge');
    await answerChallenge(page);
    const { fields } = await assertAccepted(page, order, { authenticated: true });
    assert.equal(fields.vads_threeds_auth_type, 'CHALLENGE');
    assert.ok(fields.vads_threeds_cavv);
    assert.equal(fields.vads_warranty_result, 'YES');
    await assertMails(order);
  });
});

test('a card whose bank runs a 3DS Method first, then a challenge', async () => {
  await withPage(browser, async (page) => {
    let calledMethod = false;
    page.on('request', (request) => (calledMethod ||= request.url().includes('/threeds/method')));
    await checkOut(page, demo);
    const order = await orderOf(page);
    await payByCard(page, CARD.method);
    await answerChallenge(page);
    assert.ok(calledMethod, 'the bank got its 3DS Method call');
    await assertAccepted(page, order, { authenticated: true });
  });
});

test('three refusals end the payment; the first two say how many tries are left', async () => {
  await withPage(browser, async (page) => {
    await checkOut(page, demo);
    const order = await orderOf(page);
    await payByCard(page, CARD.refused);
    assert.match(await refusal(page), /2/);
    await screenshot(page, 'buy-refused-once');
    assert.deepEqual(await notificationsOf(demo, { vads_order_id: order }), [], 'nothing is over yet');
    await payByCard(page, CARD.refused);
    assert.match(await refusal(page), /1|dernier/i);
    await payByCard(page, CARD.refused);
    assert.equal(await outcome(page), 'refused');
    await screenshot(page, 'buy-refused');
    const notification = await theNotification(demo, { vads_order_id: order });
    await assertNotifiedBefore(page, notification);
    assert.equal(notification.fields.vads_trans_status, 'REFUSED');
    assert.equal(notification.fields.vads_auth_result, '51');
    const bank = await atTheBank(demo, notification.fields);
    assert.deepEqual(bank.map((transaction) => transaction.state), ['declined']);
    assert.equal((await goBack(page)).status, 'Paiement refusé');
  });
});

test('after a refusal another card pays', async () => {
  await withPage(browser, async (page) => {
    await checkOut(page, demo);
    const order = await orderOf(page);
    await payByCard(page, CARD.refused);
    await refusal(page);
    await payByCard(page, CARD.accepted);
    await assertAccepted(page, order, { authenticated: true });
  });
});

test('a challenge that the buyer cancels at his bank is a refusal that he can try again', async () => {
  await withPage(browser, async (page) => {
    await checkOut(page, demo);
    const order = await orderOf(page);
    const before = (await bankTransactions(demo)).length;
    await payByCard(page, CARD.challenged);
    await answerChallenge(page, 'cancel');
    assert.match(await refusal(page), /abandonnée/);
    assert.equal((await bankTransactions(demo)).length, before, 'the acquirer was not asked');
    await payByCard(page, CARD.challenged);
    await answerChallenge(page);
    await assertAccepted(page, order, { authenticated: true });
  });
});

test('the cancel button ends the payment and asks the bank nothing; the shop learns it by the return', async () => {
  await withPage(browser, async (page) => {
    await checkOut(page, demo);
    const order = await orderOf(page);
    const before = (await bankTransactions(demo)).length;
    await page.locator('form.cancel button').click();
    assert.equal(await outcome(page), 'cancelled');
    await screenshot(page, 'buy-cancelled');
    assert.equal((await bankTransactions(demo)).length, before);
    // The rule "cancellation" of a new shop is off.
    assert.deepEqual(await notificationsOf(demo, { vads_order_id: order }), []);
    const back = await goBack(page);
    assert.equal(back.signature, 'Signature du retour vérifiée');
    assert.match(page.url(), /vads_result=17/);
    assert.match(await page.locator('h1').innerText(), /abandonné/);
    await page.goBack();
    assert.equal(await outcome(page), 'cancelled', 'it cannot be paid any more');
  });
});

test('all cards are one choice: the form comes at once, and the brand follows from the number', async () => {
  await withPage(browser, async (page) => {
    for (const [number, brand] of [['4970110000000708', 'CB'], ['5000550000000052', 'MAESTRO'], ['4012001037141112', 'VISA']]) {
      const form = paymentForm({ vads_language: 'fr' });
      await page.goto(entryUrl(demo.server, form));
      await payByCard(page, number);
      assert.equal(await outcome(page), 'accepted');
      const { fields } = await theNotification(demo, { vads_order_id: form.vads_order_id });
      assert.equal(fields.vads_card_brand, brand);
      assert.equal(JSON.parse(fields.vads_brand_management).userChoice, false);
    }
  });
});

test('three instalments: the first is authorised now, the shop hears of its amount', async () => {
  await withPage(browser, async (page) => {
    await checkOut(page, demo, { instalments: '3' });
    const order = await orderOf(page);
    await payByCard(page, CARD.accepted);
    assert.equal(await outcome(page), 'accepted');
    const all = await eventually(async () => {
      const found = await notificationsOf(demo, { vads_order_id: order });
      return found.length > 0 && found;
    }, 'a notification');
    const first = all.find(({ fields }) => fields.vads_sequence_number === '1');
    assert.equal(first.fields.vads_effective_amount, '2968');
    assert.equal(first.fields.vads_amount, '8900', 'the order’s total');
    assert.equal(first.fields.vads_occurrence_type, 'RECURRENT_INITIAL');
    assert.deepEqual((await atTheBank(demo, first.fields)).map(({ state, amount_minor: amount }) => [state, amount]), [['authorised', 2968]]);
    const bank = await bankTransactions(demo);
    assert.equal(bank.filter(({ amount_minor: amount }) => amount === 2966).length, 0, 'the others are asked for near their day');
  });
});

for (const mode of ['GET', 'POST', 'NONE']) {
  test(`return mode ${mode}: the shop ${mode === 'NONE' ? 'gets no data and finds the order by itself' : 'verifies what the buyer brings'}`, async () => {
    await withPage(browser, async (page) => {
      await checkOut(page, demo, { return_mode: mode });
      const order = await orderOf(page);
      await payByCard(page, CARD.accepted);
      await outcome(page);
      let method;
      page.on('request', (request) => {
        if (request.url().includes('/shop/return')) method = request.method();
      });
      const back = await goBack(page);
      assert.equal(method, mode === 'POST' ? 'POST' : 'GET');
      assert.equal(new URL(page.url()).search.includes('vads_'), mode === 'GET');
      // A cookie that comes back with a cross-site POST would be SameSite=None; here only NONE depends on it.
      assert.equal(back.signature, mode === 'NONE' ? 'Retour sans données' : 'Signature du retour vérifiée');
      assert.equal(back.order, order);
      assert.equal(back.status, 'Payée');
    });
  });
}

/** A shop's return address: `answer` gets what the buyer brought; what `work` gives. */
async function withReturnAddress(answer, work) {
  const server = createServer(async (request, response) => {
    if (!request.url.startsWith('/back')) return response.writeHead(404).end();
    let body = '';
    for await (const chunk of request) body += chunk;
    const sent = request.method === 'POST' ? body : new URL(request.url, 'http://shop').search;
    answer(Object.fromEntries(new URLSearchParams(sent)), response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${server.address().port}/back`);
  } finally {
    server.close();
  }
}

for (const mode of ['GET', 'POST']) {
  test(`return mode ${mode}: line breaks of a field come back as they were signed`, async () => {
    await withPage(browser, async (page) => {
      let brought;
      const answer = (fields, response) => {
        brought = fields;
        response.setHeader('content-type', 'text/html');
        response.end('<!doctype html><html lang="fr"><title>x</title><main id="order">x</main></html>');
      };
      await withReturnAddress(answer, async (url) => {
        const form = paymentForm({
          vads_payment_cards: 'CB', vads_order_info: 'a\nb\rc\r\nd', vads_return_mode: mode, vads_url_return: url,
        });
        await page.goto(entryUrl(demo.server, form));
        await payByCard(page, CARD.accepted);
        await outcome(page);
        await page.locator('main form button.primary').click();
        await page.locator('#order').waitFor();
        assert.equal(brought.vads_order_info, 'a\r\nb\r\nc\r\nd');
        assert.ok(isSigned(brought, TEST_KEY), 'the signature is that of what the browser sent');
        const { fields } = await theNotification(demo, { vads_order_id: form.vads_order_id });
        assert.equal(fields.vads_order_info, 'a\nb\rc\r\nd', 'the notification has it byte for byte');
      });
    });
  });

  test(`return mode ${mode}: a shop may send its buyers on to another origin`, async () => {
    await withPage(browser, async (page) => {
      const answer = (fields, response) => {
        response.writeHead(302, { location: `${demo.sandbox}/shop?result=${fields.vads_result}` });
        response.end();
      };
      await withReturnAddress(answer, async (url) => {
        await page.goto(entryUrl(demo.server, paymentForm({ vads_payment_cards: 'CB', vads_return_mode: mode, vads_url_return: url })));
        await payByCard(page, CARD.accepted);
        await outcome(page);
        await page.locator('main form button.primary').click();
        await page.waitForURL(/\/shop\?result=00/);
      });
    });
  });
}

test('a wrong form leads back to the shop’s address for errors, signed', async () => {
  await withPage(browser, async (page) => {
    const form = paymentForm({ vads_amount: '12.50', vads_url_error: `${demo.sandbox}/shop/return`, vads_return_mode: 'GET' });
    await page.goto(entryUrl(demo.server, form));
    await page.locator('main form button.primary').click();
    await page.waitForURL(/\/shop\/return\?.*vads_result=30/);
    const brought = Object.fromEntries(new URL(page.url()).searchParams);
    assert.equal(brought.vads_extra_result, '09');
    assert.equal(brought.vads_order_id, form.vads_order_id);
    assert.ok(isSigned(brought, TEST_KEY));
  });
});

test('PRODUCTION: a form under the production key is paid, told and brought back under it', async () => {
  await withPage(browser, async (page) => {
    const fields = { vads_ctx_mode: 'PRODUCTION', vads_payment_cards: 'CB', vads_return_mode: 'GET', vads_url_return: `${demo.sandbox}/shop/return` };
    await page.goto(entryUrl(demo.server, paymentForm(fields, TEST_KEY)));
    assert.equal(await page.locator('[autocomplete=cc-number]').count(), 0, 'the key of TEST opens nothing');
    const form = paymentForm(fields, PRODUCTION_KEY);
    await page.goto(entryUrl(demo.server, form));
    assert.equal(await page.locator('.test-strip').count(), 0);
    await payByCard(page, CARD.accepted);
    assert.equal(await outcome(page), 'accepted');
    const [notification] = await notificationsOf(demo, { vads_order_id: form.vads_order_id });
    assert.equal(notification.fields.vads_trans_status, 'AUTHORISED');
    assert.equal(notification.fields.vads_ctx_mode, 'PRODUCTION');
    assert.ok(isSigned(notification.fields, PRODUCTION_KEY));
    await page.locator('main form button.primary').click();
    await page.waitForURL(/\/shop\/return\?.*vads_result=00/);
    assert.ok(isSigned(Object.fromEntries(new URL(page.url()).searchParams), PRODUCTION_KEY));
  });
});

test('automatic redirect: the shop’s message, then back by itself after the delay', async () => {
  await withPage(browser, async (page) => {
    await checkOut(page, demo, { redirect: '1' });
    const before = Date.now();
    await payByCard(page, CARD.accepted);
    await outcome(page);
    assert.match(await page.locator('main').innerText(), /Redirection vers la boutique dans quelques instants/);
    await page.waitForURL(/\/shop\/return/, { timeout: 60_000 });
    assert.ok(Date.now() - before > 3_500, 'not before its time');
    assert.equal((await shopSays(page)).status, 'Payée');
  });
});

test('a redirect delay of 0 shows no result page of ours', async () => {
  await withPage(browser, async (page) => {
    const form = paymentForm({
      vads_payment_cards: 'CB', vads_redirect_success_timeout: '0', vads_redirect_success_message: 'Retour',
      vads_return_mode: 'GET', vads_url_return: `${demo.sandbox}/shop/return`,
    });
    await page.goto(entryUrl(demo.server, form));
    await payByCard(page, CARD.accepted);
    await page.waitForURL(/\/shop\/return\?.*vads_result=00/);
  });
});

for (const [currency, amount] of [['JPY', /14\s?500\s?(¥|￥|JPY|円)/], ['TND', /298,000\s?(TND|DT)/]]) {
  test(`${currency} is shown with its own number of decimals and authorised as such`, async () => {
    await withPage(browser, async (page) => {
      await checkOut(page, demo, { currency });
      const order = await orderOf(page);
      assert.match(await page.locator('.summary .amount').innerText(), amount);
      await payByCard(page, CARD.accepted);
      assert.equal(await outcome(page), 'accepted');
      assert.match(await page.locator('p.amount').first().innerText(), amount);
      await screenshot(page, `buy-${currency}`);
      const { fields } = await theNotification(demo, { vads_order_id: order });
      const expected = { JPY: 14500, TND: 298000 }[currency];
      assert.deepEqual((await atTheBank(demo, fields)).map(({ state, amount_minor: minor }) => [state, minor]), [['authorised', expected]]);
    });
  });
}
