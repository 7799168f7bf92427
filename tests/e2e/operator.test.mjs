// What an operator does and sees: help, configuration, mistakes, health, stopping, certificates, the same data again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { promisify } from 'node:util';

import { query } from './lib/database.mjs';
import { dataFolder, settings, startDemo } from './lib/demo.mjs';
import { getJson, eventually } from './lib/http.mjs';
import { ROOT, startProgram } from './lib/program.mjs';
import { openPayment, paymentForm, paySilently, silentForm } from './lib/vads.mjs';

const run = promisify(execFile);
const ACQUIT = join(ROOT, 'build/acquit');

/** Status and output of `acquit`, whatever it was. */
async function acquit(...command) {
  try {
    const { stdout, stderr } = await run(ACQUIT, command, { timeout: 20_000 });
    return { status: 0, stdout, stderr };
  } catch (error) {
    return { status: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

let data, config;
before(async () => {
  data = await dataFolder();
  await acquit('create-master-key', '--file', join(data, 'master.key'));
  config = settings('server.listen=127.0.0.1:0', `database.url=sqlite:${join(data, 'acquit.db')}`, `vault.master_key_file=${join(data, 'master.key')}`);
});
after(async () => {
  await rm(data, { recursive: true, force: true });
});

test('--help names the commands, --version the version, both with 0', async () => {
  const help = await acquit('--help');
  assert.equal(help.status, 0);
  for (const command of ['serve', 'migrate', 'demo', 'create-master-key', '--print-config']) assert.match(help.stdout, new RegExp(command));
  const version = await acquit('--version');
  assert.equal(version.status, 0);
  assert.match(version.stdout, /^acquit \d+\.\d+/);
});

test('no command is an error that shows the help', async () => {
  const nothing = await acquit();
  assert.notEqual(nothing.status, 0);
  assert.match(nothing.stdout + nothing.stderr, /serve/);
});

test('--print-config explains every key, is a valid file itself, and hides secrets', async () => {
  const printed = await acquit('--print-config', ...settings('mail.password=hunter2', 'server.threads=3'));
  assert.equal(printed.status, 0);
  assert.match(printed.stdout, /\[server\]\n/);
  assert.match(printed.stdout, /# .+\nthreads = 3\n/);
  assert.doesNotMatch(printed.stdout, /hunter2/);
  const lines = printed.stdout.split('\n');
  for (const [index, line] of lines.entries()) {
    if (/^[a-z_0-9]+ = /.test(line)) assert.match(lines[index - 1], /^# /, line);
  }
  const plain = await acquit('--print-config');
  const file = join(data, 'printed.toml');
  await writeFile(file, plain.stdout);
  assert.deepEqual(await acquit('--print-config', '--config', file), plain);
});

test('a wrong configuration is told with all its faults at once', async () => {
  const file = join(data, 'wrong.toml');
  await writeFile(file, '[server]\nthreads = "many"\nlisten_to = "me"\n[database]\nlanes = 0\n');
  const { status, stderr } = await acquit('serve', '--config', file, ...settings('acquirer.nonsense=1'));
  assert.notEqual(status, 0);
  for (const fault of [/server\.threads/, /server\.listen_to/, /database\.lanes/, /acquirer\.nonsense/]) assert.match(stderr, fault);
});

test('a broken configuration file is told with its line', async () => {
  const file = join(data, 'broken.toml');
  await writeFile(file, '[server]\nthreads = = 2\n');
  assert.match((await acquit('serve', '--config', file)).stderr, /broken\.toml.*line 2/);
});

test('serve refuses a database that is not migrated and says what to do; migrate does it, once', async () => {
  const early = await acquit('serve', ...config);
  assert.notEqual(early.status, 0);
  assert.match(early.stderr, /acquit migrate/);
  const first = await acquit('migrate', ...config);
  assert.equal(first.status, 0);
  assert.match(first.stdout, /^0001 /);
  assert.match((await acquit('migrate', ...config)).stdout, /up to date/);
});

test('port 0 is any free port; /health and /metrics answer; SIGTERM ends with 0', async () => {
  const server = await startProgram('acquit', ['serve', ...config], { name: 'operator' });
  const url = server.ready.server;
  assert.notEqual(new URL(url).port, '0');
  const health = await getJson(`${url}/health`);
  assert.deepEqual([health.status, health.database], ['ok', true]);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /# TYPE \S*db_commits_total counter/);
  assert.match(metrics, /^\S*resident_bytes(\{.*\})? \d+$/m);
  assert.equal(await server.finish('SIGTERM'), 0);
});

test('/metrics is closed to addresses that are not an operator’s', async () => {
  const server = await startProgram('acquit', ['serve', ...config, ...settings('server.operator_addresses=192.0.2.1')], { name: 'operator' });
  try {
    assert.equal((await fetch(`${server.ready.server}/metrics`)).status, 403);
    assert.equal((await fetch(`${server.ready.server}/health`)).status, 200);
  } finally {
    assert.equal(await server.finish('SIGINT'), 0);
  }
});

test('a port that is taken is told with the address', async () => {
  const other = createServer();
  await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${other.address().port}`;
  try {
    const { status, stderr } = await acquit('serve', ...config, ...settings(`server.listen=${address}`));
    assert.notEqual(status, 0);
    assert.ok(stderr.includes(address), stderr);
  } finally {
    other.close();
  }
});

test('a missing or wrong master key is told, and create-master-key never overwrites one', async () => {
  const other = join(data, 'other.key');
  assert.equal((await acquit('create-master-key', '--file', other)).status, 0);
  assert.notEqual((await acquit('create-master-key', '--file', other)).status, 0);
  const start = (file) => acquit('serve', ...config, ...settings(`vault.master_key_file=${file}`));
  // The first start made the vault's keys with the right one.
  const wrong = await start(other);
  assert.notEqual(wrong.status, 0);
  assert.match(wrong.stderr, /master key/i);
  const missing = await start(join(data, 'none.key'));
  assert.notEqual(missing.status, 0);
  assert.match(missing.stderr, /none\.key/);
});

async function certificate(name) {
  const [cert, key] = [join(data, 'cert.pem'), join(data, 'key.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  await run('openssl', ['req', ...kind, '-subj', `/CN=${name}`, '-keyout', key, '-out', cert]);
  return settings(`server.certificate_file=${cert}`, `server.key_file=${key}`);
}

/** The name in the certificate that the server shows now. */
function shownName(url) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN);
      socket.end();
    });
    socket.on('error', reject);
  });
}

test('TLS: the certificate is shown, and read again on SIGHUP without a restart', async () => {
  const tls = await certificate('first.example');
  const server = await startProgram('acquit', ['serve', ...config, ...tls], { name: 'operator' });
  try {
    assert.match(server.ready.server, /^https:/);
    assert.equal(await shownName(server.ready.server), 'first.example');
    await certificate('second.example');
    server.child.kill('SIGHUP');
    await eventually(async () => (await shownName(server.ready.server)) === 'second.example', 'the new certificate');
    await writeFile(join(data, 'cert.pem'), 'nonsense');
    server.child.kill('SIGHUP');
    assert.equal(await shownName(server.ready.server), 'second.example', 'a broken one is not taken');
  } finally {
    assert.equal(await server.finish('SIGTERM'), 0);
  }
});

test('a second demo on the same data keeps the payments and goes on', async () => {
  const folder = await dataFolder();
  try {
    const database = `sqlite:${join(folder, 'acquit.db')}`;
    const first = await startDemo({ name: 'operator-demo', data: folder });
    const form = paymentForm();
    const url = await openPayment(first.server, form);
    assert.equal((await paySilently(first.server, silentForm('4970110000000708'))).vads_trans_status, 'AUTHORISED');
    await first.stop();
    const before = await query(database, 'select payment_id, ended_at from payments order by payment_id');
    assert.equal(before.length, 2);
    const second = await startDemo({ name: 'operator-demo', data: folder });
    try {
      assert.deepEqual(await query(database, 'select payment_id, ended_at from payments order by payment_id'), before);
      const page = await fetch(new URL(new URL(url).pathname, second.server));
      assert.equal(page.status, 200, 'an open payment goes on where it was');
      await openPayment(second.server, paymentForm());
      const bank = await getJson(`${second.sandbox}/acquirer/transactions`);
      assert.equal(bank.filter(({ state }) => state === 'authorised').length, 1, 'the bank remembers too');
    } finally {
      await second.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
