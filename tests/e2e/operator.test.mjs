// What an operator does and sees: help, configuration, mistakes, health, stopping, certificates, the same data again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { promisify } from 'node:util';

import { bankTransactions, clearFaults, mailTo, notificationsOf, orderFault } from './lib/buyer.mjs';
import { NO_POSTGRES, query, startPostgres } from './lib/database.mjs';
import { dataFolder, settings, startDemo } from './lib/demo.mjs';
import { getJson, eventually, postForm } from './lib/http.mjs';
import { acquit, ROOT, startProgram } from './lib/program.mjs';
import { openPayment, paymentForm, paySilently, SHOP, silentForm } from './lib/vads.mjs';

const run = promisify(execFile);
const ACQUIT = join(ROOT, 'build/acquit');

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
  for (const command of ['serve', 'migrate', 'demo', 'routes', 'create-master-key', '--print-config', 'history', 'validate', 'cancel', 'refund', 'replay-notification', 'add-shop', 'close-contract', 'rotate-data-key', 'rewrap-vault']) assert.match(help.stdout, new RegExp(command));
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

test('serve refuses to start where it may open too few files, and says how many it needs', async () => {
  const limited = ['-c', 'ulimit -n 500 && exec "$0" "$@"', ACQUIT, 'serve', ...config];
  const refused = await run('sh', limited, { timeout: 20_000 }).then(() => null, (error) => error);
  assert.match(refused.stderr, /server\.connections_max: needs 1\d{4} file descriptors, but this process may open 500 at most/);
  assert.match(refused.stderr, /LimitNOFILE/);
});

test('acquit incident says what is stored of a refused form, and where else to look', async () => {
  const other = join(data, 'incident.db');
  const place = settings(`database.url=sqlite:${other}`, `vault.master_key_file=${join(data, 'master.key')}`);
  await acquit('migrate', ...place);
  const unknown = await acquit('incident', '0011223344556677', ...place);
  assert.notEqual(unknown.status, 0);
  assert.match(unknown.stderr, /0011223344556677.*request=0011223344556677/);
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

test('migrate leaves the partitions of this month and the next three made, each time', { skip: NO_POSTGRES }, async () => {
  const postgres = await startPostgres();
  try {
    const database = await postgres.create('months');
    const migrate = async () => {
      assert.equal((await acquit('migrate', ...settings(`database.url=${database}`))).status, 0);
      const found = await query(database, "select inhrelid::regclass from pg_inherits where inhparent = 'operations'::regclass");
      return found.flat().sort();
    };
    const now = new Date();
    const month = (ahead) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead)).toISOString().slice(0, 7).replace('-', '_');
    const wanted = [...[0, 1, 2, 3].map((ahead) => `operations_${month(ahead)}`), 'operations_default'].sort();
    assert.deepEqual(await migrate(), wanted);
    await query(database, `drop table operations_${month(3)}`);
    assert.deepEqual(await migrate(), wanted);
  } finally {
    await postgres.stop();
  }
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
      const bank = await bankTransactions(second);
      assert.equal(bank.filter(({ state }) => state === 'authorised').length, 1, 'the bank remembers too');
    } finally {
      await second.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('history and replay-notification: the alert mail holds all that sending a notification again needs', { timeout: 120_000 }, async () => {
  const demo = await startDemo({ name: 'operator-replay' });
  const desk = settings(`database.url=sqlite:${join(demo.data, 'acquit.db')}`, `vault.master_key_file=${join(demo.data, 'master.key')}`);
  try {
    await orderFault(demo, 'shop', 'refuse', 2);
    const paid = await paySilently(demo.server, silentForm('4970110000000708', { vads_capture_delay: '3' }));
    const uuid = paid.vads_trans_uuid;
    const mail = await mailTo(demo, 'alertes@boutique.example', ({ text }) => text.includes(uuid));
    const command = mail.text.match(/acquit (replay-notification --shop \d{8} --transaction [0-9a-f]{32})/)[1].split(' ');
    const refused = await acquit(...command, ...desk);
    assert.equal(refused.status, 3, refused.stderr);
    assert.match(refused.stdout, /^\S+ {2}end_of_payment by_hand #1 FAILED HTTP 5\d\d, \d+ ms, http\S+\/shop\/notification, /);
    const taken = await acquit(...command, ...desk);
    assert.equal(taken.status, 0, taken.stderr);
    assert.match(taken.stdout, /end_of_payment by_hand #1 SENT HTTP 200, \d+ ms, http\S+\/shop\/notification, ".+"\n$/);
    const heard = await notificationsOf(demo, { vads_trans_uuid: uuid, vads_url_check_src: 'BO' });
    assert.ok(heard.length > 0);
    for (const { verified } of heard) assert.equal(verified, true);

    const day = `${paid.vads_trans_date.slice(0, 4)}-${paid.vads_trans_date.slice(4, 6)}-${paid.vads_trans_date.slice(6, 8)}`;
    const byTransaction = await acquit('history', '--shop', SHOP, '--transaction', uuid, ...desk);
    const byTransId = await acquit('history', '--shop', SHOP, '--trans-id', paid.vads_trans_id, '--date', day, ...desk);
    assert.equal(byTransaction.status, 0, byTransaction.stderr);
    assert.equal(byTransId.stdout, byTransaction.stdout);
    const payment = byTransaction.stdout.match(/^payment (pay_[0-9a-f]{32})/)[1];
    assert.deepEqual(await acquit('history', '--shop', SHOP, '--payment', payment, ...desk), byTransaction);
    for (const line of [
      new RegExp(`shop ${SHOP}, TEST, 89\\.00 EUR, order ${paid.vads_order_id}\\n`),
      /debit, authorised, 89\.00 EUR, CB 497011XXXXXX0708, answer 00, authorisation \S+\n/,
      /buyer +authorise +initiated > authorising/,
      /operator:\S+ +notification +authorised, FAILED, rule=URL de notification à la fin du paiement, .*http=5\d\d/,
      /operator:\S+ +notification +authorised, SENT, rule=URL de notification à la fin du paiement/,
      /end_of_payment first #1 FAILED HTTP 5\d\d/,
      /end_of_payment by_hand #1 SENT HTTP 200/,
    ]) assert.match(byTransaction.stdout, line);
    assert.doesNotMatch(byTransaction.stdout, /to be sent/, 'a success by hand ends the series');
    assert.doesNotMatch(byTransaction.stdout, /4970110000000708/);
  } finally {
    await clearFaults(demo);
    await demo.stop();
  }
});

test('a payment that is named wrongly is told by option and rule', async () => {
  for (const [given, words] of [
    [['--shop', '123', '--payment', '0'.repeat(32)], /--shop: must be the shop's eight digits/],
    [['--shop', SHOP], /one of --transaction, --payment, or --trans-id/],
    [['--shop', SHOP, '--transaction', 'abc'], /--transaction: must be 32 hex digits/],
    [['--shop', SHOP, '--trans-id', '067925'], /--date: must be the day/],
    [['--shop', SHOP, '--trans-id', '067925', '--date', '2026-02-30'], /--date: must be the day/],
    [['--shop', SHOP, '--trans-id', '067925', '--date', '2026-02-28'], /no payment with trans_id 067925 on 2026-02-28/],
    [['--shop', SHOP, '--transaction', '0'.repeat(32)], /no transaction txn_0{32}/],
  ]) {
    for (const command of ['history', 'replay-notification']) {
      const { status, stdout, stderr } = await acquit(command, ...given, ...config);
      assert.deepEqual([status, stdout], [1, ''], given.join(' '));
      assert.match(stderr, words);
    }
  }
});

/** The keys that add-shop printed. */
function printedKeys(text) {
  return ['TEST', 'PRODUCTION'].map((mode) => text.match(new RegExp(`^form key ${mode}: ([A-Za-z0-9]{16})$`, 'm'))[1]);
}

test('add-shop and close-contract: a running server knows the shop at once and the closed contract soon', { timeout: 60_000 }, async () => {
  const file = join(data, 'shop.toml');
  const example = await acquit('add-shop', '--print-example');
  assert.equal(example.status, 0);
  await writeFile(file, example.stdout);
  const server = await startProgram('acquit', ['serve', ...config], { name: 'operator-shop' });
  try {
    const added = await acquit('add-shop', '--file', file, ...config);
    assert.equal(added.status, 0, added.stderr);
    const [testKey, productionKey] = printedKeys(added.stdout);
    assert.notEqual(testKey, productionKey);
    const open = async (mode, key) => await openPayment(server.ready.server, paymentForm({ vads_site_id: '12345678', vads_ctx_mode: mode }, key));
    assert.match(await open('TEST', testKey), /\/pay\//);
    assert.match(await open('PRODUCTION', productionKey), /\/pay\//);

    const again = await acquit('add-shop', '--file', file, ...config);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /shop\.toml: shop\.id: there is a shop 12345678 already/);
    const other = (await readFile(file, 'utf8')).replace('"12345678"', '"12345679"').replace('[company]\nid = 1 ', '[company]\nid = 2 ');
    await writeFile(file, other);
    assert.match((await acquit('add-shop', '--file', file, ...config)).stderr, /group\.id: group 1 \(My shops\) belongs to company 1/);
    await writeFile(file, other.replace('"FR"', '"France"').replace('"CB"', '"CASH"'));
    const wrong = await acquit('add-shop', '--file', file, ...config);
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /shop\.toml: shop\.country: must be two capital letters/);
    assert.match(wrong.stderr, /shop\.toml: contract\[1\]\.method: must be CB/);
    assert.match((await acquit('add-shop', '--file', join(data, 'none.toml'), ...config)).stderr, /none\.toml: it can't be read/);

    const close = (contract) => acquit('close-contract', '--shop', '12345678', '--contract', contract, ...config);
    const closed = await close('1');
    assert.equal(closed.status, 0, closed.stderr);
    assert.match(closed.stdout, /contract 1 \(CB, EUR\) of shop 12345678 takes no new payment/);
    assert.match((await close('1')).stderr, /is closed already/);
    assert.match((await close('9')).stderr, /has no contract 9/);
    const refusedMethod = async () => {
      const form = paymentForm({ vads_site_id: '12345678', vads_payment_cards: 'CB' }, testKey);
      const answer = await postForm(`${server.ready.server}/vads-payment/`, form);
      return answer.status !== 303;
    };
    await eventually(refusedMethod, 'the closed contract');
  } finally {
    assert.equal(await server.finish('SIGTERM'), 0);
  }
});

test('rotate-data-key and rewrap-vault: a server goes on, and the next start needs the new master key', { timeout: 60_000 }, async () => {
  const next = join(data, 'next.key');
  await acquit('create-master-key', '--file', next);
  const server = await startProgram('acquit', ['serve', ...config], { name: 'operator-vault' });
  try {
    const rotated = await acquit('rotate-data-key', ...config);
    assert.equal(rotated.status, 0, rotated.stderr);
    assert.match(rotated.stdout, /^data key 3 is made; it seals in two minutes/);
    const same = await acquit('rewrap-vault', '--new-master-key-file', join(data, 'master.key'), ...config);
    assert.equal(same.status, 1);
    assert.match(same.stderr, /holds the master key that is in use/);
    const wrapped = await acquit('rewrap-vault', '--new-master-key-file', next, ...config);
    assert.equal(wrapped.status, 0, wrapped.stderr);
    assert.match(wrapped.stdout, /^3 keys are wrapped with \S+next\.key/);
    assert.equal((await getJson(`${server.ready.server}/health`)).status, 'ok');
    const old = await acquit('rotate-data-key', ...config);
    assert.equal(old.status, 1);
    assert.match(old.stderr, /the vault was locked with master key [0-9a-f]{16}/);
  } finally {
    assert.equal(await server.finish('SIGTERM'), 0);
  }
  const renewed = [...config, ...settings(`vault.master_key_file=${next}`)];
  const started = await startProgram('acquit', ['serve', ...renewed], { name: 'operator-vault' });
  assert.equal(await started.finish('SIGTERM'), 0);
  assert.match((await acquit('rotate-data-key', ...renewed)).stdout, /^data key 4 is made/);
  assert.equal((await acquit('rewrap-vault', '--new-master-key-file', join(data, 'master.key'), ...renewed)).status, 0, 'and back, for the tests after this one');
});

test('PostgreSQL: the commands of the desk work there too', { skip: NO_POSTGRES, timeout: 60_000 }, async () => {
  const postgres = await startPostgres();
  try {
    const desk = settings(`database.url=${await postgres.create('desk')}`, `vault.master_key_file=${join(data, 'master.key')}`);
    const file = join(data, 'shop-pg.toml');
    await writeFile(file, (await acquit('add-shop', '--print-example')).stdout);
    assert.match((await acquit('add-shop', '--file', file, ...desk)).stderr, /acquit migrate/);
    assert.equal((await acquit('migrate', ...desk)).status, 0);
    assert.equal(printedKeys((await acquit('add-shop', '--file', file, ...desk)).stdout).length, 2);
    assert.match((await acquit('close-contract', '--shop', '12345678', '--contract', '2', ...desk)).stdout, /VISA, EUR/);
    assert.match((await acquit('rotate-data-key', ...desk)).stdout, /^data key 3/);
    assert.match((await acquit('history', '--shop', '12345678', '--payment', '0'.repeat(32), ...desk)).stderr, /has no payment pay_0{32}/);
  } finally {
    await postgres.stop();
  }
});
