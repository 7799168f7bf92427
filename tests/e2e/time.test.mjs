// The time that a buyer has: told, counted down, warned of before it ends, and given more of, with scripts and without.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, DESKTOP, launch, overflowsSideways, screenshot, withPage } from './lib/browser.mjs';
import { outcome, submitCard } from './lib/buyer.mjs';
import { NO_LIMITS, startDemo } from './lib/demo.mjs';
import { openPayment, paymentForm } from './lib/vads.mjs';

let demo, browser;
before(async () => {
  demo = await startDemo({ name: 'time', more: NO_LIMITS });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const YEAR = new Date().getUTCFullYear() + 3;
const open = () => openPayment(demo.server, paymentForm({ vads_payment_cards: 'CB', vads_language: 'fr' }));

async function fillIn(page) {
  await page.fill('#card_number', '4970110000000708');
  await page.fill('#expiry', `12/${YEAR % 100}`);
  await page.fill('#security_code', '123');
  await page.fill('#card_holder', 'Claire Essai');
}

test('two minutes before the end the page says so politely, and a press gives ten more without losing what is typed', async () => {
  for (const viewport of [undefined, DESKTOP]) {
    await withPage(browser, async (page) => {
      await page.clock.install();
      await page.goto(await open());
      assert.match(await page.locator('.time').innerText(), /Il vous reste 10 minutes/);
      await assertAccessible(page, 'the card page with its time');
      await fillIn(page);
      await page.clock.fastForward('07:30');
      assert.match(await page.locator('.time').innerText(), /Il vous reste 3 minutes/);
      assert.equal(await page.locator('.time-said').textContent(), '', 'nothing is said yet');
      await page.clock.fastForward('00:35');
      assert.equal(await page.locator('[role=status].time-said').textContent(), 'Il vous reste 2 minutes pour payer.');
      await assertAccessible(page, 'the warning');
      assert.equal(await overflowsSideways(page), false);
      const covered = await page.evaluate(() => {
        const box = document.querySelector('.time').getBoundingClientRect();
        return ['.primary', '#card_holder', '#card_number'].filter((name) => {
          const field = document.querySelector(name).getBoundingClientRect();
          return field.top < box.bottom && field.bottom > box.top;
        });
      });
      assert.deepEqual(covered, [], 'the warning hides nothing');
      await screenshot(page, viewport ? 'time-warning-wide' : 'time-warning');
      await page.locator('.time button').click();
      await page.locator('.time:not(.soon)').waitFor();
      assert.match(await page.locator('.time').innerText(), /Il vous reste 10 minutes/);
      assert.equal(await page.inputValue('#security_code'), '123');
      await submitCard(page);
      assert.equal(await outcome(page), 'accepted');
    }, viewport ? { viewport } : {});
  }
});

test('when the time is over the page says what the payment says', async () => {
  await withPage(browser, async (page) => {
    await page.clock.install();
    await page.goto(await open());
    const reloaded = page.waitForEvent('framenavigated');
    await page.clock.fastForward('10:01');
    await reloaded;
    // Only this browser's clock was ahead: the payment has its time.
    await page.locator('#card_number').waitFor();
    assert.match(await page.locator('.time').innerText(), /minute/);
  });
});

test('without scripts a press gives more time, and keeps what may be shown again', async () => {
  await withPage(browser, async (page) => {
    await page.goto(await open());
    await fillIn(page);
    await page.locator('.time button').click();
    await page.waitForURL(/\?again=/);
    assert.equal(await page.inputValue('#card_holder'), 'Claire Essai');
    assert.equal(await page.inputValue('#card_number'), '', 'a number never comes back');
    assert.equal(await page.locator('#errors').count(), 0);
    await fillIn(page);
    await page.keyboard.press('Enter');
    assert.equal(await outcome(page), 'accepted', 'Enter pays; it does not ask for time');
  }, { javaScriptEnabled: false });
});

test('in forced colours every button and field has an edge that shows', async () => {
  await withPage(browser, async (page) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await page.goto(await open());
    await page.locator('.test-cards').waitFor();
    const edges = await page.evaluate(() => [...document.querySelectorAll('button:not(.inline), input[type=text], select')].map((element) => {
      const style = getComputedStyle(element);
      return [element.textContent || element.id, parseFloat(style.borderTopWidth), style.borderTopStyle, style.borderTopColor !== style.backgroundColor || element.className];
    }));
    assert.ok(edges.length >= 6);
    for (const [what, width, kind] of edges) {
      assert.ok(width >= 1, `${what} has an edge`);
      assert.equal(kind, 'solid', what);
    }
    await screenshot(page, 'forced-colors-card');
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
    await screenshot(page, 'forced-colors-card-dark');
  });
});
