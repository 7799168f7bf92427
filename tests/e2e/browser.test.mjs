// The browser helpers themselves: that they see what is wrong with a page. Needs Chromium, no server.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { axeViolations, launch, openPage, overflowsSideways, screenshot } from './lib/browser.mjs';

const GOOD = '<!doctype html><html lang="en"><title>Pay</title><main><h1>Pay</h1><p>5.00 EUR</p></main></html>';
const BAD =
  '<!doctype html><html><title>Pay</title><main><input><div style="width:2000px">x</div></main>' +
  '<script>throw new Error("broken")</script></html>';
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

let server, base, browser;
before(async () => {
  server = createServer((request, response) => {
    const bad = request.url === '/bad';
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (!bad) response.setHeader('content-security-policy', POLICY);
    response.end(bad ? BAD : request.url === '/' ? GOOD : '');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
});

test('a good page passes the checks, under a strict policy too', async () => {
  const { page, problems } = await openPage(browser);
  await page.goto(`${base}/`);
  assert.deepEqual(await axeViolations(page), []);
  assert.equal(await overflowsSideways(page), false);
  assert.deepEqual(problems.filter((problem) => !problem.includes('favicon')), []);
  await screenshot(page, 'helper');
  await page.context().close();
});

test('a bad page is caught: accessibility, script error, too wide', async () => {
  const { page, problems } = await openPage(browser);
  await page.goto(`${base}/bad`);
  const violations = await axeViolations(page);
  assert.ok(violations.some((line) => line.startsWith('html-has-lang')), violations.join('\n'));
  assert.ok(violations.some((line) => line.startsWith('label')), violations.join('\n'));
  assert.equal(await overflowsSideways(page), true);
  assert.ok(problems.includes('script: broken'), problems.join('\n'));
  await page.context().close();
});
