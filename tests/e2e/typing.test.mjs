// The card form as browsers, password managers and people fill it in: what they give is read as they meant it, with scripts
// and without, typed, pasted, and set by a script with events and without.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, withPage } from './lib/browser.mjs';
import { outcome } from './lib/buyer.mjs';
import { NO_LIMITS, startDemo } from './lib/demo.mjs';
import { openPayment, paymentForm } from './lib/vads.mjs';

let demo, browser;
before(async () => {
  demo = await startDemo({ name: 'typing', more: NO_LIMITS });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const YEAR = String(new Date().getUTCFullYear() + 3);
const YY = YEAR.slice(2);
// Not enrolled for 3-D Secure, so that a try ends at once.
const NUMBER = '4970110000000708';
const spaced = (text, between) => text.replace(/(.{4})(?=.)/g, `$1${between}`);
const inScript = (text, zero) => text.replace(/\d/g, (digit) => String.fromCodePoint(zero.codePointAt(0) + Number(digit)));

const EXPIRIES = [
  `${YEAR}-12`, `12 / ${YEAR}`, `12/${YEAR}`, `12/${YY}`, `12${YEAR}`, `12${YY}`, `12.${YY}`, `12-${YEAR}`, `12\u2013${YY}`, `12\u2012${YEAR}`,
  `12\u00A0/\u00A0${YY}`, `12\u202F/\u202F${YEAR}`, ` 12/${YY} `, `${YEAR}/12`, `12 ${YEAR}`,
];
const CARDS = [
  ...EXPIRIES.map((expiry) => ({ expiry })),
  ...[' ', '-', '.', '\u00A0', '\u202F', '\u2009', '\u3000', '\u2013', '\t'].map((between) => ({ number: spaced(NUMBER, between) })),
  ...['０', '٠', '۰', '०', '๐'].map((zero) => ({ number: inScript(NUMBER, zero), expiry: inScript(`12/${YY}`, zero), code: inScript('123', zero) })),
  { number: ` \u200E${spaced(NUMBER, '  ')}\u200F `, expiry: `12\u200B/${YY}`, code: ' 1 2 3\u00A0', holder: '\u3000山田\u3000太郎 ' },
  { number: inScript(spaced(NUMBER, '　'), '０'), expiry: `${inScript(YEAR, '０')}ー${inScript('12', '０')}`, code: '１２３' },
];

/** Ways to put `value` into the field that `selector` finds. */
const WAYS = {
  typed: async (page, selector, value) => {
    await page.focus(selector);
    await page.keyboard.type(value.replace(/[\t]/g, ' '));
  },
  // As one input event of a paste, and as an unspoken value: password managers do either.
  pasted: async (page, selector, value) => {
    await page.focus(selector);
    await page.evaluate(async ([name, text]) => {
      const field = document.querySelector(name);
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste', data: text }));
    }, [selector, value]);
  },
  'set by a script with events': async (page, selector, value) => {
    await page.evaluate(([name, text]) => {
      const field = document.querySelector(name);
      field.value = text;
      for (const kind of ['input', 'change', 'blur']) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }, [selector, value]);
  },
  'set by a script without events': async (page, selector, value) => {
    await page.evaluate(([name, text]) => { document.querySelector(name).value = text; }, [selector, value]);
  },
};

async function fillIn(page, way, { number = NUMBER, expiry = `12/${YY}`, code = '123', holder = 'Claire Essai' }) {
  await way(page, '#card_number', number);
  await way(page, '#expiry', expiry);
  await way(page, '#security_code', code);
  await way(page, '#card_holder', holder);
}

/** The fields that would be posted. */
const posted = (page) => page.evaluate(() => Object.fromEntries(new FormData(document.querySelector('[data-card]'))));

for (const [how, way] of Object.entries(WAYS)) {
  test(`a card is ${how} in ${CARDS.length} ways, and the page says nothing against any of them`, async () => {
    await withPage(browser, async (page) => {
      const url = await openPayment(demo.server, paymentForm({ vads_payment_cards: 'CB', vads_language: 'ja' }));
      for (const card of CARDS) {
        await page.goto(url);
        await fillIn(page, way, card);
        const what = JSON.stringify(card);
        await page.locator('#card_holder').blur();
        assert.equal(await page.locator('[aria-invalid]').count(), 0, what);
        const fields = await posted(page);
        const sent = await fetch(`${await checkUrl()}/card`, { method: 'POST', body: new URLSearchParams({ ...fields, browser_js: 'false' }), redirect: 'manual' });
        assert.equal(sent.status, 303, what);
        assert.doesNotMatch(sent.headers.get('location'), /again=/, `${what} as ${JSON.stringify(fields)}`);
      }
    });
  });
}

/** A payment of its own for each card that is posted. */
async function checkUrl() {
  return await openPayment(demo.server, paymentForm({ vads_payment_cards: 'CB' }));
}

test('without scripts the same cards are taken as they stand', async () => {
  await withPage(browser, async (page) => {
    for (const card of CARDS.slice(0, 4).concat(CARDS.slice(-3))) {
      await page.goto(await checkUrl());
      await page.fill('#card_number', card.number ?? NUMBER);
      await page.fill('#expiry', card.expiry ?? `12/${YY}`);
      await page.fill('#security_code', card.code ?? '123');
      await page.fill('#card_holder', card.holder ?? 'Essai');
      await page.locator('main form button.primary').click();
      assert.equal(await outcome(page), 'accepted', JSON.stringify(card));
    }
  }, { javaScriptEnabled: false });
});

test('what is pasted with more than a number is not cut into another number', async () => {
  await withPage(browser, async (page) => {
    await page.goto(await checkUrl());
    await WAYS.pasted(page, '#card_number', `${spaced(NUMBER, ' ')} 12/${YY} 123`);
    assert.match(await page.inputValue('#card_number'), /123$/);
    await page.locator('#card_number').blur();
    assert.equal(await page.locator('#card_number[aria-invalid]').count(), 1);
  });
});

test('a date typed figure by figure gets its slash, and the cursor goes on when it is whole', async () => {
  await withPage(browser, async (page) => {
    for (const [keys, shown] of [['1230', '12/30'], ['0931', '09/31'], ['931', '09/31'], ['9/31', '09/31'], ['228', '02/28'], ['12/30', '12/30'], ['12 / 2030', '12/2030']]) {
      await page.goto(await checkUrl());
      await page.focus('#expiry');
      for (const key of keys) await page.keyboard.type(key);
      const value = await page.inputValue('#expiry');
      assert.equal(value, shown, keys);
      const focused = await page.evaluate(() => document.activeElement.id);
      assert.equal(focused, shown.length === 5 ? 'security_code' : 'expiry', keys);
    }
    await page.goto(await checkUrl());
    await page.focus('#expiry');
    await page.keyboard.type('2030-12');
    await page.keyboard.press('Tab');
    assert.equal(await page.inputValue('#expiry'), '12/30');
    await page.focus('#expiry');
    await page.keyboard.press('End');
    for (let i = 0; i < 5; i++) await page.keyboard.press('Backspace');
    assert.equal(await page.inputValue('#expiry'), '');
  });
});
