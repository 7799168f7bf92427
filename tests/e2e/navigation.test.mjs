// Back and reload on every page of the way: nothing is posted again, nothing is paid twice, and no page is a dead end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, launch, overflowsSideways, screenshot, withPage } from './lib/browser.mjs';
import { answerChallenge, atTheBank, CARD, fillCard, outcome, payByCard, submitCard, theNotification } from './lib/buyer.mjs';
import { NO_LIMITS, startDemo } from './lib/demo.mjs';
import { openPayment, paymentForm } from './lib/vads.mjs';

let demo, browser;
before(async () => {
  demo = await startDemo({ name: 'navigation', more: NO_LIMITS });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The card page of a payment of its own. */
async function open(page, fields = {}) {
  const form = paymentForm({ vads_payment_cards: 'CB', vads_language: 'fr', ...fields });
  const url = await openPayment(demo.server, form);
  await page.goto(url);
  return form;
}

/** A payment that waits at the bank's page. */
async function openAtTheBank(page, card = CARD.challenged) {
  const form = await open(page);
  await payByCard(page, card);
  await page.locator('#code').waitFor();
  return form;
}

/** From the bank's page to ours that says where the payment is. */
async function goBackFromTheBank(page) {
  await page.goBack();
  await page.waitForURL(/\?step=/);
}

async function assertPaidOnce(page, form) {
  assert.equal(await outcome(page), 'accepted');
  const { fields } = await theNotification(demo, { vads_order_id: form.vads_order_id });
  assert.deepEqual((await atTheBank(demo, fields)).map(({ state }) => state), ['authorised']);
}

/** No page that the browser keeps came by a post of ours, so that none can be posted again. */
async function postsOf(page, work) {
  const posts = [];
  const note = (request) => {
    if (request.method() === 'POST' && request.url().startsWith(demo.server)) posts.push(new URL(request.url()).pathname);
  };
  page.on('request', note);
  await work();
  page.off('request', note);
  return posts;
}

for (const javaScriptEnabled of [true, false]) {
  const scripts = javaScriptEnabled ? 'with scripts' : 'without scripts';

  test(`${scripts}, a card with errors is shown again by a reload, and posted by nothing but the button`, async () => {
    await withPage(browser, async (page) => {
      const form = await open(page);
      await payByCard(page, '4970100000000056', { holder: 'Élodie Essai' });
      await page.locator('#errors').waitFor();
      assert.match(page.url(), /\?again=/);
      assert.doesNotMatch(page.url(), /4970|[?&]holder/);
      const posts = await postsOf(page, async () => {
        await page.reload();
        assert.equal(await page.inputValue('#card_holder'), 'Élodie Essai');
        await page.goBack();
        await page.locator('#card_number').waitFor();
        await page.goForward();
        await page.locator('#errors').waitFor();
      });
      assert.deepEqual(posts, []);
      await payByCard(page, CARD.accepted);
      await assertPaidOnce(page, form);
    }, { javaScriptEnabled });
  });

  test(`${scripts}, back and reload on the result show the result`, async () => {
    await withPage(browser, async (page) => {
      const form = await open(page);
      await payByCard(page, CARD.accepted);
      await assertPaidOnce(page, form);
      const posts = await postsOf(page, async () => {
        await page.reload();
        await assertPaidOnce(page, form);
        await page.goBack();
        await assertPaidOnce(page, form);
      });
      assert.deepEqual(posts, []);
    }, { javaScriptEnabled });
  });
}

test('back from the bank’s page: the page before says where the payment is, and goes on by its button', async () => {
  await withPage(browser, async (page) => {
    const form = await openAtTheBank(page);
    await goBackFromTheBank(page);
    await page.locator('main form button.primary').waitFor();
    assert.match(await page.locator('main').innerText(), /Votre banque va vous demander/);
    await assertAccessible(page, 'the way back from the bank');
    assert.equal(await overflowsSideways(page), false);
    await screenshot(page, 'navigation-back-from-bank');
    await page.reload();
    await page.locator('#code').waitFor();
    await goBackFromTheBank(page);
    await page.locator('main form button.primary').click();
    await answerChallenge(page);
    await assertPaidOnce(page, form);
    // Over the bank's own page, which came by a post as EMV 3-D Secure has it.
    await page.evaluate(() => history.go(-2));
    await page.waitForURL(/\?step=/);
    await assertPaidOnce(page, form);
  });
});

test('back from the bank’s page to another card: the first try is over and pays nothing', async () => {
  await withPage(browser, async (page) => {
    const form = await openAtTheBank(page);
    await goBackFromTheBank(page);
    await page.locator('.other a').click();
    await fillCard(page, CARD.accepted);
    await submitCard(page);
    await assertPaidOnce(page, form);
  });
});

test('back over a 3DS Method’s page goes on at the bank that asked meanwhile', async () => {
  await withPage(browser, async (page) => {
    const form = await openAtTheBank(page, CARD.method);
    for (let i = 0; i < 3 && !/\?step=/.test(page.url()); i++) await page.goBack();
    await page.locator('main form button.primary').click();
    await answerChallenge(page);
    await assertPaidOnce(page, form);
  });
});

test('a page of the bank loaded again posts to the bank alone', async () => {
  await withPage(browser, async (page) => {
    const form = await openAtTheBank(page);
    assert.deepEqual(await postsOf(page, async () => {
      await page.reload();
      await page.locator('#code').waitFor();
    }), []);
    await answerChallenge(page);
    await assertPaidOnce(page, form);
  });
});

test('back from the shop shows the result and stays there, however the shop is returned to', async () => {
  for (const mode of ['GET', 'POST']) {
    await withPage(browser, async (page) => {
      const form = await open(page, {
        vads_redirect_success_timeout: '0', vads_redirect_success_message: 'Retour', vads_return_mode: mode,
        vads_url_return: `${demo.sandbox}/shop/return`,
      });
      await payByCard(page, CARD.accepted);
      await page.waitForURL(/\/shop\/return/);
      await page.goBack();
      assert.match(page.url(), /\/pay\//, form.vads_order_id);
      await page.locator('main form button.primary').click();
      await page.waitForURL(/\/shop\/return/);
    });
  }
});
