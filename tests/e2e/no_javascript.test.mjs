// The whole way without scripts: every step is a form with a button.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, screenshot, withPage } from './lib/browser.mjs';
import { answerChallenge, atTheBank, CARD, checkOut, goBack, outcome, payByCard, refusal, theNotification } from './lib/buyer.mjs';
import { NO_LIMITS, startDemo } from './lib/demo.mjs';

const PRIMARY = 'main form button';

let demo, browser;
before(async () => {
  demo = await startDemo({ name: 'no_javascript', more: NO_LIMITS });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const withoutScripts = (work) => withPage(browser, work, { javaScriptEnabled: false });

/** Presses "go on" on pages that go on by themselves where scripts run, until `found` is there. */
async function pressOn(page, found) {
  for (let step = 0; step < 6; step++) {
    await page.waitForLoadState();
    if (await page.locator(found).count()) return;
    await page.locator(PRIMARY).last().click();
  }
  throw new Error(`no ${found} at ${page.url()}`);
}

async function assertPaid(page, order) {
  assert.equal(await outcome(page), 'accepted');
  const { fields } = await theNotification(demo, { vads_order_id: order });
  assert.equal(fields.vads_trans_status, 'AUTHORISED');
  assert.deepEqual((await atTheBank(demo, fields)).map(({ state }) => state), ['authorised']);
  assert.equal((await goBack(page)).status, 'Payée');
}

const orderOn = async (page) => /\d{6}-[0-9A-F]{8}/.exec(await page.locator('body').innerText())[0];

test('without scripts a card is paid, from the shop and back', async () => {
  await withoutScripts(async (page) => {
    await checkOut(page, demo);
    const order = await orderOn(page);
    await payByCard(page, CARD.accepted);
    await assertPaid(page, order);
  });
});

for (const [what, card] of [['challenge', CARD.challenged], ['3DS Method and challenge', CARD.method]]) {
  test(`without scripts ${what} work by buttons`, async () => {
    await withoutScripts(async (page) => {
      await checkOut(page, demo);
      const order = await orderOn(page);
      await payByCard(page, card);
      await pressOn(page, '#code');
      await screenshot(page, 'no-javascript-challenge');
      await answerChallenge(page);
      await pressOn(page, 'svg.sign');
      await assertPaid(page, order);
    });
  });
}

test('without scripts errors of the card form and a refusal are told', async () => {
  await withoutScripts(async (page) => {
    await checkOut(page, demo);
    await payByCard(page, '4970100000000056', { expiry: '13/20' });
    assert.equal(await page.locator('#errors li').count(), 2);
    await payByCard(page, CARD.refused);
    assert.match(await refusal(page), /2/);
  });
});

test('without scripts a test card of the list is enough', async () => {
  await withoutScripts(async (page) => {
    await checkOut(page, demo);
    const order = await orderOn(page);
    await page.selectOption('#test_card', CARD.accepted);
    await page.fill('[autocomplete=cc-name]', 'Essai');
    await page.locator('button.primary').click();
    await assertPaid(page, order);
  });
});

test('without scripts the language changes by a link', async () => {
  await withoutScripts(async (page) => {
    await checkOut(page, demo);
    await page.locator('.languages summary').click();
    await page.locator('.languages a[lang=de]').click();
    await page.waitForLoadState();
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  });
});
