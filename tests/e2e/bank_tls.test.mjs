// The line to the bank through TLS: certificates of both sides made here, and what a server says that sends in clear.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { atTheBank } from './lib/buyer.mjs';
import { makeAuthority, makeCertificate } from './lib/certificates.mjs';
import { dataFolder, settings, startDemo } from './lib/demo.mjs';
import { eventually, getJson, postJson } from './lib/http.mjs';
import { ROOT, startProgram } from './lib/program.mjs';
import { paySilently, silentForm } from './lib/vads.mjs';

const run = promisify(execFile);
let data;

before(async () => {
  data = await dataFolder();
  await makeAuthority(data);
  await makeCertificate(data, 'bank', 'IP:127.0.0.1');
  await makeCertificate(data, 'us', 'DNS:pay.example');
  await (await startDemo({ name: 'bank-tls-seed', data })).stop(); // Only the demo makes the demo shop.
});
after(async () => await rm(data, { recursive: true, force: true }));

const base = (more) => settings('server.listen=127.0.0.1:0', `database.url=sqlite:${join(data, 'acquit.db')}`, `vault.master_key_file=${join(data, 'master.key')}`, ...more);

test('a payment over TLS, with a certificate of each side', async () => {
  const file = (name) => join(data, name);
  const sandbox = await startProgram('acquit-sandbox', ['--listen', '127.0.0.1:0', '--acquirer-listen', '127.0.0.1:0', '--smtp-listen', '127.0.0.1:0', '--acquirer-certificate', file('bank.pem'), '--acquirer-key', file('bank.key'), '--acquirer-ca', file('ca.pem')], { name: 'bank-tls-sandbox' });
  const outside = sandbox.ready;
  const config = base([
    `acquirer.address=${outside.acquirer}`, 'acquirer.tls=true', `acquirer.tls_ca_file=${file('ca.pem')}`,
    `acquirer.tls_certificate_file=${file('us.pem')}`, `acquirer.tls_key_file=${file('us.key')}`,
    `threeds.directory_url=${outside.sandbox}/threeds/ds`, `mail.server=smtp://${outside.smtp}`, 'mail.require_tls=false',
  ]);
  const server = await startProgram('acquit', ['serve', ...config], { name: 'bank-tls' });
  const url = server.ready.server;
  try {
    await postJson(`${outside.sandbox}/control/server`, { url });
    await eventually(async () => (await getJson(`${url}/health`)).acquirer, 'the line to the acquirer');
    assert.equal((await getJson(`${url}/health`)).acquirer_in_clear, false);
    assert.match(await (await fetch(`${url}/metrics`)).text(), /^acquit_acquirer_own_certificate_days_left 1$/m);
    const fields = await paySilently(url, silentForm('4970110000000708'));
    assert.equal(fields.vads_trans_status, 'AUTHORISED');
    assert.deepEqual((await atTheBank(outside, fields)).map(({ state }) => state), ['authorised']);
  } finally {
    assert.equal(await server.finish('SIGTERM'), 0);
    assert.equal(await sandbox.finish('SIGTERM'), 0);
  }
  assert.match(await readFile(server.log, 'utf8'), /acquirer_link_encrypted .*version=TLSv1\.3/);
});

test('a production server refuses a line in clear and names the key; told to take it, it says so aloud', async () => {
  const production = ['server.production=true', 'server.public_url=https://pay.example', 'acquirer.address=127.0.0.1:1'];
  const refused = await run(join(ROOT, 'build/acquit'), ['serve', ...base([...production, 'acquirer.tls=false'])]).catch((error) => error);
  assert.notEqual(refused.code ?? 0, 0);
  assert.match(refused.stderr, /acquirer\.tls: must be true or auto .* acquirer\.clear_in_production/s);
  const server = await startProgram('acquit', ['serve', ...base([...production, 'acquirer.clear_in_production=true'])], { name: 'bank-in-clear' });
  try {
    assert.equal((await getJson(`${server.ready.server}/health`)).acquirer_in_clear, true);
    assert.match(await (await fetch(`${server.ready.server}/metrics`)).text(), /^acquit_acquirer_in_clear 1$/m);
  } finally {
    assert.equal(await server.finish('SIGTERM'), 0);
  }
  assert.match(await readFile(server.log, 'utf8'), /warning acquirer_line_in_clear/);
});
