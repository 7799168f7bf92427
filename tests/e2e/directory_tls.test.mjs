// 3-D Secure with a certificate of each side on both ways: our questions to the directory, its results to our door.
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launch, withPage } from './lib/browser.mjs';
import { answerChallenge, CARD, outcome, payByCard, theNotification } from './lib/buyer.mjs';
import { makeAuthority, makeCertificate } from './lib/certificates.mjs';
import { dataFolder, settings, startDemo } from './lib/demo.mjs';
import { eventually, getJson, postJson } from './lib/http.mjs';
import { startProgram } from './lib/program.mjs';
import { openPayment, paymentForm } from './lib/vads.mjs';

let data, browser;
const file = (name) => join(data, name);

before(async () => {
  data = await dataFolder();
  await makeAuthority(data);
  await makeCertificate(data, 'directory', 'IP:127.0.0.1');
  await makeCertificate(data, 'us', 'IP:127.0.0.1');
  await (await startDemo({ name: 'directory-tls-seed', data })).stop(); // Only the demo makes the demo shop.
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await rm(data, { recursive: true, force: true });
});

const anyPort = ['--listen', '127.0.0.1:0', '--acquirer-listen', '127.0.0.1:0', '--smtp-listen', '127.0.0.1:0'];
async function startWorld() {
  const tls = ['--directory-certificate', file('directory.pem'), '--directory-key', file('directory.key'), '--directory-ca', file('ca.pem')];
  return await startProgram('acquit-sandbox', [...anyPort, ...tls], { name: 'directory-tls-sandbox' });
}

/** Passes bytes on to a port that is known only later: the address of the door has to be told before the door is open. */
async function passage() {
  let port;
  const server = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    from.pipe(to).pipe(from);
    for (const end of [from, to]) end.on('error', () => (from.destroy(), to.destroy()));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `https://127.0.0.1:${server.address().port}`, leadTo: (to) => (port = to), close: () => server.close() };
}

async function startServer(world, resultsUrl, more) {
  const outside = world.ready;
  const config = settings(
    'server.listen=127.0.0.1:0', `database.url=sqlite:${file('acquit.db')}`, `vault.master_key_file=${file('master.key')}`,
    `acquirer.address=${outside.acquirer}`, `mail.server=smtp://${outside.smtp}`, 'mail.require_tls=false',
    `threeds.directory_url=${outside.directory}`, `threeds.ca_file=${file('ca.pem')}`, ...more,
    'threeds.results_listen=127.0.0.1:0', `threeds.results_url=${resultsUrl}`, `threeds.results_ca_file=${file('ca.pem')}`,
    `threeds.results_certificate_file=${file('us.pem')}`, `threeds.results_key_file=${file('us.key')}`,
  );
  const server = await startProgram('acquit', ['serve', ...config], { name: 'directory-tls' });
  await postJson(`${outside.sandbox}/control/server`, { url: server.ready.server });
  await eventually(async () => (await getJson(`${server.ready.server}/health`)).acquirer, 'the line to the acquirer');
  return server;
}

/** Of a metric of that server. */
async function metric(server, name) {
  const text = await (await fetch(`${server.ready.server}/metrics`)).text();
  return Number(new RegExp(`^acquit_${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

async function resultsPort(server) {
  const found = await eventually(async () => /.*results_door_open url=https:\/\/127\.0\.0\.1:(\d+)/s.exec(await readFile(server.log, 'utf8')), 'the door for results');
  return Number(found[1]);
}

test('a challenged card with a certificate of each side, both ways', async () => {
  const world = await startWorld();
  assert.match(world.ready.directory, /^https:/);
  const results = await passage();
  const server = await startServer(world, results.url, [`threeds.certificate_file=${file('us.pem')}`, `threeds.key_file=${file('us.key')}`]);
  results.leadTo(await resultsPort(server));
  try {
    assert.equal(await metric(server, 'threeds_certificate_days_left'), 1);
    const form = paymentForm({ vads_payment_cards: 'CB;VISA', vads_url_check: `${world.ready.sandbox}/shop/notification` });
    await withPage(browser, async (page) => {
      await page.goto(await openPayment(server.ready.server, form));
      await payByCard(page, CARD.challenged);
      await answerChallenge(page);
      assert.equal(await outcome(page), 'accepted');
    }, { ignoreHTTPSErrors: true });
    const { fields } = await theNotification({ sandbox: world.ready.sandbox }, { vads_order_id: form.vads_order_id });
    assert.equal(fields.vads_threeds_status, 'Y');
    assert.equal(fields.vads_threeds_auth_type, 'CHALLENGE');
    assert.equal(await metric(server, 'threeds_results_turned_away_total'), 0);
    assert.equal(await metric(server, 'threeds_failed_total'), 0);
  } finally {
    results.close();
    assert.equal(await server.finish('SIGTERM'), 0);
    assert.equal(await world.finish('SIGTERM'), 0);
  }
});

test('a directory that wants a certificate answers nobody without one: the payment goes on without a proof, and is counted', async () => {
  const world = await startWorld();
  const server = await startServer(world, 'https://127.0.0.1:1', []);
  try {
    const form = paymentForm({ vads_payment_cards: 'CB;VISA', vads_url_check: `${world.ready.sandbox}/shop/notification` });
    await withPage(browser, async (page) => {
      await page.goto(await openPayment(server.ready.server, form));
      await payByCard(page, CARD.challenged);
      assert.equal(await outcome(page), 'accepted');
    });
    const { fields } = await theNotification({ sandbox: world.ready.sandbox }, { vads_order_id: form.vads_order_id });
    assert.notEqual(fields.vads_warranty_result, 'YES');
    assert.ok((await metric(server, 'threeds_failed_total')) > 0);
  } finally {
    assert.equal(await server.finish('SIGTERM'), 0);
    assert.equal(await world.finish('SIGTERM'), 0);
  }
});
