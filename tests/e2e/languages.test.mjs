// The thirteen languages of the buyer's pages, and which one is shown.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, overflowsSideways, screenshot, withPage } from './lib/browser.mjs';
import { CARD, outcome, payByCard } from './lib/buyer.mjs';
import { NO_LIMITS, startDemo } from './lib/demo.mjs';
import { entryUrl, openPayment, paymentForm } from './lib/vads.mjs';

const LANGUAGES = ['de', 'en', 'zh', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt', 'ru', 'sv', 'tr'];

let demo, browser;
before(async () => {
  demo = await startDemo({ name: 'languages', more: NO_LIMITS });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const langOf = (page) => page.locator('html').getAttribute('lang');

/** Text that a translator never saw: our mark for a missing message, or the name of one, or an unfilled placeholder. */
async function assertTranslated(page, what) {
  const text = await page.locator('html').innerText();
  const attributes = await page.locator('[aria-label],[alt],[title],[placeholder],[data-luhn]').evaluateAll((elements) =>
    elements.flatMap((element) => ['aria-label', 'alt', 'title', 'placeholder', 'data-luhn'].map((name) => element.getAttribute(name) ?? '')),
  );
  const all = `${await page.title()}\n${text}\n${attributes.join('\n')}`.replace(/\S+@\S+|https?:\S+/g, '');
  assert.doesNotMatch(all, /⟦|⟧|\{\{|\{[a-z_]+\}/, what);
  assert.doesNotMatch(all, /\b(card|page|action|result|refusal|error|ticket|method|test|threeds|language|waiting)\.[a-z_]+/, what);
}

for (const language of LANGUAGES) {
  test(`${language}: card page, errors, refusal and result are in the language, and fit a phone`, async () => {
    await withPage(browser, async (page) => {
      await page.goto(entryUrl(demo.server, paymentForm({ vads_language: language, vads_currency: '756' })));
      const check = async (what) => {
        assert.equal(await langOf(page), language, what);
        await assertTranslated(page, `${language}: ${what}`);
        assert.equal(await overflowsSideways(page), false, `${language}: ${what} is too wide`);
      };
      await check('card page');
      await payByCard(page, '4970100000000056', { expiry: '01/20' });
      await page.locator('#errors').waitFor();
      await check('card page with errors');
      await payByCard(page, CARD.refused);
      await page.locator('#refusal').waitFor();
      await check('refusal');
      await screenshot(page, `language-${language}`);
      await payByCard(page, CARD.accepted);
      assert.equal(await outcome(page), 'accepted');
      await check('result');
    });
  });
}

test('the texts differ between languages', async () => {
  const titles = new Set();
  for (const language of LANGUAGES) {
    const answer = await fetch(await openPayment(demo.server, paymentForm({ vads_language: language, vads_payment_cards: 'CB' })));
    titles.add(/<h1>([^<]+)<\/h1>/.exec(await answer.text())[1]);
  }
  assert.equal(titles.size, LANGUAGES.length, [...titles].join(' | '));
});

test('the selector offers all languages, or those of vads_available_languages', async () => {
  await withPage(browser, async (page) => {
    await page.goto(entryUrl(demo.server, paymentForm()));
    const offered = () => page.locator('.languages a').evaluateAll((links) => links.map((link) => link.lang).sort());
    assert.deepEqual(await offered(), [...LANGUAGES].sort());
    await page.goto(entryUrl(demo.server, paymentForm({ vads_available_languages: 'fr;it;de' })));
    assert.deepEqual(await offered(), ['de', 'fr', 'it']);
    await page.goto(entryUrl(demo.server, paymentForm({ vads_available_languages: 'fr' })));
    assert.equal(await page.locator('.languages').count(), 0);
  });
});

test('a language picked in the selector stays until the result', async () => {
  await withPage(browser, async (page) => {
    await page.goto(entryUrl(demo.server, paymentForm({ vads_language: 'fr', vads_payment_cards: 'CB' })));
    await page.locator('.languages summary').click();
    await page.locator('.languages a[lang=ja]').click();
    await page.waitForURL((url) => !url.search.includes('lang='));
    assert.equal(await langOf(page), 'ja');
    await payByCard(page, CARD.accepted);
    await outcome(page);
    assert.equal(await langOf(page), 'ja');
  });
});

test('without vads_language the shop’s language is taken, not the browser’s', async () => {
  await withPage(browser, async (page) => {
    await page.goto(entryUrl(demo.server, paymentForm()));
    assert.equal(await langOf(page), 'fr');
  }, { locale: 'sv-SE' });
});

test('a page without a shop speaks the browser’s language', async () => {
  const answer = await fetch(`${demo.server}/pay/nothing`, { headers: { 'accept-language': 'pl,en;q=0.5' } });
  assert.equal(answer.status, 404);
  assert.match(await answer.text(), /<html lang="pl">/);
});
