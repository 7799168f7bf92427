// What holds for every page: accessible, fits every screen, strict policy, no stranger asked, light, usable by keyboard.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer, get } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { assertAccessible, DESKTOP, launch, overflowsSideways, screenshot, withPage } from './lib/browser.mjs';
import { answerChallenge, CARD, clearFaults, fillCard, mailTo, orderFault, outcome, payByCard, payToken, submitCard } from './lib/buyer.mjs';
import { NO_LIMITS, settings, startDemo } from './lib/demo.mjs';
import { eventually, postForm } from './lib/http.mjs';
import { entryUrl, openPayment, paymentForm, PRODUCTION_KEY } from './lib/vads.mjs';

const WIDTHS = [360, 390, 1280];
const FIRST_LOAD_MAX = 60_000;

let demo, browser;
before(async () => {
  demo = await startDemo({ name: 'pages_quality', more: [...NO_LIMITS, ...settings('acquirer.time_limit_ms=1500')] });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const french = (fields) => paymentForm({ vads_language: 'fr', vads_order_id: 'C-1024', vads_payment_cards: 'CB', ...fields });
const open = (page, fields) => page.goto(entryUrl(demo.server, french(fields)));

function assertPolicy(policy, what) {
  assert.ok(policy, `${what} has a content security policy`);
  assert.match(policy, /default-src 'none'/, what);
  assert.doesNotMatch(policy, /unsafe-|\*/, what);
  assert.match(policy, /script-src 'self' 'sha256-/, what);
  assert.match(policy, /frame-ancestors (\S+)/, what);
}

/** Requests to `url` stay without an answer, so that the page which sends them can be looked at. */
const hold = (page, url) => page.route(url, () => undefined);
/** Without our script a page that goes on at once stays. */
const stay = (page) => page.route(/\/pay\/static\/pay-[0-9a-f]+\.js$/, (route) => route.abort());

const PAGES = {
  'the card page': (page) => open(page),
  'the card page with errors': async (page) => {
    await open(page);
    await fillCard(page, '4970100000000056', { expiry: '13/20', code: '1', holder: '' });
    await submitCard(page);
    await page.locator('#errors').waitFor();
  },
  'the card page after a refusal': async (page) => {
    await open(page);
    await payByCard(page, CARD.refused);
    await page.locator('#refusal').waitFor();
  },
  'the 3DS Method page': async (page) => {
    await open(page);
    await hold(page, /\/threeds\/method/);
    await payByCard(page, CARD.method);
    await page.locator('[data-threeds-continue]').waitFor();
  },
  'the way to the challenge': async (page) => {
    await stay(page);
    await open(page);
    await payByCard(page, CARD.challenged);
    await page.locator('form[data-submit-after="0"]').waitFor();
  },
  'the waiting page': async (page) => {
    await orderFault(demo, 'acquirer', 'silent', 4);
    await open(page);
    await payByCard(page, CARD.accepted);
    await page.locator('.spinner').waitFor();
  },
  'the accepted result': async (page) => {
    await open(page);
    await payByCard(page, CARD.accepted);
    assert.equal(await outcome(page), 'accepted');
  },
  'the refused result': async (page) => {
    await open(page);
    for (let i = 0; i < 3; i++) {
      await payByCard(page, CARD.refused);
      await page.waitForLoadState();
    }
    assert.equal(await outcome(page), 'refused');
  },
  'the cancelled result': async (page) => {
    await open(page);
    await page.locator('form.cancel button').click();
    assert.equal(await outcome(page), 'cancelled');
  },
  'the way back without a result page': async (page) => {
    await stay(page);
    await open(page, {
      vads_redirect_success_timeout: '0', vads_redirect_success_message: 'Retour',
      vads_return_mode: 'POST', vads_url_return: `${demo.sandbox}/shop/return`,
    });
    await payByCard(page, CARD.accepted);
    await page.locator('form[data-submit-after="0"]').waitFor();
  },
  'the page of a payment whose time is over': async (page) => {
    const form = french({ vads_url_return: `${demo.sandbox}/shop/return` });
    const url = await openPayment(demo.server, form);
    execFileSync('sqlite3', [
      '-cmd', '.timeout 5000', join(demo.data, 'acquit.db'), `update payments set expires_at = 1 where protocol_key like '${form.vads_trans_id.toUpperCase()}/%'`,
    ]);
    const answer = await page.goto(url);
    assert.equal(answer.status(), 410);
  },
  'the form error page in TEST with what was signed': async (page) => {
    const answer = await page.goto(entryUrl(demo.server, { ...french({ vads_order_info: 'été & co' }), signature: 'wrong' }));
    assert.equal(answer.status(), 400);
    assert.match(await page.locator('main').innerText(), /signature/i);
    assert.equal(await page.locator('mark').count(), 1);
    assert.doesNotMatch(await page.content(), /1122334455667788/);
  },
  'the form error page in TEST of a field': async (page) => {
    await page.goto(entryUrl(demo.server, french({ vads_amount: '12.50' })));
    assert.match(await page.locator('main').innerText(), /vads_amount/);
  },
  'the form error page in PRODUCTION': async (page) => {
    await page.goto(entryUrl(demo.server, paymentForm({ vads_ctx_mode: 'PRODUCTION', vads_amount: '12.50' }, PRODUCTION_KEY)));
    const text = await page.locator('main').innerText();
    assert.match(text, /contact@boutique\.example/);
    assert.doesNotMatch(text, /vads_/);
    const mail = await mailTo(demo, 'contact@boutique.example');
    assert.match(mail.text, /vads_amount/);
  },
  'the page that is not there': async (page) => {
    const answer = await page.goto(`${demo.server}/pay/abc`);
    assert.equal(answer.status(), 404);
  },
};

for (const [what, reach] of Object.entries(PAGES)) {
  test(`${what}: no axe violation, no sideways scrolling, strict policy, nobody else asked`, async () => {
    await withPage(browser, async (page) => {
      const policies = new Map();
      page.on('response', (response) => {
        const ours = response.url().startsWith(demo.server) && response.request().isNavigationRequest();
        if (ours && response.status() !== 303) policies.set(response.url(), response.headers()['content-security-policy']);
      });
      await reach(page);
      await assertAccessible(page, what);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        assert.equal(await overflowsSideways(page), false, `${what} is too wide at ${width} px`);
      }
      await screenshot(page, `page-${what.replaceAll(' ', '-')}-1280`);
      await page.setViewportSize({ width: 360, height: 740 });
      await screenshot(page, `page-${what.replaceAll(' ', '-')}-360`);
      for (const [url, policy] of policies) assertPolicy(policy, `${what} (${url})`);
      assert.ok(policies.size > 0);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    });
    await clearFaults(demo);
  });
}

test('the card page’s first load stays under 60 kB', async () => {
  await withPage(browser, async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    let bytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    const url = await openPayment(demo.server, french());
    await page.goto(url, { waitUntil: 'networkidle' });
    assert.ok(bytes > 5_000, `${bytes} bytes are too few to be true`);
    assert.ok(bytes <= FIRST_LOAD_MAX, `${bytes} bytes`);
    console.log(`first load of the card page: ${bytes} bytes`);
  });
});

/** Presses Tab until `selector` has the focus; where it has it, it must be seen. */
async function tabTo(page, selector) {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
    if (!focused) continue;
    const marked = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      const around = getComputedStyle(document.activeElement.closest('label') ?? document.activeElement);
      return [style, around].some((each) => each.outlineStyle !== 'none' || each.boxShadow !== 'none');
    });
    assert.ok(marked, `the focus on ${selector} is visible`);
    return;
  }
  throw new Error(`Tab never comes to ${selector}`);
}

test('a purchase with the keyboard alone', async () => {
  await withPage(browser, async (page) => {
    await open(page, { vads_payment_cards: '' });
    await tabTo(page, '[autocomplete=cc-number]');
    await page.keyboard.type(CARD.challenged);
    await page.keyboard.press('Tab');
    await page.keyboard.type('1229');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'security_code', 'a complete expiry jumps on');
    await page.keyboard.type('123');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Claire Essai');
    await page.keyboard.press('Enter');
    await page.locator('#code').waitFor();
    await page.locator('#code').focus();
    await page.keyboard.type('123456');
    await page.keyboard.press('Enter');
    assert.equal(await outcome(page), 'accepted');
    await tabTo(page, 'button.primary');
  }, { viewport: DESKTOP });
});

test('scripts format the card number and light its brand', async () => {
  await withPage(browser, async (page) => {
    await open(page, { vads_payment_cards: '' });
    await page.locator('#card_number').pressSequentially('5970100300000067');
    assert.equal(await page.inputValue('#card_number'), '5970 1003 0000 0067');
    const dim = await page.locator('.brands img.dim').evaluateAll((logos) => logos.map((logo) => logo.dataset.brand));
    assert.ok(dim.includes('AMEX') && !dim.includes('MASTERCARD'), dim.join(' '));
  });
});

test('IFRAME: the page works inside the shop’s own page, challenge and return included', async () => {
  await withPage(browser, async (page) => {
    const form = french({ vads_action_mode: 'IFRAME', vads_url_return: `${demo.sandbox}/shop/return`, vads_return_mode: 'GET' });
    await page.goto(`${demo.sandbox}/shop`);
    await page.evaluate((src) => {
      document.body.innerHTML = '<iframe name="pay" title="Paiement" width="360" height="700"></iframe>';
      document.querySelector('iframe').src = src;
    }, entryUrl(demo.server, form));
    const frame = await eventually(() => page.frames().find((each) => each.url().includes('/pay/')), 'the pay page in the frame');
    await payByCard(frame, CARD.challenged);
    await answerChallenge(frame);
    assert.equal(await outcome(frame), 'accepted');
    await screenshot(page, 'iframe');
    await frame.locator('main form button.primary').click();
    await eventually(
      () => page.url().startsWith(`${demo.sandbox}/shop/return`) || page.frames().some((each) => each.url().startsWith(`${demo.sandbox}/shop/return`)),
      'the way back',
    );
  }, { viewport: { width: 400, height: 800 } });
});

test('another site cannot frame the pay page', async () => {
  const url = await openPayment(demo.server, french());
  const stranger = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>x</title><iframe name="pay" src="${url}"></iframe>`);
  });
  await new Promise((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    const refused = [];
    page.on('console', (message) => refused.push(message.text()));
    await page.goto(`http://127.0.0.1:${stranger.address().port}/`);
    await eventually(() => refused.some((text) => /frame-ancestors/.test(text)), 'the browser’s refusal');
    const frame = page.frames().find((each) => each !== page.mainFrame());
    assert.equal(await frame.locator('[autocomplete=cc-number]').count(), 0);
    await context.close();
  } finally {
    stranger.close();
  }
});

test('answers say that they are not to be kept, sniffed, or leak their address', async () => {
  const answer = await fetch(await openPayment(demo.server, french()));
  assert.match(answer.headers.get('cache-control') ?? '', /no-store/);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  const html = await answer.text();
  assert.match(answer.headers.get('referrer-policy') ?? html, /no-referrer|strict-origin/);
  assert.doesNotMatch(html, /\son[a-z]+=|<script>|style="/, 'no inline handler, script or style');
});

test('a way into the payment needs its whole token', async () => {
  const url = await openPayment(demo.server, french());
  const token = payToken(url);
  for (const wrong of [token.slice(0, -1), `${token}a`, token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')]) {
    assert.equal((await fetch(url.replace(token, wrong))).status, 404, wrong);
    assert.equal((await postForm(`${url.replace(token, wrong)}/cancel`, {})).status, 404);
  }
});

/** The answer with its body as it came over the line. */
const asItCame = (url, headers) => new Promise((resolve, reject) => {
  get(url, { headers }, (answer) => {
    const parts = [];
    answer.on('data', (part) => parts.push(part));
    answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
  }).on('error', reject);
});

test('the card page, its style and its script come compressed, and files that the browser has do not come again', async () => {
  const page = await openPayment(demo.server, french());
  const plain = await asItCame(page);
  const zipped = await asItCame(page, { 'accept-encoding': 'gzip, deflate, br' });
  assert.equal(zipped.headers['content-encoding'], 'gzip');
  assert.equal(zipped.headers.vary, 'Accept-Encoding');
  assert.ok(zipped.body.length < plain.body.length / 2, `${zipped.body.length} of ${plain.body.length} bytes`);
  // The time that is left changes from one second to the next.
  const still = (html) => html.toString().replace(/<div class="time"[^]*?<\/div>/, '');
  assert.equal(still(gunzipSync(zipped.body)), still(plain.body));
  const files = [...plain.body.toString().matchAll(/(?:href|src)="(\/pay\/static\/[^"]+)"/g)].map(([, path]) => path);
  assert.ok(files.length >= 3);
  for (const file of files) {
    const whole = (await asItCame(demo.server + file)).body;
    for (const [coding, decode] of [['br', brotliDecompressSync], ['gzip', gunzipSync]]) {
      const answer = await asItCame(demo.server + file, { 'accept-encoding': coding });
      assert.equal(answer.headers['content-encoding'], coding, file);
      assert.deepEqual(decode(answer.body), whole, file);
      const again = await asItCame(demo.server + file, { 'accept-encoding': coding, 'if-none-match': answer.headers.etag });
      assert.equal(again.status, 304, file);
      assert.equal(again.body.length, 0, file);
    }
  }
});
