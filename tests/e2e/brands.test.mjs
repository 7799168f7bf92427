// The brand of a card that carries two: shown once the number tells, the buyer's to change, and told to the shop.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, DESKTOP, launch, overflowsSideways, screenshot, withPage } from './lib/browser.mjs';
import { fillCard, outcome, submitCard, theNotification } from './lib/buyer.mjs';
import { NO_LIMITS, startDemo } from './lib/demo.mjs';
import { openPayment, paymentForm } from './lib/vads.mjs';

let demo, browser;
before(async () => {
  demo = await startDemo({ name: 'brands', more: NO_LIMITS });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const NUMBER = '4970110000000708';

async function open(page, fields = {}) {
  const form = paymentForm({ vads_language: 'fr', ...fields });
  await page.goto(await openPayment(demo.server, form));
  return form;
}

async function assertPaidAs(page, form, brand, userChoice) {
  assert.equal(await outcome(page), 'accepted');
  const { fields } = await theNotification(demo, { vads_order_id: form.vads_order_id });
  assert.equal(fields.vads_card_brand, brand);
  assert.deepEqual(JSON.parse(fields.vads_brand_management), { userChoice, brandList: 'CB|VISA', brand });
}

const shown = (page) => page.locator('.choice label:visible').evaluateAll((labels) => labels.map((label) => label.innerText.trim()));

test('with scripts the two brands appear with the number, and the buyer may switch', async () => {
  for (const viewport of [undefined, DESKTOP]) {
    await withPage(browser, async (page) => {
      const form = await open(page);
      assert.deepEqual(await shown(page), [], 'nothing to choose yet');
      await fillCard(page, '4012001037141112');
      assert.deepEqual(await shown(page), [], 'a card of one brand');
      await fillCard(page, NUMBER);
      assert.deepEqual(await shown(page), ['CB', 'Visa']);
      assert.equal(await page.locator('.choice input[value=CB]').isChecked(), true);
      await assertAccessible(page, 'the choice of a brand');
      assert.equal(await overflowsSideways(page), false);
      await page.locator('.choice input[value=VISA]').check();
      await screenshot(page, viewport ? 'brands-wide' : 'brands');
      await submitCard(page);
      await assertPaidAs(page, form, 'VISA', true);
    }, viewport ? { viewport } : {});
  }
});

test('with scripts a preselected brand is no choice of the buyer', async () => {
  await withPage(browser, async (page) => {
    const form = await open(page);
    await fillCard(page, NUMBER);
    await submitCard(page);
    await assertPaidAs(page, form, 'CB', false);
  });
});

test('a shop that takes one brand of the card leaves nothing to switch', async () => {
  await withPage(browser, async (page) => {
    await open(page, { vads_payment_cards: 'CB;AMEX' });
    await page.locator('#card_number').waitFor();
    assert.equal(await page.locator('.choice').count(), 0);
  });
});

for (const [brand, userChoice] of [['VISA', true], ['CB', true], ['', false]]) {
  test(`without scripts ${brand || 'no brand'} is chosen from the list, and kept beside errors`, async () => {
    await withPage(browser, async (page) => {
      const form = await open(page);
      await page.locator(`.choice input[value="${brand}"]`).check();
      await fillCard(page, '4970110000000709');
      await submitCard(page);
      await page.locator('#errors').waitFor();
      assert.equal(await page.locator(`.choice input[value="${brand}"]`).isChecked(), true);
      if (brand === 'VISA') await screenshot(page, 'brands-no-scripts');
      await fillCard(page, NUMBER);
      await submitCard(page);
      await assertPaidAs(page, form, brand || 'CB', userChoice);
    }, { javaScriptEnabled: false });
  });
}
