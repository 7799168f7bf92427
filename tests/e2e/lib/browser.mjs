// Debian's Chromium driven by playwright-core, with the checks that every page has to pass.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { ROOT } from './demo.mjs';

const SCREENSHOTS = join(ROOT, 'build/screenshots');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };

export async function launch() {
  return await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * A page in a context of its own. `problems` gathers what must not happen: script errors, messages about the content
 * security policy, requests to other hosts than those in `hosts`. Close it with page.context().close().
 */
export async function openPage(browser, { viewport = PHONE, locale = 'fr-FR', hosts = [], ...options } = {}) {
  const context = await browser.newContext({ viewport, locale, ...options });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    const local = url.protocol === 'data:' || url.protocol === 'blob:' || url.hostname === '127.0.0.1';
    if (!local && !hosts.includes(url.host)) problems.push(`request: ${request.url()}`);
  });
  return { page, problems };
}

/** What axe-core finds on the page as it is: one line a violation. Its script goes in past the page's own policy. */
export async function axeViolations(page) {
  // Evaluated by the debugger, which no content security policy holds back.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(' ')).join(', ')})`);
}

export async function assertAccessible(page, what) {
  assert.deepEqual(await axeViolations(page), [], `axe violations on ${what}`);
}

/** Whether the page can be scrolled sideways, which a phone's page must not. */
export async function overflowsSideways(page) {
  return await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

/** Keeps a picture for people: build/screenshots/<name>.png. */
export async function screenshot(page, name) {
  await mkdir(SCREENSHOTS, { recursive: true });
  const path = join(SCREENSHOTS, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}

/** The problems without what a test wants: pages with an error status, and what the test itself holds back. */
function unwanted(problems) {
  return problems.filter((problem) => !/Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_FAILED)/.test(problem));
}

/**
 * Runs `work` with a page of its own; at the end the page must have had no problems, and its context is closed.
 * `options`: expected (the problems that the test provokes, as a pattern), and those of openPage.
 */
export async function withPage(browser, work, { expected = /(?!)/, ...options } = {}) {
  const { page, problems } = await openPage(browser, options);
  try {
    await work(page);
    assert.deepEqual(unwanted(problems).filter((problem) => !expected.test(problem)), []);
  } finally {
    await page.context().close();
  }
}
