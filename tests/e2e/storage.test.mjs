// The database goes away, or its disk is full: nobody is told what is not so, nothing is half-written, and all goes on
// by itself once it is back.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { bankTransactions, orderFault } from './lib/buyer.mjs';
import { NO_POSTGRES, query, startPostgres } from './lib/database.mjs';
import { NO_LIMITS, settings, startDemo } from './lib/demo.mjs';
import { eventually, postForm } from './lib/http.mjs';
import { openPayment, paymentForm, paySilently, silentForm } from './lib/vads.mjs';

const run = promisify(execFile);
const CARD = '4970100000000055';
const SOON = settings('acquirer.time_limit_ms=1500', 'acquirer.wait_ms=1000', 'payments.resolve_after_s=3');

const health = async (demo) => (await fetch(`${demo.server}/health`)).status;
const healthy = (demo) => eventually(async () => (await health(demo)) === 200, 'a healthy server', 30_000);
const pays = async (demo) => assert.equal((await paySilently(demo.server, silentForm(CARD))).vads_trans_status, 'AUTHORISED');

/** Answers of a server that cannot write: clear, and without a word of what it does not know. */
async function assertSaysSo(demo, page) {
  const form = await postForm(`${demo.server}/vads-payment/`, paymentForm());
  assert.equal(form.status, 503);
  assert.match(await form.text(), /sollicité|débité/);
  const silent = await postForm(`${demo.server}/vads-payment/`, silentForm(CARD));
  assert.equal(silent.status, 503);
  const open = await fetch(page);
  if (open.status !== 200) {
    assert.equal(open.status, 503);
    assert.doesNotMatch(await open.text(), /Rien n’a été débité/, 'it does not know that');
  }
}

/** No payment without a transaction, no posting without its other half. */
async function assertWhole(database) {
  const lonely = 'select p.payment_id from payments p where not exists (select 1 from transactions t where t.shop_id = p.shop_id and t.payment_id = p.payment_id)';
  assert.deepEqual(await query(database, lonely), []);
  assert.deepEqual(await query(database, 'select transaction_id from postings group by shop_id, transaction_id having sum(amount) <> 0'), []);
}

test('PostgreSQL goes and comes back: 503 meanwhile, then as before', { skip: NO_POSTGRES, timeout: 240_000 }, async () => {
  const postgres = await startPostgres();
  const demo = await startDemo({ name: 'storage-pg', database: await postgres.create('acquit'), more: [...NO_LIMITS, ...SOON] });
  try {
    await pays(demo);
    const page = await openPayment(demo.server, paymentForm({ vads_payment_cards: 'CB' }));
    await postgres.crash();
    await eventually(async () => (await health(demo)) === 503, 'an honest /health');
    await assertSaysSo(demo, page);
    await postgres.start();
    await healthy(demo);
    await pays(demo);
    assert.equal((await fetch(page)).status, 200, 'the page that was open');
    await assertWhole(postgres.url('acquit'));
  } finally {
    await demo.stop();
    await postgres.stop();
  }
});

test('PostgreSQL freezes: everybody is answered in time, /health says so, and all goes on once it thaws', { skip: NO_POSTGRES, timeout: 240_000 }, async () => {
  const postgres = await startPostgres();
  const demo = await startDemo({ name: 'storage-frozen', database: await postgres.create('acquit'), more: [...NO_LIMITS, ...SOON, ...settings('database.time_limit_ms=1500')] });
  try {
    await pays(demo);
    const page = await openPayment(demo.server, paymentForm({ vads_payment_cards: 'CB' }));
    await postgres.freeze();
    const began = Date.now();
    const asked = [];
    for (let i = 0; i < 8; ++i) asked.push(postForm(`${demo.server}/vads-payment/`, paymentForm()), fetch(page), postForm(`${demo.server}/vads-payment/`, silentForm(CARD)));
    const answers = await Promise.all(asked);
    // What was at its commit may be done: its page says so, and is no 503.
    assert.ok(answers.filter(({ status }) => status === 503).length >= 16, 'those that had not begun to commit');
    for (const answer of answers) {
      assert.ok([202, 503].includes(answer.status), `status ${answer.status}`);
      if (answer.status === 503) assert.ok(Number(answer.headers.get('retry-after')) > 0, 'when to come again');
      assert.doesNotMatch(await answer.text(), /Rien n’a été débité/, 'it does not know what was paid before');
    }
    assert.ok(Date.now() - began < 20_000, 'a page asks some times, each for 1.5 s at most, on a busy machine');
    await eventually(async () => (await health(demo)) === 503, 'an honest /health');
    await postgres.thaw();
    await healthy(demo);
    await pays(demo);
    assert.equal((await fetch(page)).status, 200, 'the page that was open');
    await assertWhole(postgres.url('acquit'));
  } finally {
    await postgres.thaw();
    await demo.stop();
    await postgres.stop();
  }
});

test('PostgreSQL goes while the acquirer is asked: the authorisation is taken back', { skip: NO_POSTGRES, timeout: 240_000 }, async () => {
  const postgres = await startPostgres();
  const demo = await startDemo({ name: 'storage-pg-asked', database: await postgres.create('acquit'), more: [...NO_LIMITS, ...SOON] });
  try {
    await pays(demo);
    await orderFault(demo, 'acquirer', 'silent', 1);
    const asked = postForm(`${demo.server}/vads-payment/`, silentForm(CARD, { vads_amount: '4711' }));
    const atBank = async () => (await bankTransactions(demo)).find(({ amount_minor }) => amount_minor === 4711);
    await eventually(atBank, 'the bank to be asked');
    await postgres.crash();
    const answer = await asked;
    assert.equal(answer.status, 503);
    assert.doesNotMatch(await answer.text(), /Rien n’a été débité/);
    await postgres.start();
    await healthy(demo);
    await eventually(async () => (await atBank()).state === 'reversed', 'the reversal', 60_000);
    const states = 'select state from transactions where amount = 4711';
    await eventually(async () => (await query(postgres.url('acquit'), states))[0]?.[0] === 'refused', 'our own view', 30_000);
    await assertWhole(postgres.url('acquit'));
  } finally {
    await demo.stop();
    await postgres.stop();
  }
});

/** A file system of a few megabytes, or why there is none. */
async function smallDisk() {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]);
    return { folder, unmount: () => run('umount', [folder]).then(() => rm(folder, { recursive: true, force: true })) };
  } catch {
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }
}

test('the disk is full: 503 and nothing half-written; once there is room it goes on', { timeout: 240_000 }, async (t) => {
  const disk = await smallDisk();
  if (!disk) return t.skip('a file system of its own can be mounted by root only');
  const demo = await startDemo({ name: 'storage-full', data: disk.folder, more: [...NO_LIMITS, ...SOON] });
  const database = `sqlite:${join(disk.folder, 'acquit.db')}`;
  try {
    await pays(demo);
    const page = await openPayment(demo.server, paymentForm({ vads_payment_cards: 'CB' }));
    const filler = join(disk.folder, 'filler');
    await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']).catch(() => {});
    await eventually(async () => (await postForm(`${demo.server}/vads-payment/`, paymentForm())).status === 503, 'a refusal', 60_000);
    await assertSaysSo(demo, page);
    await rm(filler);
    await eventually(async () => (await paySilently(demo.server, silentForm(CARD))).vads_trans_status === 'AUTHORISED', 'a payment', 60_000);
    await assertWhole(database);
  } finally {
    await demo.stop();
    await disk.unmount();
  }
});
